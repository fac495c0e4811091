"""Remind admins: a moment of a clock has come; the message depends on the case as it is now."""

from datetime import UTC, datetime, timedelta
from typing import Any

from lambdas import case_table
from lambdas.domain.case.clock import ALL_ADMINS, NoReminder, Reminder, ReminderKind, ScheduledReminder, reminder_at
from lambdas.domain.case.table_keys import REMINDER_LOCK_PREFIX
from lambdas.domain.case.timeline import RESPONDER, EntryKind, TimelineEntry
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.messages import CaseUpdate
from lambdas.domain.messages.reminders import overdue, reminder, unacknowledged
from lambdas.domain.phrase import phrase
from lambdas.domain.settings.function_config import TellConfig
from lambdas.load_config import load_config
from lambdas.tell.admins import send_to_admins
from lambdas.tell.unproven_mail import remind_of_unproven_mail
from lambdas.timeline import add_entry, find_entry, load_case

_MESSAGES = {
    ReminderKind.REMINDER: reminder,
    ReminderKind.OVERDUE: overdue,
    ReminderKind.UNACKNOWLEDGED: unacknowledged,
}
# Longer than one execution tries: until then no other one sends the same reminder.
_LOCK_FOR = timedelta(hours=2)


def remind_admins(event: dict[str, Any]) -> dict[str, Any]:
    """Send what is due at this `moment` of the clock of this `case` and `deadline`, once, whoever asks for it.

    Sent first, then recorded: after a crash in between it is sent twice rather than never. `ends` says that the clock
    has no more reminders; `words` say why.
    """
    moment = ScheduledReminder.from_json(event["moment"])
    if moment.kind in {ReminderKind.UNPROVEN_QUESTIONS, ReminderKind.LISTED_MAILS}:
        return remind_of_unproven_mail(event, lock_for=_LOCK_FOR)
    case = load_case(event["case"])
    if case is None:  # it has expired after `retention_days`, or somebody has started a clock with a wrong name
        return {"outcome": "skipped", "words": "the case table holds no such case", "ends": True}
    due = reminder_at(case, moment, datetime.fromisoformat(event["deadline"]))
    if isinstance(due, NoReminder):
        return {"outcome": "skipped", "words": due.reason.value, "ends": due.ends}
    entry_id = f"clock#{event['deadline']}#{moment.kind}#{moment.at.isoformat()}"
    first = case_table.take_lock(
        case.id, f"{REMINDER_LOCK_PREFIX}{entry_id}", event["execution"], stale_after=_LOCK_FOR
    )
    if not first or find_entry(case.id, entry_id):
        return {"outcome": "skipped", "words": "it has been sent, or another execution sends it", "ends": False}
    update = CaseUpdate(case, datetime.now(UTC), event["execution"])
    to = due.to if due.to in load_config(TellConfig).admin_addresses else ALL_ADMINS
    result = send_to_admins(lambda language: _MESSAGES[moment.kind](language, update, due), to=to)
    add_entry(case.id, _entry(due, update, to), entry_id=entry_id)
    return {**result, "ends": False}


def _entry(reminder: Reminder, update: CaseUpdate, to: str) -> TimelineEntry:
    details = {"to": to, "sms": reminder.sms, "missing": list(reminder.missing), "deadline": update.due.at.isoformat()}
    whom = phrase("told:all") if to == ALL_ADMINS else to
    words = phrase("told:also_by_sms", whom=whom) if reminder.sms else phrase("told:by_mail", whom=whom)
    return TimelineEntry(
        update.at, EntryKind(reminder.moment.kind.value), RESPONDER, in_english(words), details=details, phrase=words
    )
