"""Recognise our own answer to AWS, which an admin sends with the responder in copy.

An answer stops the deadline of its case, so it needs proof: From is exactly an admin or another address of the settings
that answers AWS, the mail passes DMARC, and a person sent it straight to us. It usually quotes a notice, but must never
count as one.
"""

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace

from lambdas.domain.answer.gap import GAP
from lambdas.domain.case.identity import case_id_of
from lambdas.domain.intake.arrival import SesVerdicts
from lambdas.domain.intake.mail_address import (
    ABUSE_DESKS,
    ANSWER_ADDRESSES,
    SenderRing,
    domain_of,
    is_aws_address,
    is_unmonitored,
    only_mailbox,
    parse_addresses,
    ring_of,
)
from lambdas.domain.intake.notice import Notice, NoticeKind, Proof
from lambdas.domain.phrase import Phrase, combined, phrase
from lambdas.domain.reading.aws_part import forwarded_parts
from lambdas.domain.reading.forwarded import mail_text
from lambdas.domain.reading.identifiers import cases
from lambdas.domain.reading.mail_parser import MailHeader, ParsedMail, parse_mail
from lambdas.domain.reading.not_a_notice import reason_by_header
from lambdas.domain.reading.plain_text import normalise, split_lines
from lambdas.domain.reading.proof import authenticated_sender

