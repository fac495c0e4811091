"""Whether a mail is our own answer to AWS, which an admin has sent to AWS with the responder in copy.

An answer stops the clock of its case, so it is believed as little as a notice is: From must be an admin, or stand at a
domain of the admins', SES must have found that this domain vouches for the mail (DMARC), and a person must have sent
it. It quotes a notice, mostly whole, and must never be taken for one: what it quotes comes from our side.
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

# The names of cases without a number of AWS's, as a draft of ours gives them: see `case_id`.
_OUR_NAME = re.compile(r"\b(?:mail|health)-[0-9a-f]{12}\b")
# RFC 3834, section 5; "list" is not among them: a list of ours may be what brings the copy.
_AUTOMATIC = frozenset({"bulk", "junk", "auto_reply"})


@dataclass(frozen=True, slots=True)
class SentAnswer:
    """A mail to AWS that is not from AWS.

    `cases` are the names of the cases that it may answer, in its words. `gaps` are those of our draft that nobody has
    filled in. `doubt` says why it does not count as our answer; None if it does.
    """

    by: str
    to: tuple[str, ...]
    cases: tuple[str, ...]
    gaps: tuple[str, ...]
    doubt: Phrase | None


def find_sent_answer(raw: bytes, verdicts: SesVerdicts | None, admins: Sequence[str]) -> SentAnswer | None:
    """The answer to AWS that a mail is; None for one that is from AWS, or not sent to AWS.

    `verdicts` are those of the notification by which SES announced this very mail; a file has none, and proves
    nothing. `admins` are the addresses of the settings, in lower case.
    """
    letter = parse_mail(raw)
    header = letter.header
    to = tuple(recipient for recipient in _recipients(header) if is_aws_address(recipient))
    by, vouched, how = authenticated_sender(raw, verdicts)
    if not to or is_aws_address(by):
        return None
    read = tuple(recipient for recipient in to if not is_unmonitored(recipient))
    doubt: Phrase | None
    if not by:
        doubt = how
    elif not _is_ours(by, admins):
        doubt = phrase("answer:no_admin", by=by)
    elif verdicts is None or not vouched:
        doubt = how if verdicts else phrase("answer:no_verdict")
    elif not read:
        doubt = phrase("answer:unread", to=to[0])
    else:
        doubt = _automatic(letter)
    return SentAnswer(by, read or to, _cases(letter), tuple(dict.fromkeys(GAP.findall(mail_text(letter)))), doubt)


def mark_own_answer(notice: Notice, raw: bytes, verdicts: SesVerdicts | None, admins: Sequence[str]) -> Notice:
    """The notice as it was read; of our own answer, what it is instead; of one that does not count, also why not."""
    answer = find_sent_answer(raw, verdicts, admins)
    if answer is None:
        return notice
    if not answer.doubt:
        header = parse_mail(raw).header
        written = phrase("answer:written", by=answer.by, to=answer.to)
        if answer.gaps:
            written = phrase("answer:written_with_gaps", by=answer.by, to=answer.to, gaps=answer.gaps)
        return replace(
            _emptied(notice),
            kind=NoticeKind.ANSWER,
            reason=written,
            case_numbers=answer.cases,
            sender=header.text("from"),
            subject=header.text("subject"),
            message_id=header.first("message-id").strip(" <>"),
        )
    if not notice.kind.is_notice:
        return replace(notice, reason=combined(notice.reason, phrase("answer:does_not_count", doubt=answer.doubt)))
    return notice


def _emptied(notice: Notice) -> Notice:
    """The notice without what it names: an answer names nothing that is to be acted on."""
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
    """An admin's address, or one at an admin's domain, where that is the admins' own."""
    domain = domain_of(address)
    return address in admins or (domain in map(domain_of, admins) and not is_public_provider(domain))


def _automatic(letter: ParsedMail) -> Phrase | None:
    """Why a mail was sent by no person (RFC 3834); None if nothing shows that."""
    header = letter.header
    if header.first("auto-submitted").split(";")[0].strip().lower() not in {"", "no"}:
        return phrase("answer:automatic")
    if header.first("precedence").strip().lower() in _AUTOMATIC:
        return phrase("answer:automatic")
    if "return-path" in header and not header.first("return-path").strip(" <>"):
        return phrase("answer:no_bounces")
    return reason_by_header(letter)


def _cases(letter: ParsedMail) -> tuple[str, ...]:
    """The cases that the subject names, else those of the words of ours and of AWS, never those of a quoted report."""
    subject = normalise(letter.header.text("subject"))
    found = _named_in(subject)
    if found:
        return found
    text = mail_text(letter)
    parts = forwarded_parts(split_lines(text))
    words = "\n".join(f"{part.above}\n{part.words}" for part in parts) if parts else text
    attached = "\n".join(normalise(mail.header.text("subject")) for mail in letter.attached)
    return _named_in(f"{words}\n{attached}")


def _named_in(text: str) -> tuple[str, ...]:
    numbers = [case_id_of(place.value) for place in cases(text)]
    return tuple(dict.fromkeys((*numbers, *_OUR_NAME.findall(text))))
