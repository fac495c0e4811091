"""Bytes of a mail, or a Health event, to a `Notice`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any

from lambdas.domain.instance.address import address_of
from lambdas.domain.intake.notice import ExtractedValue, NamedInstance, Notice, NoticeKind
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.domain.reading import health_event, identifiers
from lambdas.domain.reading.abuse_report import abuse_report
from lambdas.domain.reading.abuse_time import abuse_time
from lambdas.domain.reading.abuse_type import abuse_type_of
from lambdas.domain.reading.aws_part import MOST_WORDS, AwsPart, forwarded_parts
from lambdas.domain.reading.bounds import bounded
from lambdas.domain.reading.deadline import deadline_hours
from lambdas.domain.reading.forwarded import AwsMail, find_aws_mails, mail_text
from lambdas.domain.reading.ip_addresses import addresses_named_by_aws, in_source_column
from lambdas.domain.reading.labels import in_english
from lambdas.domain.reading.mail_parser import MailHeader, ParsedMail, parse_mail
from lambdas.domain.reading.notice_kind import accuses, aws_measures, is_retraction, is_unclear, notice_kind
from lambdas.domain.reading.plain_text import normalise, split_lines
from lambdas.domain.reading.regions import regions
from lambdas.domain.reading.resource_block import ResourceBlock, resource_block
from lambdas.domain.reading.resource_names import other_names
from lambdas.domain.reading.resource_pairing import pair_resources
from lambdas.domain.reading.text_match import TextMatch, context_of
from lambdas.domain.reading.urls import blank_links, refanged, reported_urls

_SAMPLE_IDS = frozenset({"i-1234567890abcdef0", "123456789012"})
"""The ids of AWS's documentation. They occur in exercises and are nobody's resources."""

_MOST_REPORT = 64 << 10  # characters of the report and attached logs that are searched for our addresses
_MOST_VALUES = 200  # of one field and mail, with repetitions; a real notice names fewer than ten
_MOST_MAILS = 20  # of AWS in one mail: a digest
_MOST_EVIDENCE = 20  # of one field of a quoted report
_EVIDENCE_WORDS = 4096  # of a report: forms come first; the logs below name little and take long


def read_notice(raw: bytes) -> Notice:
    """Read one mail. Never raises: `problems` lists what could not be read, `reason` says why a mail is no notice."""
    letter = parse_mail(raw)
    search = find_aws_mails(letter)
    mails = sorted(search.mails, key=lambda mail: _sent_at(mail.letter.header) or _LONG_AGO, reverse=True)
    if not mails:
        return _no_notice(letter, search.reason or phrase("mail:no_words"))
    extracted = [_extract_values(mail) for mail in _newest_of_each_case(mails)]
    if _only_samples(extracted) and not mails[0].direct:
        return _no_notice(letter, phrase("mail:samples"))
    return _notice(letter, mails[0], extracted)


def read_health_event(event: Mapping[str, Any]) -> Notice:
    """Read one "AWS Health Abuse Event" as EventBridge delivers it."""
    detail = event.get("detail")
    if not isinstance(detail, Mapping) or not health_event.is_abuse_event(event):
        return _no_notice(_NOBODY, phrase("mail:no_event"))
    words = normalise(health_event.words_of(event))
    header = MailHeader((("date", str(detail.get("lastUpdatedTime") or detail.get("startTime") or "")),
                     ("message-id", str(detail.get("communicationId") or event.get("id") or "")),
                     ("from", "aws.health"), ("subject", str(detail.get("eventTypeCode", "")))))  # fmt: skip
    letter = replace(_NOBODY, header=header, plain=words)
    mail = AwsMail(letter, AwsPart(words, "", "", ""), header.first("subject"), "", direct=True)
    return _notice(letter, mail, [_extract_values(mail)])


_NOBODY = ParsedMail(MailHeader(()), "", "", (), (), is_report=False)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _ExtractedValues:
    """What one mail of AWS names, each value once, in the order of the text."""

    by_aws: dict[tuple[str, str], ExtractedValue] = field(default_factory=dict)
    # Of the quoted report, for people only.
    evidence: dict[tuple[str, str], ExtractedValue] = field(default_factory=dict)
    resources: list[NamedInstance] = field(default_factory=list)
    samples: bool = False  # a sample id was left out
    quoted_instances: tuple[str, ...] = ()
    older: str = ""  # AWS's words in the mail quoted below, of the same case

    def add(self, name: str, part: str, text: str, matches: Iterable[TextMatch]) -> list[TextMatch]:
        matches = list(islice(matches, _MOST_VALUES))
        real = [match for match in matches if match.value not in _SAMPLE_IDS]
        self.samples |= len(real) < len(matches)
        for match in real:
            value = ExtractedValue(name, match.value, part, context_of(text, match))
            self.by_aws.setdefault((name, match.value), value)
        return real

    def add_evidence(self, report: str) -> None:
        """Keep apart what stands outside AWS's own lines: it is shown, but never acted on."""
        for name, matches in (
            ("instance_ids", identifiers.find_instance_ids(report)),
            ("account_ids", identifiers.accounts(report)),
            ("case_numbers", identifiers.cases(report)),
        ):
            for match in islice(matches, _MOST_EVIDENCE):
                if (name, match.value) not in self.by_aws:
                    value = ExtractedValue(name, match.value, "report", context_of(report, match))
                    self.evidence.setdefault((name, match.value), value)

    def names(self, name: str) -> list[str]:
        return [value for field_name, value in self.by_aws if field_name == name]


