"""Escalate: nobody has decided about an instance, or its containment could not start. All admins are told."""

from datetime import UTC, datetime
from typing import Any

from lambdas.domain.containment.outcome import failure_phrase
from lambdas.domain.messages import CaseUpdate
from lambdas.domain.messages.reminders import containment_not_started, undecided
from lambdas.tell.admins import send_to_admins
from lambdas.timeline import load_case


def escalate(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins that an instance is left as it is; `failures` says why its containment could not start, if so."""
    case = load_case(event["case"])
    if case is None:
        raise LookupError(f"the case {event['case']} has expired since the question was asked")
    update, instance_id = CaseUpdate(case, datetime.now(UTC), event["execution"]), event["instance_id"]
    failed = [failure_phrase(failure) for failure in event["failures"]]
    if failed:
        return send_to_admins(lambda language: containment_not_started(language, update, instance_id, failed))
    return send_to_admins(lambda language: undecided(language, update, instance_id))
