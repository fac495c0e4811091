"""Quarantine network: every interface into a group of the VPC that lets nothing in and nothing out."""

import os
from collections.abc import Sequence
from typing import Any

from lambdas.contain.interfaces import interfaces_of, move_all
from lambdas.contain.prepare_quarantine import group_and_interfaces
from lambdas.contain.two_step import let_all_through
from lambdas.domain.errors import NotMoved
from lambdas.domain.instance.instance import Instance, Interface
from lambdas.domain.phrase import said
from lambdas.step_result import done, refusal

# An interface may be attached while the others are moved; whoever goes on attaching is met by the next try.
_LOOKS = 3


def quarantine_network(event: dict[str, Any]) -> dict[str, Any]:
    """Move what "Prepare quarantine" found, then look until nothing more is to be moved.

    What EC2 refuses of one interface does not hold up the others. A refusal may be a passing one, such as a throttled
    call: raised after all the others were moved, it is tried again.
    """
    instance = Instance.from_json(event["instance"])
    group, attached = _prepared(event, instance)
    seconds = int(os.environ["TWO_STEP_SECONDS"])
    first = let_all_through(instance, _outside(attached, group), seconds) if seconds else None
    moved: dict[str, tuple[str, ...]] = {}
    for _ in range(_LOOKS):
        to_move = _outside(attached, group)
        refused = move_all(instance, to_move, group)
        if refused:
            raise refusal(NotMoved, *refused)
        moved |= {one.interface_id: one.groups for one in to_move}
        attached = interfaces_of(instance)
        if not _outside(attached, group):
            break
    left = [one.interface_id for one in _outside(attached, group)]
    if left:
        raise refusal(NotMoved, said("quarantine:still_outside", interfaces=left, group=group, looks=_LOOKS))
    came = [said("quarantine:came", interface=one, groups=" ".join(groups)) for one, groups in moved.items()]
    count = said("quarantine:moved", moved=len(moved), count=len(attached), group=group)
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