def _newest_of_each_case(mails: Sequence[AwsMail]) -> list[AwsMail]:
    """Drop older mails of the same thread; several cases in one mail all count."""
    if len(mails) == 1:
        return [*mails]
    seen: set[tuple[str, ...]] = set()
    newest: list[AwsMail] = []
    for mail in mails[:_MOST_MAILS]:
        named = tuple(match.value for match in identifiers.cases(f"{mail.subject}\n{mail.part.words}"))
        if not newest or (named and named not in seen):
            newest.append(mail)
        seen.add(named)
    return newest


def _extract_values(mail: AwsMail) -> _ExtractedValues:
    values = _ExtractedValues()
    # Forwarders put ticket numbers before AWS's subject, so only the part from AWS counts.
    for subject in (mail.subject, identifiers.subject_of_aws(mail.outer_subject)):
        values.add("case_numbers", "subject", subject, identifiers.cases(subject))
        values.add("account_ids", "subject", subject, identifiers.accounts(subject))
    _add_words(values, mail.part.words)
    if not values.resources:
        _add_older(values, mail)
    report = refanged("\n".join((mail.part.report, *map(normalise, mail.letter.evidence)))[:_MOST_REPORT])
    if not values.names("regions"):
        _add_regions_of_report(values, report)
    if not values.names("ips"):
        values.add("ips", "report", report, in_source_column(report))
    values.add_evidence(mail.part.words)
    values.add_evidence(mail.part.older[:_EVIDENCE_WORDS] if mail.direct else "")
    values.add_evidence(report[:_EVIDENCE_WORDS])
    return values


def _add_regions_of_report(values: _ExtractedValues, report: str) -> None:
    """Take the region from the report for an instance that AWS itself names: lists of 2010-2014 are headed by region.

    A wrong one does no harm: the instance is not found there.
    """
    named = {resource.instance_id for resource in values.resources}
    matches = [match for match in identifiers.find_instance_ids(report) if match.value in named]
    if not matches:
        return
    in_report = list(regions(report))
    for resource in pair_resources(report, matches, in_report, ()):
        values.add("regions", "report", report, [match for match in in_report if match.value == resource.region][:1])
        values.resources = [
            replace(r, region=resource.region) if r.instance_id == resource.instance_id else r for r in values.resources
        ]


