"""Bytes of a mail, or a Health event, to a `Notice`."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from itertools import islice
from typing import Any

from lambdas.domain.intake.notice import ExtractedValue, NamedInstance, Notice, NoticeKind
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.domain.reading import health_event, identifiers
from lambdas.domain.reading.abuse_time import abuse_time
from lambdas.domain.reading.abuse_type import abuse_type_of
from lambdas.domain.reading.aws_part import MOST_WORDS, AwsPart, forwarded_parts
from lambdas.domain.reading.deadline import deadline_hours
from lambdas.domain.reading.forwarded import AwsMail, find_aws_mails, mail_text
from lambdas.domain.reading.ip_addresses import addresses_named_by_aws, in_source_column
from lambdas.domain.reading.mail_parser import MailHeader, ParsedMail, parse_mail
from lambdas.domain.reading.notice_kind import aws_measures, is_retraction, notice_kind
from lambdas.domain.reading.plain_text import normalise, split_lines
from lambdas.domain.reading.regions import regions
from lambdas.domain.reading.resource_names import other_names
from lambdas.domain.reading.resource_pairing import pair_resources
from lambdas.domain.reading.text_match import TextMatch, context_of
from lambdas.domain.reading.urls import blank_links, refanged, reported_urls

_SAMPLE_IDS = frozenset({"i-1234567890abcdef0", "123456789012"})
"""The ids of AWS's documentation. They stand in exercises and never name a resource of anybody."""

_MOST_REPORT = 64 << 10  # characters of the report and of attached logs that are looked through for our addresses
_MOST_VALUES = 200  # of one field; a real notice names fewer than ten
_MOST_EVIDENCE = 20  # of one field of a quoted report
_EVIDENCE_WORDS = 4096  # of a report: forms stand on top, and below them logs, which name little and take long


def read_notice(raw: bytes) -> Notice:
    """Read one mail. Never raises: what cannot be read is said in `problems`, and a mail that is none in `reason`."""
    letter = parse_mail(raw)
    found = find_aws_mails(letter)
    mails = sorted(found.mails, key=lambda mail: _sent_at(mail.letter.header) or _LONG_AGO, reverse=True)
    if not mails:
        return _no_notice(letter, found.reason or phrase("mail:no_words"))
    facts = [_facts_of(mail) for mail in _newest_of_each_case(mails)]
    if _only_samples(facts) and not mails[0].direct:
        return _no_notice(letter, phrase("mail:samples"))
    return _notice(letter, mails[0], facts)


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
    return _notice(letter, mail, [_facts_of(mail)])


_NOBODY = ParsedMail(MailHeader(()), "", "", (), (), is_report=False)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(slots=True)
class _ExtractedValues:
    """What one mail of AWS names, each value once, in the order of the text."""

    findings: dict[tuple[str, str], ExtractedValue] = field(default_factory=dict)
    evidence: dict[tuple[str, str], ExtractedValue] = field(
        default_factory=dict
    )  # of the quoted report, for people only
    resources: list[NamedInstance] = field(default_factory=list)
    samples: bool = False  # a sample id was left out

    def add(self, name: str, part: str, text: str, places: Iterable[TextMatch]) -> list[TextMatch]:
        found = list(islice(places, _MOST_VALUES))
        kept = [place for place in found if place.value not in _SAMPLE_IDS]
        self.samples |= len(kept) < len(found)
        for place in kept:
            finding = ExtractedValue(name, place.value, part, context_of(text, place))
            self.findings.setdefault((name, place.value), finding)
        return kept

    def add_evidence(self, report: str) -> None:
        """Keep what the quoted report names and AWS does not, apart: it is shown, and never becomes a value."""
        for name, places in (
            ("instance_ids", identifiers.find_instance_ids(report)),
            ("account_ids", identifiers.accounts(report)),
            ("case_numbers", identifiers.cases(report)),
        ):
            for place in islice(places, _MOST_EVIDENCE):
                if (name, place.value) not in self.findings:
                    finding = ExtractedValue(name, place.value, "report", context_of(report, place))
                    self.evidence.setdefault((name, place.value), finding)

    def values(self, name: str) -> list[str]:
        return [value for field_name, value in self.findings if field_name == name]


def _newest_of_each_case(mails: Sequence[AwsMail]) -> list[AwsMail]:
    """Drop older mails of the same thread; several cases in one mail all count."""
    if len(mails) == 1:
        return [*mails]
    seen: set[tuple[str, ...]] = set()
    kept: list[AwsMail] = []
    for mail in mails:
        named = tuple(place.value for place in identifiers.cases(f"{mail.subject}\n{mail.part.words}"))
        if not kept or (named and named not in seen):
            kept.append(mail)
        seen.add(named)
    return kept


def _facts_of(mail: AwsMail) -> _ExtractedValues:
    facts = _ExtractedValues()
    # A forwarder may put tickets of his own before AWS's subject: there only AWS's family of subjects counts.
    for subject in (mail.subject, identifiers.subject_of_aws(mail.outer_subject)):
        facts.add("case_numbers", "subject", subject, identifiers.cases(subject))
        facts.add("account_ids", "subject", subject, identifiers.accounts(subject))
    _add_words(facts, mail.part.words)
    if not facts.resources:
        _add_older(facts, mail.part.older)
    report = refanged("\n".join((mail.part.report, *map(normalise, mail.letter.evidence)))[:_MOST_REPORT])
    if not facts.values("regions"):
        _add_regions_of_report(facts, report)
    if not facts.values("ips"):
        facts.add("ips", "report", report, in_source_column(report))
    facts.add_evidence(report[:_EVIDENCE_WORDS])
    return facts


