"""Quarantine network: every interface into a group of the VPC that lets nothing in and nothing out."""

from collections.abc import Sequence
from typing import Any

from lambdas.contain.interfaces import move_interfaces, read_interfaces
from lambdas.contain.prepare_quarantine import group_and_interfaces
from lambdas.contain.two_step import allow_all_traffic
from lambdas.domain.errors import InterfacesNotMoved
from lambdas.domain.instance.instance import Instance, Interface
from lambdas.domain.phrase import phrase
from lambdas.domain.settings.function_config import ContainConfig
from lambdas.load_config import load_config
from lambdas.step_result import done, step_error

# An interface may be attached while the others are moved; whoever goes on attaching is met by the next try.
_LOOKS = 3


def quarantine_network(event: dict[str, Any]) -> dict[str, Any]:
    """Move what "Prepare quarantine" found, then look until nothing more is to be moved.

    What EC2 refuses of one interface does not hold up the others. A refusal may be a passing one, such as a throttled
    call: raised after all the others were moved, it is tried again.
    """
    instance = Instance.from_json(event["instance"])
    group, attached = _prepared(event, instance)
    seconds = load_config(ContainConfig).two_step_seconds
    first = allow_all_traffic(instance, _outside(attached, group), seconds) if seconds else None
    moved: dict[str, tuple[str, ...]] = {}
    for _ in range(_LOOKS):
        to_move = _outside(attached, group)
        refused = move_interfaces(instance, to_move, group)
        if refused:
            raise step_error(InterfacesNotMoved, *refused)
        moved |= {one.interface_id: one.groups for one in to_move}
        attached = read_interfaces(instance)
        if not _outside(attached, group):
            break
    left = [one.interface_id for one in _outside(attached, group)]
    if left:
        raise step_error(
            InterfacesNotMoved, phrase("quarantine:still_outside", interfaces=left, group=group, looks=_LOOKS)
        )
    came = [phrase("quarantine:came", interface=one, groups=" ".join(groups)) for one, groups in moved.items()]
    count = phrase("quarantine:moved", moved=len(moved), count=len(attached), group=group)
    return done(count, *came, first, group=group)


def _prepared(event: dict[str, Any], instance: Instance) -> tuple[str, tuple[Interface, ...]]:
    """What "Prepare quarantine" found; where that failed, it is tried here once more."""
    prepared = event["prepared"].get("Prepare quarantine", {})
    if "group" not in prepared:
        return group_and_interfaces(instance)
    return prepared["group"], tuple(
        Interface(one["interface_id"], tuple(one["groups"])) for one in prepared["interfaces"]
    )


def _outside(interfaces: Sequence[Interface], group: str) -> list[Interface]:
    return [interface for interface in interfaces if interface.groups != (group,)]
