"""What many unproven mails share: one reminder of their open questions, and one list of those not told one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lambdas.domain.case.timeline import TimelineEntry
from lambdas.domain.case.unproven_mail import ListedMail
from lambdas.domain.clean import one_line
from lambdas.domain.language.language import Language
from lambdas.domain.messages.message import Message, console_url
from lambdas.domain.messages.notice_summary import approve_command, decline_command

# A mail shows so many of them; a flood may leave more.
MAX_SHOWN = 100
# Of a name that comes from a mail.
_MAX_NAME = 120


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """An instance that an unproven mail of a case asks about, and the entry that asked."""

    case: str
    entry: TimelineEntry


def unproven_questions(language: Language, questions: Sequence[OpenQuestion], execution: str) -> Message:
    """The questions of unproven mails that wait for an admin, newest first; at least one."""
    say, shown = language.say, questions[:MAX_SHOWN]
    lines = [say("unproven_questions"), ""]
    for question in shown:
        case, instance_id = question.case, question.entry.resource
        lines += [
            say(
                "unproven_questions:instance",
                instance=one_line(instance_id, _MAX_NAME),
                case=one_line(case, _MAX_NAME),
                at=language.long_date(question.entry.at),
            ),
            f"     {approve_command(case, instance_id)}",
            f"     {decline_command(case, instance_id)}",
        ]
    if len(questions) > len(shown):
        lines.append(say("unproven_questions:more", count=len(questions) - len(shown)))
    lines += ["", say("unproven_questions:next"), say("progress", console=console_url(execution))]
    subject = say(f"unproven_questions:subject:{'one' if len(questions) == 1 else 'many'}", count=len(questions))
    return Message(subject=language.subject(subject), body=language.body(lines), sms=None)


def listed_mails(
    language: Language, mails: Sequence[ListedMail], since: datetime, until: datetime, *, query: str, execution: str
) -> Message:
    """The mails of an hour that were not told one by one; at least one. `query` is the command that shows all."""
    say = language.say
    ours, others = [mail for mail in mails if mail.instances], [mail for mail in mails if not mail.instances]
    span = {"since": language.long_date(since), "until": language.long_date(until)}
    lines = [say("listed_mails", count=len(mails), **span), say("listed_mails:unproven"), ""]
    left = MAX_SHOWN
    for heading, group in (("ours", ours), ("others", others)):
        shown, left = group[:left], left - min(left, len(group))
        if shown:
            lines += [say(f"listed_mails:{heading}", count=len(group))]
            lines += [line for mail in shown for line in _mail_lines(language, mail)]
            lines.append("")
    if len(mails) > MAX_SHOWN:
        lines += [say("listed_mails:more", count=len(mails) - MAX_SHOWN), ""]
    lines += [say("listed_mails:all"), f"     {query}", say("listed_mails:next")]
    lines += ["     aws s3 cp s3://… notice.eml", "     python -m desk submit notice.eml"]
    lines += ["", say("progress", console=console_url(execution))]
    subject = say("listed_mails:subject", count=len(mails))
    return Message(subject=language.subject(subject), body=language.body(lines), sms=None)


def _mail_lines(language: Language, mail: ListedMail) -> list[str]:
    say = language.say
    named = [
        *[say("listed_mails:instance", instance=one_line(instance_id, _MAX_NAME)) for instance_id in mail.instances],
        *[say("listed_mails:case", case=one_line(case, _MAX_NAME)) for case in mail.cases],
    ]
    return [
        say("listed_mails:mail", at=language.long_date(mail.received_at), sender=mail.sender),
        say("listed_mails:subject_of_mail", subject=mail.subject),
        *named,
        f"     {one_line(mail.mail)}",
    ]
