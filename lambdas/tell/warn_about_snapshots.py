"""Warn of snapshots: they failed, are gone, or are not there after a day."""

from typing import Any

from lambdas.domain.containment.outcome import step_from
from lambdas.domain.instance.instance import Instance
from lambdas.tell.admins import tell
from lambdas.tell.notice_context import matter_from


def warn_of_snapshots(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins how the snapshots stand, or what failed of them."""
    matter, instance = matter_from(event), Instance.from_json(event["instance"])
    shown = step_from("Check snapshots", event["progress"]).said
    return tell(lambda language: language.snapshots_alarm(matter, instance, shown))
