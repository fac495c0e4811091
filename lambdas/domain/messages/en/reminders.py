"""What is told of a case as it stands: that its clock runs, that an admin is on it, that the clock has stopped."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from lambdas.domain.clock import EVERYBODY, Reminder
from lambdas.domain.messages.en.page import PAGE
from lambdas.domain.messages.en.words import CHECK, body_of, long_date, short_date, sms_of
from lambdas.domain.messages.message import Message, Update, one_line, subject_of
from lambdas.domain.timeline import Entry
from lambdas.domain.to_do import Task, ToDo, tasks

# What may wait until the cause is gone; a reminder is about what may not.
_LATER = {ToDo.RELEASE, ToDo.CLOSE}


def reminder(update: Update, said: Reminder) -> Message:
    """So much time is left."""
    left = _span(update.due.at - update.at)
    speaker = "AWS waits for" if update.case.proven else "A mail that is not proven to be from AWS wants"
    late = f"URGENT: {left} left to answer AWS" if said.moment.sms else f"ACTION: {left} left to answer AWS"
    return _message(
        update,
        said,
        late if update.case.proven else f"WARNING: {left} left, if the unproven mail is genuine",
        sms=f"URGENT: {left} left to answer AWS",
        first=f"{speaker} an answer in case {update.case.id}, {left} left. {_by(update)}",
    )


def overdue(update: Update, said: Reminder) -> Message:
    """The deadline has come, and nobody has said that AWS was answered."""
    case = update.case
    if case.proven:
        first = f"AWS has no answer in case {case.id}, as far as is known, and its limit has passed: it was "
        first += f"{_limit(update)}. Very urgent: AWS may now act on the account by itself. Answer at once."
    else:
        first = f"A mail that is not proven to be from AWS has no answer in case {case.id}, and its limit has passed: "
        first += f"it was {_limit(update)}. {CHECK}; if it is genuine, answer at once."
    headline = "URGENT: OVERDUE, AWS has no answer" if case.proven else "WARNING: overdue, if the mail is genuine"
    return _message(update, said, headline, sms="OVERDUE: AWS has no answer", first=first)


def unacknowledged(update: Update, said: Reminder) -> Message:
    """Mail cannot prove that it arrived: nobody has said that they are on it."""
    whose = "A notice of abuse from AWS" if update.case.proven else "A mail that is not proven to be from AWS"
    first = f"{whose} has come in, and none of you has said to be on case {update.case.id}. {_by(update)}"
    headline = "URGENT: nobody is on it yet" if update.case.proven else "WARNING: nobody is on an unproven mail yet"
    return _message(update, said, headline, sms="URGENT: nobody is on it yet, AWS reports abuse", first=first)


def acknowledged(update: Update, entry: Entry) -> Message:
    """An admin is on it."""
    admin = str(entry.facts.get("admin") or entry.who)
    first = f"{one_line(admin)} is on case {update.case.id} since {long_date(entry.at)}. Others need to do nothing now."
    said = [
        f"  by        {one_line(entry.who)}",
        *_words(entry),
        f"Reminders go to {one_line(admin)} alone from now on, to all of you in the last hour and when it is overdue.",
    ]
    if update.case.is_running:
        return _told(
            update,
            f"INFO: {one_line(admin, 60)} is on it",
            [f"{first} AWS wants its answer by {_limit(update)}.", *said],
            aside=f"answer AWS by {short_date(update.due.at)}",
        )
    return _told(update, f"INFO: {one_line(admin, 60)} is on it", [first, *said])


def answered(update: Update, entry: Entry) -> Message:
    """An admin has written to AWS."""
    first = (
        f"AWS was answered in case {update.case.id}, says {one_line(entry.who)} at {long_date(entry.at)}. Not urgent: "
        "the clock has stopped."
    )
    said = [
        *_words(entry),
        "No reminder follows. If AWS writes again, you are told, and the clock runs anew.",
    ]
    return _told(update, "INFO: AWS was answered, the clock has stopped", [first, *said])


def closed(update: Update, entry: Entry) -> Message:
    """An admin is done with it."""
    case = update.case
    first = (
        f"Case {case.id} was closed by {one_line(entry.who)} at {long_date(entry.at)}. Not urgent: the clock has "
        "stopped, no reminder follows."
    )
    said = _words(entry)
    if case.answered is None and case.proven:
        said.append("As far as is known AWS was not answered. If it should be, do it now: nobody is reminded any more.")
    said.append("Nothing was put back: what is in quarantine stays there. If AWS writes again, the case opens anew.")
    return _told(update, "INFO: closed, the clock has stopped", [first, *said])


def _message(update: Update, said: Reminder, headline: str, *, sms: str, first: str) -> Message:
    """A message of the clock, with what is still missing."""
    lines = [first]
    if update.case.acknowledged:
        who = one_line(str(update.case.acknowledged.facts.get("admin") or update.case.acknowledged.who))
        alone = "; so this goes to nobody else" if said.to != EVERYBODY else ""
        lines.append(f"{who} is on it since {long_date(update.case.acknowledged.at)}{alone}.")
    due = f"due {short_date(update.due.at)}"
    told = _told(update, headline, lines, aside=due)
    return replace(told, sms=sms_of(f"{sms}, case {update.case.id}, {due}. See mail.") if said.sms else None)


def _told(update: Update, headline: str, lines: Sequence[str], *, aside: str = "") -> Message:
    """A message about the case. The subject names what stands `aside` where there is room for it."""
    case = update.case.id
    tails = [f"(case {case})", f"({case})"]
    return Message(
        subject=subject_of(headline, *([f"({aside}, case {case})"] if aside else []), *tails),
        body=body_of([*lines, *_missing(update), *_facts(update)]),
        sms=None,
    )


def _missing(update: Update) -> list[str]:
    left = [task for task in tasks(update.case, {}) if task.what not in _LATER]
    if not left:
        return ["", "Nothing is missing any more."]
    return ["", "WHAT IS STILL MISSING", *[line for n, task in enumerate(left, 1) for line in _step(n, task)]]


def _step(number: int, task: Task) -> list[str]:
    words = PAGE[f"do:{task.what}"].format(about=one_line(task.about))
    return [f"  {number}. {words}", *[f"     {command}" for command in task.commands]]


def _facts(update: Update) -> list[str]:
    case = update.case
    return [
        "",
        "THE CASE",
        f"  Case      {one_line(case.id)}, {PAGE[f'state:{case.state}']}; opened {long_date(case.opened_at)}",
        f"  From AWS? {'Yes, a notice of it is proven' if case.proven else 'Not proven'}",
        *[f"  Instance  {one_line(one)}: {PAGE[f'standing:{how}']}" for one, how in case.instances.items()],
        *[f"  AWS did   {one_line(measure)}" for measure in case.measures],
        f"  All of it python -m desk show {one_line(case.id)}",
        f"  Progress  {update.console}",
    ]


def _words(entry: Entry) -> list[str]:
    """What the admin said about it."""
    return [f"  says      {one_line(entry.words)}"] if entry.words else []


def _by(update: Update) -> str:
    urgency = "Urgent: answer" if update.case.proven else f"{CHECK}; if it is genuine, answer"
    return f"{urgency} by {_limit(update)}."


def _limit(update: Update) -> str:
    limit = "the limit it names" if update.due.stated else "it names no limit; 24 hours is AWS's rule"
    return f"{long_date(update.due.at)} ({limit})"


def _span(left: timedelta) -> str:
    """How long that is, to the minute."""
    minutes = max(0, round(left.total_seconds() / 60))
    hours, minutes = divmod(minutes, 60)
    parts = [_counted(hours, "hour"), _counted(minutes, "minute")]
    return " ".join(part for part in parts if part) or "0 minutes"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}" if count else ""
