"""`desk read --explain`: where each value of a mail was found, who vouches for it, and what would be done."""

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TextIO

from rich.console import Console
from rich.text import Text

from desk.errors import DeskError
from desk.read import readable
from lambdas.domain.case.identity import answer_deadline
from lambdas.domain.clean import clean_text
from lambdas.domain.instance.address import (
    AddressAssignment,
    HeldAddress,
    ReportedAddress,
    held_during_abuse,
    reported_addresses,
)
from lambdas.domain.instance.instance import Instance
from lambdas.domain.intake.mail_address import SenderRing
from lambdas.domain.intake.notice import ExtractedValue, Notice, NoticeKind, Proof, ProofKind
from lambdas.domain.language.catalogue import CATALOGUE, in_english
from lambdas.domain.messages.quoted_report import quoted_report_text
from lambdas.domain.policy import Circumstances, Decision, decide
from lambdas.domain.reading import read_notice
from lambdas.domain.reading.authentication import ses_authentication
from lambdas.domain.reading.mail_parser import parse_header
from lambdas.domain.reading.proof import CheckedMail, TrustedSenders, mails_to_check, prove, proven_bytes
from lambdas.domain.settings.settings import InvalidSettings, Settings
from lambdas.signatures import Lookup, checked_mail

CDK_JSON = Path(__file__).resolve().parents[1] / "cdk.json"

_PARTS = {"subject": "subject", "aws": "AWS's own part", "report": "quoted report"}
_FIELDS = {
    "case_numbers": "case",
    "account_ids": "account",
    "regions": "Region",
    "instance_ids": "instance",
    "ips": "address",
    "urls": "URL",
    "other_resource_names": "other",
}
_VOUCHES = {ProofKind.AWS: "AWS", ProofKind.FORWARDER: "only the forwarder", ProofKind.NONE: "nobody"}
_RINGS = {
    SenderRing.ABUSE_DESK: "AWS's abuse desk, or AWS Health",
    SenderRing.NOTIFIER: "another known sender of AWS: opens cases and asks",
    SenderRing.UNKNOWN_AWS: "an unknown sender at AWS: asks",
    SenderRing.OTHER_AMAZON: "another sender of Amazon's, with anybody's words",
    SenderRing.NOBODY: "not AWS",
}
_STYLES = {"aws": ("bold green", "«", "»"), "report": ("yellow", "~", "~")}


@dataclass(frozen=True, slots=True)
class MailExplanation:
    """A mail with everything needed to check how it was read."""

    notice: Notice
    proof: Proof
    checked: CheckedMail | None
    unchecked: bool  # a signature could prove it, but its key was not looked up
    received_at: datetime
    by_ses: bool  # the time is SES's, not the clock's


def explain(paths: Sequence[str | Path], out: TextIO, *, lookup: Lookup | None, now: datetime) -> int:
    """Print each mail's explanation and return 0. Raises `DeskError`, with nothing printed, unless all can be read.

    `lookup` asks DNS for a signature's key; without it no signature is checked.
    """
    mails = [readable(path) for path in paths]
    settings = settings_from(CDK_JSON)
    console = Console(file=out, highlight=False)
    for mail in mails:
        for line in explanation_lines(str(mail), explain_mail(mail.read_bytes(), settings, lookup, now), settings):
            console.print(_plain(line) if _is_plain(console) else line, soft_wrap=True)
    return 0


def settings_from(cdk_json: Path) -> Settings:
    """The settings that a deployment from here would have. Raises `DeskError` with all mistakes."""
    try:
        block = json.loads(cdk_json.read_text())["context"]["responder"]
        return Settings.parse(block, {})
    except InvalidSettings as wrong:
        raise DeskError("the settings in cdk.json are wrong:\n" + "\n".join(wrong.mistakes)) from wrong
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise DeskError(f'{cdk_json} has no settings: give it a "responder" block in "context"') from error


def explain_mail(raw: bytes, settings: Settings, lookup: Lookup | None, now: datetime) -> MailExplanation:
    """Read a mail as the read function does, with SES's header in place of its notification."""
    admins = tuple(admin.email.lower() for admin in settings.admins)
    trust = TrustedSenders(admins, settings.trusted_forwarders, settings.abuse_desks)
    mails = mails_to_check(raw, None, trust)
    checked = checked_mail(mails, lookup) if lookup else None
    proof = prove(raw, None, trust, checked)
    received_at = _received_at(raw)
    return MailExplanation(
        notice=read_notice(proven_bytes(raw, proof, checked)),
        proof=proof,
        checked=checked,
        unchecked=bool(mails) and lookup is None,
        received_at=received_at or now,
        by_ses=received_at is not None,
    )


