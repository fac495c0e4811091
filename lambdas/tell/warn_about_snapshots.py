"""Warn about snapshots: they failed, are gone, or are not there after a day."""

from typing import Any

from lambdas.domain.containment.outcome import StepResult
from lambdas.domain.instance.instance import Instance
from lambdas.domain.messages.quarantine_check import snapshots_alarm
from lambdas.tell.admins import send_to_admins
from lambdas.tell.notice_context import case_notice_from


def warn_about_snapshots(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins how the snapshots stand, or what failed of them."""
    case_notice, instance = case_notice_from(event), Instance.from_json(event["instance"])
    shown = StepResult.from_json("Check snapshots", event["progress"]).phrase
    return send_to_admins(lambda language: snapshots_alarm(language, case_notice, instance, shown))
