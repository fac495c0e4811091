"""Alarm admins: an instance that was contained is not any more, as a look at it has shown."""

from typing import Any

from lambdas.domain.containment.quarantine_check import look_from
from lambdas.domain.instance.instance import Instance
from lambdas.tell.admins import tell
from lambdas.tell.notice_context import matter_from


def alarm_admins(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins what stands against the quarantine, and what they can do."""
    matter, instance, look = matter_from(event), Instance.from_json(event["instance"]), look_from(event["look"])
    return tell(lambda language: language.quarantine_alarm(matter, instance, look))
