"""Remind admins: a moment of a case's clock has come; what is told depends on how the case stands now."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from lambdas import casebook
from lambdas.domain.clock import EVERYBODY, Kind, Moment, Reminder, Silence, said_at
from lambdas.domain.messages import Update
from lambdas.domain.timeline import RESPONDER, Entry, What
from lambdas.tell.admins import tell
from lambdas.timeline import case_as_it_stands, note, noted

_MESSAGES = {Kind.REMINDER: "reminder", Kind.OVERDUE: "overdue", Kind.UNACKNOWLEDGED: "unacknowledged"}
# Longer than one execution tries: what it has begun is its own until then.
_ITS_OWN = timedelta(hours=2)


def remind_admins(event: dict[str, Any]) -> dict[str, Any]:
    """Tell what the `moment` of the clock of this `case` and `deadline` says, once, whoever asks for it.

    Told first and noted then: after a crash in between it is told twice rather than never. `ends` says that the clock
    has nothing to say any more; `words` say why.
    """
    case, moment = case_as_it_stands(event["case"]), Moment.from_json(event["moment"])
    if case is None:  # the table forgets after `retention_days`, or somebody has started a clock by a wrong name
        return {"outcome": "skipped", "words": "the case table holds no such case", "ends": True}
    said = said_at(case, moment, datetime.fromisoformat(event["deadline"]))
    if isinstance(said, Silence):
        return {"outcome": "skipped", "words": said.reason.value, "ends": said.ends}
    once = f"clock#{event['deadline']}#{moment.kind}#{moment.at.isoformat()}"
    first = casebook.lock(case.id, f"telling#{once}", event["execution"], stale_after=_ITS_OWN)
    if not first or noted(case.id, once):
        return {"outcome": "skipped", "words": "it has been told, or another execution tells it", "ends": False}
    update = Update(case, datetime.now(UTC), event["execution"])
    to = said.to if said.to in os.environ["ADMIN_ADDRESSES"].split(",") else EVERYBODY
    told = tell(lambda language: getattr(language, _MESSAGES[moment.kind])(update, said), to=to)
    note(case.id, _entry(said, update, to), once=once)
    return {**told, "ends": False}


def _entry(said: Reminder, update: Update, to: str) -> Entry:
    facts = {"to": to, "sms": said.sms, "missing": list(said.missing), "deadline": update.due.at.isoformat()}
    words = f"told {'all admins' if to == EVERYBODY else to}{', also by SMS' if said.sms else ''}"
    return Entry(update.at, What(said.moment.kind.value), RESPONDER, words, facts=facts)
