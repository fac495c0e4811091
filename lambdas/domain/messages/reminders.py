"""Messages about a case as it is now: its clock runs, an admin is on it, the clock has stopped."""

from collections.abc import Sequence
from dataclasses import replace

from lambdas.domain.case.clock import ALL_ADMINS, Reminder
from lambdas.domain.case.tasks import Task, TaskKind, tasks
from lambdas.domain.case.timeline import TimelineEntry
from lambdas.domain.clean import one_line
from lambdas.domain.language.language import Language
from lambdas.domain.messages.message import CaseUpdate, Message
from lambdas.domain.messages.notice_summary import (
    actor_text,
    approve_command,
    case_suffixes,
    decline_command,
    proof_key,
)
from lambdas.domain.phrase import Phrase

# What may wait until the cause is gone; a reminder is about what may not.
_LATER = {TaskKind.RELEASE, TaskKind.DECIDE_UNPROVEN, TaskKind.CLOSE}


def reminder(language: Language, update: CaseUpdate, due: Reminder) -> Message:
    """So much time is left."""
    left = language.duration(update.due.at - update.at)
    level = ("urgent" if due.moment.sms else "action") if update.case.proven else "check"
    return _message(
        language,
        update,
        due,
        language.say(f"reminder:{level}", left=left),
        sms=language.say("reminder:urgent", left=left),
        first=language.say(
            f"reminder:{proof_key(update.case.proven)}", case=update.case.id, left=left, by=_by(language, update)
        ),
    )


def overdue(language: Language, update: CaseUpdate, due: Reminder) -> Message:
    """The deadline has come, and nobody has said that AWS was answered."""
    name = f"overdue:{proof_key(update.case.proven)}"
    return _message(
        language,
        update,
        due,
        language.say(f"{name}:subject"),
        sms=language.say("overdue:sms"),
        first=language.say(name, case=update.case.id, limit=_limit(language, update)),
    )


def unacknowledged(language: Language, update: CaseUpdate, due: Reminder) -> Message:
    """Mail cannot prove that it arrived: nobody has said that they are on it."""
    name = f"unacknowledged:{proof_key(update.case.proven)}"
    return _message(
        language,
        update,
        due,
        language.say(f"{name}:subject"),
        sms=language.say("unacknowledged:sms"),
        first=language.say(name, case=update.case.id, by=_by(language, update)),
    )


def acknowledged(language: Language, update: CaseUpdate, entry: TimelineEntry) -> Message:
    """An admin is on it."""
    say, admin = language.say, str(entry.details.get("admin") or "")
    who = actor_text(language, entry, admin)
    first = say("acknowledged", admin=who, case=update.case.id, at=language.long_date(entry.at))
    running, aside = update.case.is_running, ""
    if running:
        first += say("acknowledged:limit", limit=_limit(language, update))
        aside = say("aside:answer", by=language.short_date(update.due.at))
    lines = [
        first,
        say("by", who=actor_text(language, entry)),
        *_words(language, entry),
        say("acknowledged:calm", admin=one_line(admin or entry.actor)),
    ]
    subject = say("acknowledged:subject", admin=actor_text(language, entry, one_line(admin or entry.actor, 60)))
    return _told(language, update, subject, lines, aside=aside)


def approved(language: Language, update: CaseUpdate, entry: TimelineEntry) -> Message:
    """An admin wants an instance contained."""
    return _decided(language, update, entry, "approved")


def declined(language: Language, update: CaseUpdate, entry: TimelineEntry) -> Message:
    """An admin wants an instance left as it is."""
    return _decided(language, update, entry, "declined")


def undecided(language: Language, update: CaseUpdate, instance_id: str) -> Message:
    """Nobody has decided about an instance in time, and it is left as it is."""
    proven = proof_key(update.case.proven)
    return _about(
        language,
        update,
        language.say(f"undecided:{proven}:subject", instance=instance_id),
        [
            language.say(f"undecided:{proven}", case=update.case.id, instance=instance_id, by=_by(language, update)),
            *_commands(language, update, instance_id),
        ],
    )


def containment_not_started(
    language: Language, update: CaseUpdate, instance_id: str, failed: Sequence[Phrase]
) -> Message:
    """An instance was to be contained, and that could not be started."""
    say = language.say
    return _about(
        language,
        update,
        say("not_begun:subject", instance=instance_id),
        [
            say("not_begun", case=update.case.id, instance=instance_id),
            *[say("failed", words=language.render_line(failure)) for failure in failed],
            *_commands(language, update, instance_id),
        ],
    )


def answered(language: Language, update: CaseUpdate, entry: TimelineEntry) -> Message:
    """An admin has written to AWS."""
    say = language.say
    first = say("answered", case=update.case.id, who=actor_text(language, entry), at=language.long_date(entry.at))
    lines = [first, *_words(language, entry), say("answered:next")]
    return _told(language, update, say("answered:subject"), lines)