def _add_regions_of_report(facts: _ExtractedValues, report: str) -> None:
    """Take the region from the report for an instance that AWS itself names: lists of 2010-2014 are headed by region.

    A wrong one does no harm: the instance is not found there.
    """
    named = {resource.instance_id for resource in facts.resources}
    places = [place for place in identifiers.find_instance_ids(report) if place.value in named]
    if not places:
        return
    found = list(regions(report))
    for resource in pair_resources(report, places, found, ()):
        facts.add("regions", "report", report, [place for place in found if place.value == resource.region][:1])
        facts.resources = [
            replace(r, region=resource.region) if r.instance_id == resource.instance_id else r for r in facts.resources
        ]


def _add_words(facts: _ExtractedValues, words: str) -> None:
    links = refanged(words)
    plain = blank_links(words)
    facts.add("case_numbers", "aws", words, identifiers.cases(words))
    accounts = facts.add("account_ids", "aws", words, identifiers.accounts(words))
    found = facts.add("regions", "aws", words, sorted(regions(plain)))
    instances = facts.add("instance_ids", "aws", words, identifiers.find_instance_ids(plain))
    facts.add("ips", "aws", links, addresses_named_by_aws(links))
    facts.add("urls", "aws", links, reported_urls(links))
    facts.add("other_resource_names", "aws", plain, other_names(plain))
    named = facts.values("account_ids")
    only = named[0] if len(named) == 1 else None
    facts.resources = [
        resource if resource.account_id else replace(resource, account_id=only)
        for resource in pair_resources(words, instances, found, accounts)
    ]


def _add_older(facts: _ExtractedValues, older: str) -> None:
    """Take the resources from the notice quoted below a short follow-up, if it is of the same case and account.

    Whoever answered could have edited the quotation: one that names another account is not believed.
    """
    quoted = forwarded_parts(split_lines(older)) if older else []
    if not quoted:
        return
    words = quoted[0].words
    below = _ExtractedValues()
    _add_words(below, words)
    accounts, cases = set(below.values("account_ids")), set(below.values("case_numbers"))
    known_accounts, known_cases = set(facts.values("account_ids")), set(facts.values("case_numbers"))
    if accounts <= known_accounts and cases <= known_cases and known_accounts:
        for key, finding in below.findings.items():
            if finding.field in {"instance_ids", "regions", "ips"}:
                facts.findings.setdefault(key, finding)
        facts.resources = below.resources


def _only_samples(facts: Sequence[_ExtractedValues]) -> bool:
    return any(one.samples for one in facts) and not any(one.resources or one.values("account_ids") for one in facts)


def _notice(letter: ParsedMail, mail: AwsMail, facts: Sequence[_ExtractedValues]) -> Notice:
    words = mail.part.words
    subject = mail.subject or mail.outer_subject
    sent_at = _sent_at(mail.letter.header)
    kind, reason = notice_kind(words, subject)
    header = mail.letter.header
    values = {name: _union(one.values(name) for one in facts) for name in _LISTS}
    return Notice(
        kind=kind,
        reason=verbatim(reason[:300]) if reason else phrase("mail:abuse"),
        case_numbers=values["case_numbers"],
        account_ids=values["account_ids"],
        regions=values["regions"],
        resources=tuple(dict.fromkeys(resource for one in facts for resource in one.resources)),
        ips=values["ips"],
        urls=values["urls"],
        abuse_type=abuse_type_of(words, subject),
        deadline_hours=None if kind is NoticeKind.RESOLVED else deadline_hours(words, sent_at),
        measures=tuple(dict.fromkeys(aws_measures(words))),
        sent_at=sent_at,
        message_id=header.first("message-id").strip(" <>"),
        sender=header.text("from"),
        subject=header.text("subject"),
        text=_whole_text(letter),
        extracted_values=tuple(
            finding for one in facts for finding in (*one.findings.values(), *one.evidence.values())
        ),
        problems=(*letter.problems, *_problems(mail)),
        # Of several cases in one mail it is not told which one a time belongs to.
        abuse_at=abuse_time(words, sent_at) if len(facts) == 1 else None,
        sent_in_error=kind is NoticeKind.RESOLVED and is_retraction(words),
        reply_to=header.first("reply-to"),
        quoted_ips=_quoted_only(facts),
        other_resource_names=values["other_resource_names"],
    )


_LISTS = ("case_numbers", "account_ids", "regions", "instance_ids", "ips", "urls", "other_resource_names")


def _quoted_only(facts: Sequence[_ExtractedValues]) -> tuple[str, ...]:
    """Return the addresses that no word of AWS names, only a report."""
    ips = [one for some in facts for one in some.findings.values() if one.field == "ips"]
    by_aws = {one.value for one in ips if one.part != "report"}
    return tuple(dict.fromkeys(one.value for one in ips if one.value not in by_aws))


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
    return Notice(
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


def _whole_text(letter: ParsedMail) -> str:
    """Join the texts of a letter and of what is attached to it, as people read them."""
    return "\n\n".join(text for text in (mail_text(letter).strip(), *map(_whole_text, letter.attached)) if text)


def _sent_at(header: MailHeader) -> datetime | None:
    try:
        sent = parsedate_to_datetime(header.first("date")[:80])
        return sent.replace(tzinfo=UTC) if sent.tzinfo is None else sent.astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
