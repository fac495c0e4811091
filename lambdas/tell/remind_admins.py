"""Remind admins: a moment of a case's clock has come; what is told depends on how the case stands now."""

import os
from datetime import UTC, datetime, timedelta
from typing import Any

from lambdas import case_table as casebook
from lambdas.domain.case.clock import EVERYBODY, Kind, Moment, Reminder, Silence, said_at
from lambdas.domain.case.timeline import RESPONDER, Entry, What
from lambdas.domain.messages import Update, in_english
from lambdas.domain.phrase import said
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
    due = said_at(case, moment, datetime.fromisoformat(event["deadline"]))
    if isinstance(due, Silence):
        return {"outcome": "skipped", "words": due.reason.value, "ends": due.ends}
    once = f"clock#{event['deadline']}#{moment.kind}#{moment.at.isoformat()}"
    first = casebook.lock(case.id, f"telling#{once}", event["execution"], stale_after=_ITS_OWN)
    if not first or noted(case.id, once):
        return {"outcome": "skipped", "words": "it has been told, or another execution tells it", "ends": False}
    update = Update(case, datetime.now(UTC), event["execution"])
    to = due.to if due.to in os.environ["ADMIN_ADDRESSES"].split(",") else EVERYBODY
    told = tell(lambda language: getattr(language, _MESSAGES[moment.kind])(update, due), to=to)
    note(case.id, _entry(due, update, to), once=once)
    return {**told, "ends": False}


def _entry(reminder: Reminder, update: Update, to: str) -> Entry:
    facts = {"to": to, "sms": reminder.sms, "missing": list(reminder.missing), "deadline": update.due.at.isoformat()}
    whom = said("told:all") if to == EVERYBODY else to
    told = said("told:also_by_sms", whom=whom) if reminder.sms else said("told:by_mail", whom=whom)
    return Entry(update.at, What(reminder.moment.kind.value), RESPONDER, in_english(told), facts=facts, said=told)
