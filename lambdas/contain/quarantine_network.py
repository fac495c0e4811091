"""Quarantine network: move every interface into the security group of the VPC that allows no traffic."""

from collections.abc import Sequence
from typing import Any

from lambdas.contain.interfaces import move_interfaces
from lambdas.contain.prepare_quarantine import group_and_interfaces
from lambdas.contain.two_step import allow_all_traffic
from lambdas.domain.errors import InterfacesNotMoved
from lambdas.domain.instance.instance import Instance, Interface
from lambdas.domain.phrase import phrase
from lambdas.domain.settings.function_config import ContainConfig
from lambdas.instance_clients import reader_of
from lambdas.load_config import load_config
from lambdas.step_result import done, step_error

# An interface may be attached while the others are moved. The retry of the step meets any later one.
_ROUNDS = 3


def quarantine_network(event: dict[str, Any]) -> dict[str, Any]:
    """Move what "Prepare quarantine" found, then look again until no interface is left outside.

    A refusal for one interface does not delay the others. It may be temporary, such as a throttled call, so the error
    comes after all the others were moved, and the step is retried.
    """
    instance = Instance.from_json(event["instance"])
    group, attached = _prepared(event, instance)
    seconds = load_config(ContainConfig).two_step_seconds
    first_step = allow_all_traffic(instance, _outside(attached, group), seconds) if seconds else None
    moved: dict[str, tuple[str, ...]] = {}
    for _ in range(_ROUNDS):
        to_move = _outside(attached, group)
        refused = move_interfaces(instance, to_move, group)
        if refused:
            raise step_error(InterfacesNotMoved, *refused)
        moved |= {interface.interface_id: interface.groups for interface in to_move}
        attached = reader_of(instance).interfaces()
        if not _outside(attached, group):
            break
    left = [interface.interface_id for interface in _outside(attached, group)]
    if left:
        outside = phrase("quarantine:still_outside", interfaces=left, group=group, looks=_ROUNDS)
        raise step_error(InterfacesNotMoved, outside)
    came = [phrase("quarantine:came", interface=name, groups=" ".join(groups)) for name, groups in moved.items()]
    count = phrase("quarantine:moved", moved=len(moved), count=len(attached), group=group)
    return done(count, *came, first_step, group=group)


def _prepared(event: dict[str, Any], instance: Instance) -> tuple[str, tuple[Interface, ...]]:
    """What "Prepare quarantine" found. Where that step failed, it is tried once more here."""
    prepared = event["prepared"].get("Prepare quarantine", {})
    if "group" not in prepared:
        return group_and_interfaces(instance)
    interfaces = (Interface(data["interface_id"], tuple(data["groups"])) for data in prepared["interfaces"])
    return prepared["group"], tuple(interfaces)


def _outside(interfaces: Sequence[Interface], group: str) -> list[Interface]:
    return [interface for interface in interfaces if interface.groups != (group,)]
