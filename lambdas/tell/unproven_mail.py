"""One mail about many unproven mails: their open questions, or the list of an hour, when their shared clock is due."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from lambdas import case_table
from lambdas.domain.case.clock import ReminderKind, ScheduledReminder
from lambdas.domain.case.table_keys import MAIL_PREFIX, QUESTION_PREFIX, REMINDED_PREFIX, REMINDER_LOCK_PREFIX
from lambdas.domain.case.timeline import EntryKind
from lambdas.domain.case.unproven_mail import LIST_AFTER, ListedMail, recent_question_partitions
from lambdas.domain.language.language import Language
from lambdas.domain.messages import Message
from lambdas.domain.messages.unproven_mail import OpenQuestion, listed_mails, unproven_questions
from lambdas.domain.settings.function_config import TellConfig
from lambdas.load_config import load_config
from lambdas.tell.admins import send_to_admins
from lambdas.timeline import load_case

# Cases that one reminder reads: a step has 30 s.
_MAX_CASES = 100


def remind_of_unproven_mail(event: dict[str, Any], *, lock_for: timedelta) -> dict[str, Any]:
    """Send what is due at this `moment` of a shared clock, once. `case` is the partition that its mails share."""
    moment, partition = ScheduledReminder.from_json(event["moment"]), event["case"]
    key = f"{moment.kind}#{moment.at.isoformat()}"
    lock = f"{REMINDER_LOCK_PREFIX}{key}"
    first = case_table.take_lock(partition, lock, event["execution"], stale_after=lock_for)
    if not first or case_table.read_item(partition, f"{REMINDED_PREFIX}{key}"):
        return {"outcome": "skipped", "words": "it has been sent, or another execution sends it", "ends": False}
    write = _MESSAGES[moment.kind](partition, moment, event["execution"])
    if write is None:
        return {"outcome": "skipped", "words": "nothing waits", "ends": False}
    result = send_to_admins(write)
    case_table.write_once(partition, f"{REMINDED_PREFIX}{key}", {"at": datetime.now(UTC).isoformat()})
    return {**result, "ends": False}


def _questions(_partition: str, _moment: ScheduledReminder, execution: str) -> Callable[[Language], Message] | None:
    questions = sorted(_open_questions(), key=lambda question: question.entry.at, reverse=True)
    return (lambda language: unproven_questions(language, questions, execution)) if questions else None


def _open_questions() -> Iterator[OpenQuestion]:
    cases: dict[str, None] = {}
    for partition in reversed(recent_question_partitions(datetime.now(UTC))):
        items = case_table.read_items(partition)
        cases.update(dict.fromkeys(item["case"] for sort, item in items.items() if sort.startswith(QUESTION_PREFIX)))
    for case in [case for name in list(cases)[:_MAX_CASES] if (case := load_case(name))]:
        for instance_id in () if case.has_ended else case.unproven_questions:
            asked = [entry for entry in case.timeline if entry.kind is EntryKind.ASKED and entry.answers_stranger]
            yield OpenQuestion(case.id, [entry for entry in asked if entry.resource == instance_id][-1])


def _mails(partition: str, moment: ScheduledReminder, execution: str) -> Callable[[Language], Message] | None:
    items = case_table.read_items(partition)
    mails = [ListedMail.from_json(item) for sort, item in items.items() if sort.startswith(MAIL_PREFIX)]
    mails.sort(key=lambda mail: (mail.received_at, mail.mail))
    until = moment.at - LIST_AFTER
    query = (
        f"aws dynamodb query --table-name {load_config(TellConfig).case_table} --key-condition-expression 'pk = :p' "
        f"""--expression-attribute-values '{{":p": {{"S": "{partition}"}}}}'"""
    )

    def write(language: Language) -> Message:
        return listed_mails(language, mails, until - timedelta(hours=1), until, query=query, execution=execution)

    return write if mails else None


_MESSAGES = {ReminderKind.UNPROVEN_QUESTIONS: _questions, ReminderKind.LISTED_MAILS: _mails}