# The ids of cases without a number from AWS: see `case_id`.
_OUR_ID = re.compile(r"\b(?:mail|health)-[0-9a-f]{12}\b")
_AUTOMATIC = frozenset({"bulk", "junk", "list", "auto_reply"})  # RFC 3834, section 5
# A list, group or form that passes a mail on may put an admin's address into From: RFC 2369, RFC 2919, RFC 5322.
_PASSED_ON = ("list-", "resent-")
_PASSED_ON_FIELDS = frozenset({
    "mailing-list", "x-original-from", "x-original-sender", "x-beenthere", "x-mailman-version", "x-google-group-id",
    "x-loop", "x-mailing-list", "x-forwarded-to", "x-forwarded-for",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """A mail to AWS that is not from AWS.

    `cases` are the ids of the cases that it may answer, `gaps` the unfilled ones of our draft. `doubt` is the reason
    why it does not count as our answer, if any.
    """

    by: str
    to: tuple[str, ...]
    cases: tuple[str, ...]
    gaps: tuple[str, ...]
    doubt: Phrase | None


def find_sent_answer(
    raw: bytes, verdicts: SesVerdicts | None, senders: Collection[str], desks: Collection[str] = ABUSE_DESKS
) -> SentAnswer | None:
    """Read a mail as an answer to AWS; None if it is from AWS, or not to AWS.

    `verdicts` come from SES's notification of this mail; a file has none. `senders` are the addresses, in lower case,
    that answer AWS: the admins and the setting `aws_contacts`. `desks` are the abuse desks, with those of the settings.
    """
    mail = parse_mail(raw)
    header = mail.header
    to = tuple(filter(is_aws_address, _recipients(header)))
    by, authenticated, reason = authenticated_sender(raw, verdicts)
    if not to or is_aws_address(by):
        return None
    monitored = tuple(address for address in to if not is_unmonitored(address))
    doubt: Phrase | None
    if not by:
        doubt = reason
    elif by not in senders:
        doubt = phrase("answer:no_admin", by=by)
    elif verdicts is None or not authenticated:
        doubt = reason if verdicts else phrase("answer:no_verdict")
    elif not monitored:
        doubt = phrase("answer:unread", to=to[0])
    elif all(ring_of(address, desks) is SenderRing.OTHER_AMAZON for address in monitored):
        doubt = phrase("answer:customer", to=monitored[0])
    else:
        doubt = _passed_on(header, by) or _automatic(mail)
    return SentAnswer(by, monitored or to, _cases(mail), tuple(dict.fromkeys(GAP.findall(mail_text(mail)))), doubt)


def mark_own_answer(
    notice: Notice,
    raw: bytes,
    verdicts: SesVerdicts | None,
    senders: Collection[str],
    desks: Collection[str] = ABUSE_DESKS,
) -> Notice:
    """Mark a mail that is our own answer; its `reply_to` are the addresses of AWS. If it does not count, add why."""
    answer = find_sent_answer(raw, verdicts, senders, desks)
    if answer is None:
        return notice
    if not answer.doubt:
        header = parse_mail(raw).header
        reason = phrase("answer:written", by=answer.by, to=answer.to)
        if answer.gaps:
            reason = phrase("answer:written_with_gaps", by=answer.by, to=answer.to, gaps=answer.gaps)
        return replace(
            _emptied(notice),
            kind=NoticeKind.ANSWER,
            reason=reason,
            case_numbers=answer.cases,
            sender=header.text("from"),
            subject=header.text("subject"),
            message_id=header.first("message-id").strip(" <>"),
            reply_to=", ".join(answer.to),
        )
    if not notice.kind.is_notice:
        return replace(notice, reason=combined(notice.reason, phrase("answer:does_not_count", doubt=answer.doubt)))
    return notice


def _emptied(notice: Notice) -> Notice:
    """The notice without its resources and deadline: the responder must not act on an answer."""
    return replace(
        notice,
        account_ids=(),
        regions=(),
        resources=(),
        ips=(),
        urls=(),
        abuse_type=None,
        deadline_hours=None,
        measures=(),
        extracted_values=(),
        abuse_at=None,
        quoted_ips=(),
        other_resource_names=(),
        report=None,
    )


def _recipients(header: MailHeader) -> Iterator[str]:
    for name in ("to", "cc"):
        for value in header.all(name):
            yield from parse_addresses(value)


def reaches_abuse_desk(answer: Notice, desks: Collection[str], notices: Iterable[tuple[Notice, Proof]]) -> bool:
    """Whether an answer is to an abuse desk, or to the address that a proven notice of its case asks to answer to."""
    to = set(parse_addresses(answer.reply_to))
    asked = (notice.reply_to for notice, proof in notices if proof.may_contain)
    return not to.isdisjoint(
        {*ANSWER_ADDRESSES, *desks, *(address for field in asked for address in parse_addresses(field))}
    )


def _passed_on(header: MailHeader, by: str) -> Phrase | None:
    """The reason to think that a list or a form sent the mail in an admin's name, if any.

    A form has the visitor's address in Reply-To, or sends in the name of another address in Sender.
    """
    names = {name for name, _ in header.fields}
    marked = not names.isdisjoint(_PASSED_ON_FIELDS) or any(name.startswith(_PASSED_ON) for name in names)
    other_sender = any(only_mailbox(value) != by for value in header.all("sender"))
    answer_to = [address for value in header.all("reply-to") for address in parse_addresses(value)]
    other_domain = any(domain_of(address) != domain_of(by) for address in answer_to)
    return phrase("answer:passed_on", by=by) if marked or other_sender or other_domain else None


def _automatic(mail: ParsedMail) -> Phrase | None:
    """The reason to think that no person sent the mail (RFC 3834), if any."""
    header = mail.header
    if header.first("auto-submitted").split(";")[0].strip().lower() not in {"", "no"}:
        return phrase("answer:automatic")
    if header.first("precedence").strip().lower() in _AUTOMATIC:
        return phrase("answer:automatic")
    if "return-path" in header and not header.first("return-path").strip(" <>"):
        return phrase("answer:no_bounces")
    return reason_by_header(mail)


def _cases(mail: ParsedMail) -> tuple[str, ...]:
    """The cases in the subject, or else in our text and AWS's own part, never in a quoted report."""
    subject = normalise(mail.header.text("subject"))
    if case_ids := _case_ids_in(subject):
        return case_ids
    text = mail_text(mail)
    parts = forwarded_parts(split_lines(text))
    quoted = "\n".join(f"{part.above}\n{part.words}" for part in parts) if parts else text
    attached = "\n".join(normalise(attachment.header.text("subject")) for attachment in mail.attached)
    return _case_ids_in(f"{quoted}\n{attached}")


def _case_ids_in(text: str) -> tuple[str, ...]:
    numbers = [case_id_of(number.value) for number in cases(text)]
    return tuple(dict.fromkeys((*numbers, *_OUR_ID.findall(text))))
