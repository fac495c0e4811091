"""Tell admins: all of them learn what one of them has done about a case."""

from datetime import UTC, datetime
from typing import Any

from lambdas.domain.case.timeline import Entry, What
from lambdas.domain.containment.outcome import failure
from lambdas.domain.messages import Update
from lambdas.tell.admins import tell
from lambdas.timeline import case_as_it_stands

# The message of an act, by the entry that it has left.
_MESSAGES = {
    What.ACKNOWLEDGED: "acknowledged",
    What.APPROVED: "approved",
    What.DECLINED: "declined",
    What.ANSWERED: "answered",
    What.CLOSED: "closed",
}


def tell_admins(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins who did what in `noted`, and what is still missing after it."""
    entry = Entry.from_json(event["noted"]["entry"])
    case = case_as_it_stands(event["noted"]["case"])
    if case is None:
        raise LookupError(f"the case {event['noted']['case']} is gone since the act was noted")
    update = Update(case, datetime.now(UTC), event["execution"])
    failed = [failure(one) for one in event["trouble"]]
    if failed and entry.what is What.APPROVED:  # a refusal that comes too late leaves the instance as it is likewise
        return tell(lambda language: language.not_begun(update, entry.about, failed))
    return tell(lambda language: getattr(language, _MESSAGES[entry.what])(update, entry))
