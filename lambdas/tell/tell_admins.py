"""Tell admins: tell all of them what one of them has done about a case."""

from datetime import UTC, datetime
from typing import Any

from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.containment.outcome import failure_phrase
from lambdas.domain.messages import CaseUpdate
from lambdas.domain.messages.reminders import (
    acknowledged,
    answered,
    approved,
    closed,
    containment_not_started,
    declined,
)
from lambdas.tell.admins import send_to_admins
from lambdas.timeline import load_case

# The message about an admin's action, by its entry.
_MESSAGES = {
    EntryKind.ACKNOWLEDGED: acknowledged,
    EntryKind.APPROVED: approved,
    EntryKind.DECLINED: declined,
    EntryKind.ANSWERED: answered,
    EntryKind.CLOSED: closed,
}


def tell_admins(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins who did what in `noted`, and what is still to be done."""
    entry = TimelineEntry.from_json(event["noted"]["entry"])
    case = load_case(event["noted"]["case"])
    if case is None:
        raise LookupError(f"the case {event['noted']['case']} has expired since the action was recorded")
    update = CaseUpdate(case, datetime.now(UTC), event["execution"])
    failed = [failure_phrase(failure) for failure in event["failures"]]
    # A refusal that comes too late changes nothing either.
    if failed and entry.kind is EntryKind.APPROVED:
        return send_to_admins(lambda language: containment_not_started(language, update, entry.resource, failed))
    return send_to_admins(lambda language: _MESSAGES[entry.kind](language, update, entry))
