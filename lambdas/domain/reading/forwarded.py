"""Which mails of AWS one mail carries: itself, forwarded in its text, or attached."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lambdas.domain.intake.mail_address import addresses, is_aws_address
from lambdas.domain.phrase import Said, said
from lambdas.domain.reading import health_event as health
from lambdas.domain.reading.aws_part import OwnPart, direct_part, quoted_part, relayed_parts
from lambdas.domain.reading.header_blocks import is_attribution
from lambdas.domain.reading.identifiers import subject_of_aws
from lambdas.domain.reading.mail_parser import MOST_TEXT, Header, Letter
from lambdas.domain.reading.not_a_notice import (
    is_reply_subject,
    reason_by_header,
    reason_by_words,
    reason_of_imitation,
    reason_of_sender,
    reason_of_spoof,
)
from lambdas.domain.reading.patterns import lazy
from lambdas.domain.reading.plain_text import lines_of, normal

_FACT = lazy(r"\bi-[0-9a-f]{8,17}\b|\b\d{12}\b|abuse", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class Carried:
    """One mail of AWS: the letter that holds it, and its own part."""

    letter: Letter
    part: OwnPart
    subject: str  # as AWS wrote it, or as the forwarder's header block has it
    outer_subject: str  # the holder's, when the holder is not AWS
    direct: bool  # the letter itself is AWS's


@dataclass(frozen=True, slots=True)
class Found:
    """The mails of AWS that count as notices, and why the others do not."""

    mails: tuple[Carried, ...]
    reason: Said | None


def text_of(letter: Letter) -> str:
    """Return the text of a letter in one spelling; of two forms the one that holds more facts, plain text if equal."""
    plain, page = normal(letter.plain)[:MOST_TEXT], normal(letter.html)[:MOST_TEXT]  # NFKC makes some texts longer
    if not plain.strip() or not page:
        return plain if plain.strip() else page
    return page if len(set(_FACT.findall(page))) > len(set(_FACT.findall(plain))) else plain


def carried_mails(letter: Letter) -> Found:
    """Find the notices in a letter: what it says itself comes before what is attached."""
    reason = reason_by_header(letter)
    if reason:
        return Found((), reason)
    text = text_of(letter)
    found = _own(letter, text) if is_from_aws(letter.header) else _relayed(letter, text)
    if found.mails or not letter.attached:
        return found
    inner = [carried_mails(attached) for attached in letter.attached]
    mails = tuple(mail for one in inner for mail in one.mails)
    if not mails:
        return Found((), next((one.reason for one in inner if one.reason), found.reason))
    outer_reason = reason_of_sender(letter.header, replace(mails[0].part, above=text))
    return Found((), outer_reason) if outer_reason else Found(mails, None)


def is_from_aws(header: Header) -> bool:
    """Say whether the From field, or what a mailing list kept of it, names AWS. No proof: anybody can write it."""
    kept = header.first("x-original-from") or header.first("x-original-sender") if "list-id" in header else ""
    return any(is_aws_address(address) for name in (header.first("from"), kept) for address in addresses(name)[:1])


def _own(letter: Letter, text: str) -> Found:
    """Judge a letter that AWS wrote."""
    subject = letter.header.text("subject")
    reason = reason_of_spoof(letter.header) if "list-id" not in letter.header else None
    part = _with_event(direct_part(lines_of(text)), text)
    sender = next(iter(addresses(letter.header.first("from"))), "")
    reason = reason or reason_by_words(part.words, normal(subject), sender)
    mail = Carried(letter, part, normal(subject), "", direct=True)
    return Found((), reason) if reason else Found((mail,), None)


def _relayed(letter: Letter, text: str) -> Found:
    """Judge a letter of somebody else that holds AWS's words."""
    subject = normal(letter.header.text("subject"))
    reasons: list[Said] = []
    mails: list[Carried] = []
    for part in _parts(text, subject):
        title = part.subject or subject
        reason = (
            reason_of_sender(letter.header, part)
            or reason_of_imitation(letter.header, part)
            or reason_by_words(part.words, title, "")
        )
        if reason:
            reasons.append(reason)
        else:
            topic = normal(letter.header.text("thread-topic"))
            mails.append(Carried(letter, part, part.subject or subject_of_aws(topic), subject, direct=False))
    return Found(tuple(mails), None if mails else next(iter(reasons), said("mail:no_words")))


def _parts(text: str, subject: str) -> Iterator[OwnPart]:
    lines = lines_of(text)
    parts = relayed_parts(lines)
    if parts:
        yield from (_with_event(part, part.words) for part in parts)
    elif subject_of_aws(subject) and not is_reply_subject(subject) and text.strip():
        # Or a service provider tells of the notice in his own words: only its case and account are known.
        replied = any(is_attribution(lines, index) for index in range(min(len(lines), 200)))
        only_told = OwnPart(words="", report="", older="", above=text, subject=subject, replied=replied)
        yield quoted_part(lines) or only_told


def _with_event(part: OwnPart, text: str) -> OwnPart:
    event = health.event_in(text, begins_before=len(part.words))
    return replace(part, words=normal(health.words_of(event)), report="", older="") if event else part


def carries_words_of_aws(letter: Letter) -> bool:
    """Say whether a letter of somebody else forwards, quotes or attaches a mail of AWS."""
    if is_from_aws(letter.header) or relayed_parts(lines_of(text_of(letter))):
        return True
    return any(carries_words_of_aws(attached) for attached in letter.attached)