def explanation_lines(name: str, mail: MailExplanation, settings: Settings) -> Iterator[Text]:
    """The explanation, line by line. All text of the mail is cleaned."""
    notice = mail.notice
    yield _title(name)
    yield _said("From", notice.sender)
    yield Text.assemble(("Subject   ", "dim"), _marked(notice.subject, _of(notice, "subject"), "aws"))
    yield _said("Date", _moment(notice.sent_at) if notice.sent_at else "none that can be read")
    yield _said("Kind", f"{notice.kind.value.replace('_', ' ')}: {in_english(notice.reason)}")
    yield _said("Vouched", f"by {_VOUCHES[mail.proof.kind]}: {in_english(mail.proof.reason)}")
    may = "may contain without an admin" if mail.proof.may_contain else "contains nothing without an admin"
    yield _said("Sender", f"{_RINGS[mail.proof.ring]}; by itself it {may}")
    yield from _signatures(mail)
    if notice.kind not in {NoticeKind.NONE, NoticeKind.RESOLVED}:
        due = answer_deadline(notice, mail.received_at)
        yield _said("Answer by", _moment(due.at) + ("" if due.stated else " (24 hours: AWS names no limit)"))
    yield from _values("What AWS says", _of(notice, "subject", "aws"))
    yield from _values("What the quoted report says: evidence, never acted on", _of(notice, "report"))
    yield from _report(notice)
    if notice.problems:
        yield _title("What could not be read")
        yield from (Text(f"  {_line(in_english(problem))}") for problem in notice.problems)
    yield from _decisions(mail, settings)
    aws, report = _STYLES["aws"][0], _STYLES["report"][0]
    yield _title("The text")
    yield Text.assemble(
        "(AWS's values are marked ", ("so", aws), ", those of the quoted report ", ("so", report), ")\n"
    )
    yield _marked(notice.text, _of(notice, "aws", "report"))
    yield Text()


def _signatures(mail: MailExplanation) -> Iterator[Text]:
    if mail.unchecked:
        yield _said("Signed", "not checked; --dns looks up the key and checks the signature")
    for signature in mail.checked.signatures if mail.checked else ():
        who = f"{signature.domain or 'an invalid name'} (selector {signature.selector or 'none'})"
        when = f", {_moment(signature.signed_at)}" if signature.signed_at else ""
        yield _said("Signed", f"by {who}{when}: {in_english(signature.reason)}")


def _values(title: str, findings: Sequence[ExtractedValue]) -> Iterator[Text]:
    if not findings:
        return
    yield _title(title)
    for finding in findings:
        yield Text.assemble(
            f"  {_FIELDS.get(finding.field, finding.field):<9}",
            (f"{_line(finding.value):<21}", "bold"),
            (f" {_PARTS[finding.part]}: …{_line(finding.words)}…", "dim"),
        )


def _report(notice: Notice) -> Iterator[Text]:
    if notice.report:
        form = notice.report.format.value.replace("_", " ")
        yield _title(f"What the quoted report claims, read as {form}: never acted on")
        yield Text(f"  {_line(quoted_report_text(CATALOGUE['en'], notice.report))}")


def _decisions(mail: MailExplanation, settings: Settings) -> Iterator[Text]:
    notice = mail.notice
    when = "received by SES" if mail.by_ses else "as if received now"
    yield _title(f"What would be done if the instance is ours and running ({when}: {_moment(mail.received_at)})")
    for decision in decisions(mail, settings):
        yield Text.assemble(
            f"  {_line(decision.instance_id)}  ",
            (decision.verdict.value, "bold"),
            f"  {_line(in_english(decision.reasons[0]))}",
        )
        yield from (Text(f"      {_line(in_english(reason))}") for reason in decision.reasons[1:])
    if not (notice.instance_ids or reported_addresses(notice)):
        yield Text("  It names no instance and no address: admins are told.")


