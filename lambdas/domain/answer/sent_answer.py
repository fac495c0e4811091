"""Recognise our own answer to AWS, which an admin sends with the responder in copy.

An answer stops the deadline of its case, so it needs proof: From is an admin or in an admin's domain, the mail passes
DMARC, and a person sent it. It usually quotes a notice, but must never count as one.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lambdas.domain.answer.gap import GAP
from lambdas.domain.case.identity import case_id_of
from lambdas.domain.intake.arrival import SesVerdicts
from lambdas.domain.intake.mail_address import (
    domain_of,
    is_aws_address,
    is_public_provider,
    is_unmonitored,
    parse_addresses,
)
from lambdas.domain.intake.notice import Notice, NoticeKind
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
# RFC 3834, section 5, without "list": the copy may reach us through our own mailing list.
_AUTOMATIC = frozenset({"bulk", "junk", "auto_reply"})


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


def find_sent_answer(raw: bytes, verdicts: SesVerdicts | None, admins: Sequence[str]) -> SentAnswer | None:
    """Read a mail as an answer to AWS; None if it is from AWS, or not to AWS.

    `verdicts` come from SES's notification of this mail; a file has none. `admins` are addresses in lower case.
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
    elif not _is_ours(by, admins):
        doubt = phrase("answer:no_admin", by=by)
    elif verdicts is None or not authenticated:
        doubt = reason if verdicts else phrase("answer:no_verdict")
    elif not monitored:
        doubt = phrase("answer:unread", to=to[0])
    else:
        doubt = _automatic(mail)
    return SentAnswer(by, monitored or to, _cases(mail), tuple(dict.fromkeys(GAP.findall(mail_text(mail)))), doubt)


def mark_own_answer(notice: Notice, raw: bytes, verdicts: SesVerdicts | None, admins: Sequence[str]) -> Notice:
    """Mark a mail that is our own answer. If it does not count as one, add the reason."""
    answer = find_sent_answer(raw, verdicts, admins)
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
    )


def _recipients(header: MailHeader) -> Iterator[str]:
    for name in ("to", "cc"):
        for value in header.all(name):
            yield from parse_addresses(value)


def _is_ours(address: str, admins: Sequence[str]) -> bool:
    """Whether it is an admin's address, or in an admin's domain that is not a public provider's."""
    domain = domain_of(address)
    return address in admins or (domain in map(domain_of, admins) and not is_public_provider(domain))


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
