"""Alert admins: a check has shown that an instance is no longer contained."""

from typing import Any

from lambdas.domain.containment.quarantine_check import QuarantineCheck
from lambdas.domain.instance.instance import Instance
from lambdas.domain.messages.quarantine_check import quarantine_alarm
from lambdas.tell.admins import send_to_admins
from lambdas.tell.notice_context import case_notice_from


def alert_admins(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins what is wrong with the quarantine, and what they can do."""
    case_notice, instance, check = (
        case_notice_from(event),
        Instance.from_json(event["instance"]),
        QuarantineCheck.from_json(event["quarantine_check"]),
    )
    return send_to_admins(lambda language: quarantine_alarm(language, case_notice, instance, check))
