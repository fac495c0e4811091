"""Escalate: nobody has decided about an instance, or containing it could not begin; all admins are told."""

from datetime import UTC, datetime
from typing import Any

from lambdas.domain.containment.outcome import failure
from lambdas.domain.messages import Update
from lambdas.tell.admins import tell
from lambdas.timeline import case_as_it_stands


def escalate(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all that `instance_id` of `case` is left as it is; `trouble` is why containing could not begin, if it is."""
    case = case_as_it_stands(event["case"])
    if case is None:
        raise LookupError(f"the case {event['case']} is gone since the question was asked")
    update, instance_id = Update(case, datetime.now(UTC), event["execution"]), event["instance_id"]
    failed = [failure(one) for one in event["trouble"]]
    if failed:
        return tell(lambda language: language.not_begun(update, instance_id, failed))
    return tell(lambda language: language.undecided(update, instance_id))