def _add_words(values: _ExtractedValues, words: str) -> None:
    links = refanged(words)
    plain = blank_links(words)
    own = resource_block(words)
    own_linked = own if links == words else resource_block(links)
    # Where AWS's subject names the case and the account, the text below AWS's own block names no others.
    case_end = own.end if values.names("case_numbers") else len(words)
    account_end = own.end if values.names("account_ids") else len(words)
    values.add("case_numbers", "aws", words, (case for case in identifiers.cases(words) if case.start < case_end))
    accounts = values.add(
        "account_ids", "aws", words, (a for a in identifiers.accounts(words) if a.start < account_end)
    )
    named_regions = values.add("regions", "aws", words, sorted(regions(plain)))
    instances = values.add("instance_ids", "aws", words, own.within(identifiers.find_instance_ids(plain)))
    addresses = addresses_named_by_aws(links)
    values.add("ips", "aws", links, own_linked.within(addresses))
    values.add("ips", "report", links, addresses)
    values.add("urls", "aws", links, (url for url in reported_urls(links) if _is_own(url, own_linked)))
    values.add("other_resource_names", "aws", plain, other_names(plain))
    named = values.names("account_ids")
    only = named[0] if len(named) == 1 else None
    values.resources = [
        resource if resource.account_id else replace(resource, account_id=only)
        for resource in pair_resources(words, instances, named_regions, accounts)
    ]


def _is_own(url: TextMatch, own: ResourceBlock) -> bool:
    """Whether a link may be acted on: one whose host is an address finds an instance, so AWS itself must write it."""
    return url.start < own.end or address_of(url.value) is None


def _add_older(values: _ExtractedValues, mail: AwsMail) -> None:
    """Take the resources from the notice quoted below a short follow-up, if it is of the same case and account.

    The person who answered could have edited the quotation, so it must not name another account. Below AWS's own mail
    the quotation may be the reporter's, so it names instances only for a resolution, on which nothing is contained.
    """
    quoted = forwarded_parts(split_lines(mail.part.older)) if mail.part.older else []
    if not quoted or (mail.direct and notice_kind(mail.part.words, mail.subject)[0] is not NoticeKind.RESOLVED):
        return
    words = in_english(quoted[0].words)
    below = _ExtractedValues()
    _add_words(below, words)
    accounts, cases = set(below.names("account_ids")), set(below.names("case_numbers"))
    known_accounts, known_cases = set(values.names("account_ids")), set(values.names("case_numbers"))
    if accounts <= known_accounts and cases <= known_cases and known_accounts:
        for key, value in below.by_aws.items():
            if value.field in {"instance_ids", "regions", "ips"}:
                values.by_aws.setdefault(key, value)
        values.resources = below.resources
        values.quoted_instances = tuple(resource.instance_id for resource in below.resources)
        values.older = words


def _only_samples(extracted: Sequence[_ExtractedValues]) -> bool:
    return any(values.samples for values in extracted) and not any(
        values.resources or values.names("account_ids") for values in extracted
    )