def closed(language: Language, update: CaseUpdate, entry: TimelineEntry) -> Message:
    """An admin is done with it."""
    say, case = language.say, update.case
    first = say("closed", case=case.id, who=actor_text(language, entry), at=language.long_date(entry.at))
    lines = [first, *_words(language, entry)]
    if case.answered is None and case.proven:
        lines.append(say("closed:unanswered"))
    return _told(language, update, say("closed:subject"), [*lines, say("closed:next")])


def _decided(language: Language, update: CaseUpdate, entry: TimelineEntry, name: str) -> Message:
    say = language.say
    first = say(
        name,
        case=update.case.id,
        instance=entry.resource,
        who=actor_text(language, entry),
        at=language.long_date(entry.at),
    )
    lines = [first, *_words(language, entry), say(f"{name}:next")]
    return _told(language, update, say(f"{name}:subject", instance=entry.resource), lines)


def _commands(language: Language, update: CaseUpdate, instance_id: str) -> list[str]:
    case = update.case.id
    return [
        language.say("if_approved"),
        f"    {approve_command(case, instance_id)}",
        language.say("if_declined"),
        f"    {decline_command(case, instance_id)}",
    ]


def _about(language: Language, update: CaseUpdate, headline: str, lines: Sequence[str]) -> Message:
    """A message about an instance that nobody has decided about, or that was not contained; urgent if AWS's word is
    proven.
    """
    by = language.short_date(update.due.at)
    told = _told(language, update, headline, lines, aside=language.say("aside:due", by=by))
    sms = language.sms("clock:sms", headline, case=update.case.id, by=by)
    return replace(told, sms=sms if update.case.proven else None)


def _message(language: Language, update: CaseUpdate, due: Reminder, headline: str, *, sms: str, first: str) -> Message:
    """A message of the clock, with what is still missing."""
    lines, taken = [first], update.case.acknowledged
    if taken:
        who = actor_text(language, taken, str(taken.details.get("admin") or ""))
        since = language.long_date(taken.at)
        lines.append(language.say("on_it" if due.to == ALL_ADMINS else "on_it:alone", who=who, since=since))
    by = language.short_date(update.due.at)
    told = _told(language, update, headline, lines, aside=language.say("aside:due", by=by))
    return replace(told, sms=language.sms("clock:sms", sms, case=update.case.id, by=by) if due.sms else None)


def _told(language: Language, update: CaseUpdate, headline: str, lines: Sequence[str], *, aside: str = "") -> Message:
    """A message about the case. The subject names what stands `aside` where there is room for it."""
    case = update.case.id
    tails = case_suffixes(language, case)
    longest = [language.say("aside", aside=aside, case=case)] if aside else []
    return Message(
        subject=language.subject_with_suffix(headline, *longest, *tails),
        body=language.body([*lines, *_missing(language, update), *_facts(language, update)]),
        sms=None,
    )


def _missing(language: Language, update: CaseUpdate) -> list[str]:
    left = [task for task in tasks(update.case, {}) if task.kind not in _LATER]
    if not left:
        return ["", language.say("nothing_missing")]
    steps = [line for n, task in enumerate(left, 1) for line in _step(language, n, task)]
    return ["", language.say("missing"), *steps]


def _step(language: Language, number: int, task: Task) -> list[str]:
    words = language.page[f"do:{task.kind}"].format(about=one_line(task.resource))
    return [f"  {number}. {words}", *[f"     {command}" for command in task.commands]]


def _facts(language: Language, update: CaseUpdate) -> list[str]:
    case, say, page = update.case, language.say, language.page
    state, opened = page[f"state:{case.state}"], language.long_date(case.opened_at)
    return [
        "",
        say("the_case"),
        say("the_case:case", case=one_line(case.id), state=state, opened=opened),
        say(f"the_case:{proof_key(case.proven)}"),
        *[
            say("the_case:instance", instance=one_line(instance_id), standing=page[f"standing:{how}"])
            for instance_id, how in case.instances.items()
        ],
        *[say("measure", measure=one_line(measure)) for measure in case.measures],
        say("the_case:show", case=one_line(case.id)),
        say("progress", console=update.console),
    ]


def _words(language: Language, entry: TimelineEntry) -> list[str]:
    """What the admin said about it, and how to find out who it was."""
    words = language.render_line(entry.phrase) if entry.phrase else one_line(entry.words)
    return [
        *([language.say("says", words=words)] if words else []),
        *([language.say("claimed:check")] if entry.is_claimed else []),
    ]


def _by(language: Language, update: CaseUpdate) -> str:
    return language.say(f"clock:{proof_key(update.case.proven)}", limit=_limit(language, update))


def _limit(language: Language, update: CaseUpdate) -> str:
    limit = language.say("limit:stated" if update.due.stated else "limit:unstated")
    return language.say("limit", by=language.long_date(update.due.at), limit=limit)