def decisions(mail: MailExplanation, settings: Settings) -> list[Decision]:
    """The policy's decision on each instance that the notice names, or whose address it names.

    Assumes that it runs without tags in the account of the notice, and was never released. Only AWS can show whether it
    has held an address since before the abuse: where that decides, there is a decision for both.
    """
    notice = mail.notice
    account, region = next(iter(notice.account_ids), ""), next(iter(notice.regions), "")
    now = Circumstances(
        account_id=account,
        received_at=mail.received_at,
        mode=settings.mode,
        protect_tag=settings.protect_tag,
        contained_this_hour=0,
        max_per_hour=settings.max_instances_per_hour,
        forwarders_may_contain=settings.forwarders_may_contain,
        members=settings.members.accounts if settings.members else (),
    )
    named = [_running(instance_id, account, region) for instance_id in notice.instance_ids]
    decided = [decide(instance, notice, mail.proof, now) for instance in named]
    for reported in () if named else reported_addresses(notice):
        both = [decide(holder, notice, mail.proof, now) for holder in _holders(reported, account, region)]
        decided += both if both[0].verdict is not both[1].verdict else both[1:]
    return decided


def _holders(reported: ReportedAddress, account: str, region: str) -> Iterator[Instance]:
    """Who holds an address: once as AWS shows that it held it before the abuse, once as AWS shows nothing."""
    before = reported.abuse_at - timedelta(days=1) if reported.abuse_at else None
    for since, name in ((before, "since before the abuse"), (None, "since when is not shown")):
        tenure = AddressAssignment(
            f"who holds {reported.address}, {name}",
            reported.address,
            "",
            amazon_owned=True,
            started_at=since,
            attached_at=since,
        )
        held, reason = held_during_abuse(tenure, reported.abuse_at, None)
        holding = HeldAddress(reported.address, reported.only_in_report, held, reason)
        yield _running(tenure.instance_id, account, region, holding)


def _running(name: str, account: str, region: str, *holdings: HeldAddress) -> Instance:
    return Instance(
        instance_id=name,
        region=region,
        account_id=account,
        state="running",
        vpc_id="",
        tags={},
        interfaces=(),
        volumes=(),
        addresses=(),
        found_by=holdings,
    )


def _received_at(raw: bytes) -> datetime | None:
    """When SES received the mail, from its `Received` field; None if the mail did not come through SES."""
    header = parse_header(raw)
    if not ses_authentication(header):
        return None
    try:
        moment = parsedate_to_datetime(header.first("received").rpartition(";")[2].strip()[:80])
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _of(notice: Notice, *parts: str) -> list[ExtractedValue]:
    return [finding for finding in notice.extracted_values if finding.part in parts]


def _marked(text: str, findings: Iterable[ExtractedValue], style: str = "") -> Text:
    """The text with each value marked where it was found, unless it is spelt differently there."""
    clean = clean_text(text)
    marked = Text(clean)
    for finding in findings:
        start, end = _place(clean, finding)
        # A value inside a marked value, such as the address in a URL, needs no second mark.
        if start < end and not any(span.start < end and start < span.end for span in marked.spans):
            marked.stylize(_STYLES[style or finding.part][0], start, end)
    return marked


def _place(text: str, finding: ExtractedValue) -> tuple[int, int]:
    """The position of the value within its surrounding words in the cleaned text; (0, 0) if it is not there."""
    value = re.escape(clean_text(finding.value))
    words = r"\s+".join(map(re.escape, clean_text(finding.words).split()))
    around = re.search(words, text, re.IGNORECASE)
    start, end = around.span() if around else (0, len(text))
    match = re.compile(value, re.IGNORECASE).search(text, start, end) if finding.value else None
    return match.span() if match else (0, 0)


def _is_plain(console: Console) -> bool:
    return console.no_color or not console.is_terminal


def _plain(line: Text) -> Text:
    """The line without styles: signs around the values mark them instead."""
    signs = {style: (left, right) for style, left, right in _STYLES.values()}
    pieces, last = [], 0
    for span in sorted(line.spans, key=lambda span: span.start):
        if (style := str(span.style)) in signs:
            left, right = signs[style]
            pieces += [line.plain[last : span.start], left, line.plain[span.start : span.end], right]
            last = span.end
    return Text("".join([*pieces, line.plain[last:]]))


def _title(words: str) -> Text:
    return Text(f"\n{_line(words)}", style="bold")


def _said(name: str, words: str) -> Text:
    return Text.assemble((f"{name:<10}", "dim"), _line(words))


def _line(words: str) -> str:
    return " ".join(clean_text(words).split())


def _moment(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