def _notice(letter: ParsedMail, mail: AwsMail, extracted: Sequence[_ExtractedValues]) -> Notice:
    words = mail.part.words
    subject = mail.subject or mail.outer_subject
    sent_at = _sent_at(mail.letter.header)
    kind, reason = notice_kind(words, subject)
    own = words
    if kind is not NoticeKind.FIRST_NOTICE and (block := resource_block(words)).labelled:
        # Below a notice with labels a reporter's words may stand, and those end nothing and accuse nobody.
        own = words[: block.end]
        if kind is NoticeKind.RESOLVED:
            kind, reason = notice_kind(own, subject)
    header = mail.letter.header
    abuse_type = abuse_type_of(words, subject) or next(
        (found for values in extracted if values.older and (found := abuse_type_of(values.older, ""))), None
    )
    lists = {name: _union(values.names(name) for values in extracted) for name in _LISTS}
    notice = Notice(
        kind=kind,
        reason=verbatim(reason[:300]) if reason else phrase("mail:abuse"),
        case_numbers=lists["case_numbers"],
        account_ids=lists["account_ids"],
        regions=lists["regions"],
        resources=tuple(dict.fromkeys(resource for values in extracted for resource in values.resources)),
        ips=lists["ips"],
        urls=lists["urls"],
        abuse_type=abuse_type,
        deadline_hours=None if kind is NoticeKind.RESOLVED else deadline_hours(words, sent_at),
        measures=tuple(dict.fromkeys(aws_measures(words))),
        sent_at=sent_at,
        message_id=header.first("message-id").strip(" <>"),
        sender=header.text("from"),
        subject=header.text("subject"),
        text=_whole_text(letter),
        extracted_values=tuple(
            value for values in extracted for value in (*values.by_aws.values(), *values.evidence.values())
        ),
        problems=(*letter.problems, *_problems(mail)),
        # With several cases in one mail, the time may belong to any of them.
        abuse_at=abuse_time(words, sent_at) if len(extracted) == 1 else None,
        sent_in_error=kind is NoticeKind.RESOLVED and is_retraction(own),
        reply_to=header.first("reply-to"),
        quoted_ips=_quoted_only(extracted),
        other_resource_names=lists["other_resource_names"],
        quoted_instances=tuple(dict.fromkeys(name for values in extracted for name in values.quoted_instances)),
        accuses=kind is NoticeKind.FIRST_NOTICE or accuses(own),
        is_unclear=is_unclear(own),
        report_type=None
        if abuse_type or not mail.part.report
        else abuse_type_of(mail.part.report[:_EVIDENCE_WORDS], ""),
        report=abuse_report(words, _quoted_texts(mail), sent_at) if len(extracted) == 1 else None,
    )
    return bounded(notice)


def _quoted_texts(mail: AwsMail) -> Iterator[str]:
    """Yield the texts that may hold the quoted report: below AWS's words, attached, or in a mail attached to it."""
    yield mail.part.report
    for letter in (mail.letter, *mail.letter.attached):
        if letter is not mail.letter:
            yield mail_text(letter)
        yield from map(normalise, letter.evidence)


_LISTS = ("case_numbers", "account_ids", "regions", "instance_ids", "ips", "urls", "other_resource_names")


def _quoted_only(extracted: Sequence[_ExtractedValues]) -> tuple[str, ...]:
    """Return the addresses that only the report names."""
    ips = [value for values in extracted for value in values.by_aws.values() if value.field == "ips"]
    by_aws = {ip.value for ip in ips if ip.part != "report"}
    return tuple(dict.fromkeys(ip.value for ip in ips if ip.value not in by_aws))


def _union(lists: Iterable[Iterable[str]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for values in lists for value in values))


def _problems(mail: AwsMail) -> list[Phrase]:
    problems = []
    if mail.part.date and not mail.direct:
        problems.append(phrase("unread:limit", date=mail.part.date[:60]))
    if len(mail.part.words) == MOST_WORDS:
        problems.append(phrase("unread:own_part", most=MOST_WORDS >> 10))
    return problems


def _no_notice(letter: ParsedMail, reason: Phrase) -> Notice:
    header = letter.header
    notice = Notice(
        kind=NoticeKind.NONE,
        reason=reason,
        case_numbers=(),
        account_ids=(),
        regions=(),
        resources=(),
        ips=(),
        urls=(),
        abuse_type=None,
        deadline_hours=None,
        measures=(),
        sent_at=_sent_at(header),
        message_id=header.first("message-id").strip(" <>"),
        sender=header.text("from"),
        subject=header.text("subject"),
        text=_whole_text(letter),
        extracted_values=(),
        problems=letter.problems,
    )
    return bounded(notice)


def _whole_text(letter: ParsedMail) -> str:
    """Join the texts of a letter and of what is attached to it, as people read them."""
    return "\n\n".join(text for text in (mail_text(letter).strip(), *map(_whole_text, letter.attached)) if text)


def _sent_at(header: MailHeader) -> datetime | None:
    try:
        sent = parsedate_to_datetime(header.first("date")[:80])
        return sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
