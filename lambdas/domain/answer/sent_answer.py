"""Whether a mail is our own answer to AWS, which an admin has sent to AWS with the responder in copy.

An answer stops the clock of its case, so it is believed as little as a notice is: From must be an admin, or stand at a
domain of the admins', SES must have found that this domain vouches for the mail (DMARC), and a person must have sent
it. It quotes a notice, mostly whole, and must never be taken for one: what it quotes comes from our side.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from lambdas.domain.answer.draft import GAP
from lambdas.domain.case.identity import named
from lambdas.domain.intake.arrival import Verdicts
from lambdas.domain.intake.mail_address import (
    addresses,
    domain_of,
    is_aws_address,
    is_public_provider,
    is_read_by_nobody,
)
from lambdas.domain.intake.notice import Kind, Notice
from lambdas.domain.phrase import Said, said, several
from lambdas.domain.reading.aws_part import relayed_parts
from lambdas.domain.reading.forwarded import text_of
from lambdas.domain.reading.identifiers import cases
from lambdas.domain.reading.mail_parser import Header, Letter, open_mail
from lambdas.domain.reading.not_a_notice import reason_by_header
from lambdas.domain.reading.plain_text import lines_of, normal
from lambdas.domain.reading.proof import who_sent

# The names of cases without a number of AWS's, as a draft of ours gives them: see `case_id`.
_OUR_NAME = re.compile(r"\b(?:mail|health)-[0-9a-f]{12}\b")
# RFC 3834, section 5; "list" is not among them: a list of ours may be what brings the copy.
_AUTOMATIC = frozenset({"bulk", "junk", "auto_reply"})


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail to AWS that is not from AWS.

    `cases` are the names of the cases that it may answer, in its words. `gaps` are those of our draft that nobody has
    filled in. `doubt` says why it does not count as our answer; None if it does.
    """

    by: str
    to: tuple[str, ...]
    cases: tuple[str, ...]
    gaps: tuple[str, ...]
    doubt: Said | None


def answer_in(raw: bytes, verdicts: Verdicts | None, admins: Sequence[str]) -> Answer | None:
    """The answer to AWS that a mail is; None for one that is from AWS, or not sent to AWS.

    `verdicts` are those of the notification by which SES announced this very mail; a file has none, and proves
    nothing. `admins` are the addresses of the settings, in lower case.
    """
    letter = open_mail(raw)
    header = letter.header
    to = tuple(one for one in _recipients(header) if is_aws_address(one))
    by, vouched, how = who_sent(raw, verdicts)
    if not to or is_aws_address(by):
        return None
    read = tuple(one for one in to if not is_read_by_nobody(one))
    doubt: Said | None
    if not by:
        doubt = how
    elif not _is_ours(by, admins):
        doubt = said("answer:no_admin", by=by)
    elif verdicts is None or not vouched:
        doubt = how if verdicts else said("answer:no_verdict")
    elif not read:
        doubt = said("answer:unread", to=to[0])
    else:
        doubt = _automatic(letter)
    return Answer(by, read or to, _cases(letter), tuple(dict.fromkeys(GAP.findall(text_of(letter)))), doubt)


def as_our_answer(notice: Notice, raw: bytes, verdicts: Verdicts | None, admins: Sequence[str]) -> Notice:
    """The notice as it was read; of our own answer, what it is instead; of one that does not count, also why not."""
    answer = answer_in(raw, verdicts, admins)
    if answer is None:
        return notice
    if not answer.doubt:
        header = open_mail(raw).header
        written = said("answer:written", by=answer.by, to=answer.to)
        if answer.gaps:
            written = said("answer:written_with_gaps", by=answer.by, to=answer.to, gaps=answer.gaps)
        return replace(
            _emptied(notice),
            kind=Kind.ANSWER,
            reason=written,
            case_numbers=answer.cases,
            sender=header.text("from"),
            subject=header.text("subject"),
            message_id=header.first("message-id").strip(" <>"),
        )
    if not notice.kind.is_notice:
        return replace(notice, reason=several(notice.reason, said("answer:does_not_count", doubt=answer.doubt)))
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
        findings=(),
        abuse_at=None,
        quoted_ips=(),
        others=(),
    )


def _recipients(header: Header) -> Iterator[str]:
    for name in ("to", "cc"):
        for value in header.all(name):
            yield from addresses(value)


def _is_ours(address: str, admins: Sequence[str]) -> bool:
    """An admin's address, or one at an admin's domain, where that is the admins' own."""
    domain = domain_of(address)
    return address in admins or (domain in map(domain_of, admins) and not is_public_provider(domain))


def _automatic(letter: Letter) -> Said | None:
    """Why a mail was sent by no person (RFC 3834); None if nothing shows that."""
    header = letter.header
    if header.first("auto-submitted").split(";")[0].strip().lower() not in {"", "no"}:
        return said("answer:automatic")
    if header.first("precedence").strip().lower() in _AUTOMATIC:
        return said("answer:automatic")
    if "return-path" in header and not header.first("return-path").strip(" <>"):
        return said("answer:no_bounces")
    return reason_by_header(letter)


def _cases(letter: Letter) -> tuple[str, ...]:
    """The cases that the subject names, else those of the words of ours and of AWS, never those of a quoted report."""
    subject = normal(letter.header.text("subject"))
    found = _named_in(subject)
    if found:
        return found
    text = text_of(letter)
    parts = relayed_parts(lines_of(text))
    words = "\n".join(f"{part.above}\n{part.words}" for part in parts) if parts else text
    attached = "\n".join(normal(one.header.text("subject")) for one in letter.attached)
    return _named_in(f"{words}\n{attached}")


def _named_in(text: str) -> tuple[str, ...]:
    numbers = [named(place.value) for place in cases(text)]
    return tuple(dict.fromkeys((*numbers, *_OUR_NAME.findall(text))))
