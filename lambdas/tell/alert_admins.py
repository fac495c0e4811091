"""Alert admins: an instance that was contained is not any more, as a look at it has shown."""

from typing import Any

from lambdas.domain.containment.quarantine_check import QuarantineCheck
from lambdas.domain.instance.instance import Instance
from lambdas.domain.messages.quarantine_check import quarantine_alarm
from lambdas.tell.admins import send_to_admins
from lambdas.tell.notice_context import case_notice_from


def alert_admins(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins what stands against the quarantine, and what they can do."""
    matter, instance, look = (
        case_notice_from(event),
        Instance.from_json(event["instance"]),
        QuarantineCheck.from_json(event["quarantine_check"]),
    )
    return send_to_admins(lambda language: quarantine_alarm(language, matter, instance, look))
