"""Which mails of AWS one mail carries: itself, forwarded in its text, or attached."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from lambdas.domain.intake.mail_address import SenderRing, is_aws_address, is_topic_sender, parse_addresses, ring_of
from lambdas.domain.phrase import Phrase, phrase
from lambdas.domain.reading import health_event
from lambdas.domain.reading.aws_part import MOST_WORDS, AwsPart, direct_part, forwarded_parts, quoted_part
from lambdas.domain.reading.header_blocks import is_attribution
from lambdas.domain.reading.identifiers import subject_of_aws
from lambdas.domain.reading.labels import in_english
from lambdas.domain.reading.mail_parser import MOST_TEXT, MailHeader, ParsedMail
from lambdas.domain.reading.not_a_notice import (
    is_reply_subject,
    reason_by_header,
    reason_by_words,
    reason_of_imitation,
    reason_of_sender,
    reason_of_spoof,
)
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.plain_text import normalise, split_lines

_FACT = lazy_pattern(r"\bi-[0-9a-f]{8,17}\b|\b\d{12}\b|abuse", re.IGNORECASE | re.ASCII)


@dataclass(frozen=True, slots=True)
class AwsMail:
    """One mail of AWS: the letter that holds it, and its own part."""

    letter: ParsedMail
    part: AwsPart
    subject: str  # as AWS wrote it, or as the forwarder's header block has it
    outer_subject: str  # the holder's, when the holder is not AWS
    direct: bool  # the letter itself is AWS's


@dataclass(frozen=True, slots=True)
class AwsMailSearch:
    """The mails of AWS that count as notices, and why the others do not."""

    mails: tuple[AwsMail, ...]
    reason: Phrase | None


def mail_text(letter: ParsedMail) -> str:
    """Return the text of a letter in one spelling; of two forms the one that holds more facts, plain text if equal."""
    # Cut after normalising: NFKC makes some texts longer.
    plain, page = (normalise(text)[:MOST_TEXT] for text in (letter.plain, letter.html))
    if not plain.strip() or not page:
        return plain if plain.strip() else page
    return page if len(set(_FACT.findall(page))) > len(set(_FACT.findall(plain))) else plain


def find_aws_mails(letter: ParsedMail) -> AwsMailSearch:
    """Find the notices in a letter: its own text first, then what is attached."""
    reason = reason_by_header(letter)
    if reason:
        return AwsMailSearch((), reason)
    text = mail_text(letter)
    search = _own(letter, text) if is_from_aws(letter.header) else _relayed(letter, text)
    if search.mails or not letter.attached:
        return search
    inner = [find_aws_mails(attached) for attached in letter.attached]
    mails = tuple(mail for attached in inner for mail in attached.mails)
    if not mails:
        return AwsMailSearch((), next((attached.reason for attached in inner if attached.reason), search.reason))
    outer_reason = reason_of_sender(letter.header, replace(mails[0].part, above=text))
    return AwsMailSearch((), outer_reason) if outer_reason else AwsMailSearch(mails, None)


def is_from_aws(header: MailHeader) -> bool:
    """Say whether the From field, or what a mailing list kept of it, names AWS. No proof: anybody can write it."""
    original = header.first("x-original-from") or header.first("x-original-sender") if "list-id" in header else ""
    return any(
        is_aws_address(address) for name in (header.first("from"), original) for address in parse_addresses(name)[:1]
    )


def _own(letter: ParsedMail, text: str) -> AwsMailSearch:
    """Judge a letter that AWS wrote."""
    subject = letter.header.text("subject")
    reason = reason_of_spoof(letter.header) if "list-id" not in letter.header else None
    part = _in_english(_with_event(direct_part(split_lines(text)), text))
    sender = next(iter(parse_addresses(letter.header.first("from"))), "")
    # A topic may pass on AWS Health's events. Its mail has no power, but it can ask.
    if ring_of(sender) is SenderRing.OTHER_AMAZON and not is_topic_sender(sender):
        reason = reason or phrase("mail:customer", sender=sender)
    reason = reason or reason_by_words(part.words, normalise(subject), sender)
    mail = AwsMail(letter, part, normalise(subject), "", direct=True)
    return AwsMailSearch((), reason) if reason else AwsMailSearch((mail,), None)


def _relayed(letter: ParsedMail, text: str) -> AwsMailSearch:
    """Judge a letter of somebody else that holds AWS's words."""
    subject = normalise(letter.header.text("subject"))
    reasons: list[Phrase] = []
    mails: list[AwsMail] = []
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
            topic = normalise(letter.header.text("thread-topic"))
            mails.append(AwsMail(letter, part, part.subject or subject_of_aws(topic), subject, direct=False))
    return AwsMailSearch(tuple(mails), None if mails else next(iter(reasons), phrase("mail:no_words")))


def _parts(text: str, subject: str) -> Iterator[AwsPart]:
    lines = split_lines(text)
    parts = forwarded_parts(lines)
    if parts:
        yield from (_in_english(_with_event(part, part.words)) for part in parts)
    elif subject_of_aws(subject) and not is_reply_subject(subject) and text.strip():
        # Or a service provider describes the notice: only its case and account are known.
        replied = any(is_attribution(lines, index) for index in range(min(len(lines), 200)))
        described = AwsPart(words="", report="", older="", above=text, subject=subject, replied=replied)
        yield quoted_part(lines) or described


def _with_event(part: AwsPart, text: str) -> AwsPart:
    event = health_event.event_in(text)
    return replace(part, words=normalise(health_event.words_of(event)), report="", older="") if event else part


def _in_english(part: AwsPart) -> AwsPart:
    return replace(part, words=in_english(part.words)[:MOST_WORDS])


def contains_aws_mail(letter: ParsedMail) -> bool:
    """Say whether a letter of somebody else forwards, quotes or attaches a mail of AWS."""
    if is_from_aws(letter.header) or forwarded_parts(split_lines(mail_text(letter))):
        return True
    return any(contains_aws_mail(attached) for attached in letter.attached)
