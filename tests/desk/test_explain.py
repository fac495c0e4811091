"""`desk read --explain`: a page that a person can check a mail by."""

import io
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from desk import explain as module
from desk.__main__ import main
from desk.errors import DeskError
from desk.explain import CDK_JSON, decisions, explain, explain_mail, explanation_lines, settings_from
from lambdas.domain.policy import Verdict
from lambdas.domain.settings.settings import Mode
from tests.mails import notices, ways
from tests.signed import INNER, NO_KEY, Dns, attached, signed

SENT = datetime(2024, 9, 10, 8, tzinfo=UTC)
NOW = SENT + timedelta(hours=3)
SETTINGS = settings_from(CDK_JSON)
SPECIMENS = {specimen.name: specimen for specimen in notices.SPECIMENS}
DIRECT = ways.mail(SPECIMENS["t1-first-2017"], "direct", "8bit")[0]
INSTANCE = "i-0a1b2c3d4e5f60718"


@pytest.fixture
def explained(tmp_path):
    """The page of a mail, as it is printed into a file."""

    def run(raw, lookup=None, now=NOW):
        mail = tmp_path / "a.eml"
        mail.write_bytes(raw)
        out = io.StringIO()
        assert explain([mail], out, lookup=lookup, now=now) == 0
        return out.getvalue()

    return run


def decided(raw, lookup=None, settings=SETTINGS, now=NOW):
    return module.decisions(explain_mail(raw, settings, lookup, now), settings)


def test_a_page_says_what_a_person_asks(explained):
    words = explained(DIRECT)
    assert "Kind      first notice: " in words
    assert "Vouched   by AWS: amazon.com vouches for it" in words
    assert "Answer by 2024-09-11 08:00 UTC (24 hours: AWS names no limit)" in words
    assert f"instance {INSTANCE} " in words
    assert f"{INSTANCE}  contain  amazon.com vouches for it" in words


@pytest.mark.parametrize(
    ("sender", "ring"),
    [
        ("ec2-abuse@amazon.com", "AWS's abuse desk, or AWS Health; by itself it may contain without an admin"),
        ("no-reply-aws@amazon.com", "another known sender of AWS: opens cases and asks; by itself it contains nothing"),
        ("new-desk@amazon.com", "an unknown sender at AWS: asks; by itself it contains nothing without an admin"),
        ("shop@gc.email.amazon.com", "another sender of Amazon's, with anybody's words; by itself it contains nothing"),
        ("eve@evil.example", "not AWS; by itself it contains nothing without an admin"),
    ],
)
def test_a_page_says_what_the_sender_may_do(explained, sender, ring):
    genuine, domain = b'From: "ec2-abuse@amazon.com" <ec2-abuse@amazon.com>', sender.partition("@")[2].encode()
    assert genuine in DIRECT
    raw = DIRECT.replace(genuine, b"From: " + sender.encode()).replace(b"@amazon.com;", b"@" + domain + b";")
    raw = raw.replace(b"header.from=amazon.com", b"header.from=" + domain)
    assert f"Sender    {ring}" in explained(raw)


def test_each_value_is_marked_where_it_was_found_and_nowhere_else(explained):
    words = explained(DIRECT)
    text = words.partition("The text\n")[2]
    assert f"EC2 Instance Id: «{INSTANCE}» [«203.0.113.10»]" in text
    assert "Region: «eu-west-1»" in text
    assert "[«4412345678-1»] [AWS ID «210987654321»]" in words
    report = text.partition("---Beginning of forwarded report(s)---")[2]
    assert "~i-0fedcba9876543210~" in report
    assert not set("«»") & set(report)


def test_what_only_the_report_names_is_shown_as_evidence(explained):
    words = explained(ways.mail(SPECIMENS["t1-no-address"], "direct", "8bit")[0])
    assert "What the quoted report says: evidence, never acted on" in words
    assert "address  192.0.2.200           quoted report: …" in words
    assert "~192.0.2.200~" in words


def test_the_claims_of_the_quoted_report_are_said_as_claims(explained):
    words = explained(DIRECT)
    assert "What the quoted report claims, read as aws form: never acted on" in words
    assert "  The quoted report claims (not checked): attempts to break into other hosts, from 192.0.2.200" in words
    assert "What the quoted report claims" not in explained(DIRECT.partition(b"---Beginning")[0])


@pytest.mark.parametrize(
    ("lookup", "vouched", "signed_by"),
    [
        (None, "by nobody: ", "not checked; --dns looks up the key and checks the signature"),
        (Dns(), "by AWS: amazon.com signed it, as our own check shows", "by amazon.com (selector k1), 20"),
        (Dns(NO_KEY), "by nobody: ", "DNS has no key for it"),
    ],
)
def test_the_signature_of_a_file_is_checked_where_dns_may_be_asked(explained, lookup, vouched, signed_by):
    words = explained(signed(), lookup)
    assert f"Vouched   {vouched}" in words
    assert signed_by in next(line for line in words.splitlines() if line.startswith("Signed"))


def test_of_a_mail_that_ses_took_in_no_signature_is_looked_at(explained):
    lookup = Dns()
    assert "Signed" not in explained(DIRECT, lookup)
    assert lookup.asked == []


def test_a_notice_attached_by_an_admin_is_checked_and_read_alone(explained):
    words = explained(attached(signed(), said="hurry up"), Dns())
    assert "as our own check shows; ada@example.com, an admin, attached it" in words
    assert "hurry up" not in words
    assert "contain" in words


@pytest.mark.parametrize(
    ("raw", "lookup", "settings", "verdict"),
    [
        (DIRECT, None, SETTINGS, Verdict.CONTAIN),
        (DIRECT, None, replace(SETTINGS, mode=Mode.OBSERVE), Verdict.TELL),
        (ways.mail(SPECIMENS["t1-first-2017"], "gmail_forward", "8bit")[0], None, SETTINGS, Verdict.ASK),
        (signed(), None, SETTINGS, Verdict.ASK),
        (signed(), Dns(), SETTINGS, Verdict.CONTAIN),
        (ways.mail(SPECIMENS["t9-lifted"], "direct", "8bit")[0], None, SETTINGS, Verdict.TELL),
    ],
)
def test_what_would_be_done_is_what_the_policy_says(raw, lookup, settings, verdict):
    assert {decision.verdict for decision in decided(raw, lookup, settings)} == {verdict}


def test_a_notice_that_names_an_address_only_is_decided_for_who_holds_it(explained):
    masked = ways.mail(SPECIMENS["t1-masked"], "direct", "8bit")[0]
    assert all(decision.instance_id.startswith("who holds ") for decision in decided(masked))
    assert ("who holds " in explained(masked)) or ("no instance and no address" in explained(masked))


@pytest.mark.parametrize(("abuse_at", "verdicts"), [(SENT, [Verdict.CONTAIN, Verdict.ASK]), (None, [Verdict.ASK])])
def test_it_promises_no_containment_that_only_aws_can_settle(abuse_at, verdicts):
    """Whether an address has changed hands since the abuse is not known here."""
    mail = explain_mail(DIRECT, SETTINGS, None, SENT)
    named = replace(mail.notice, resources=(), ips=("203.0.113.10",), quoted_ips=(), abuse_at=abuse_at)
    found = decisions(replace(mail, notice=named), SETTINGS)
    assert [decision.verdict for decision in found] == verdicts


def test_age_counts_from_when_ses_took_the_mail_in_else_from_now(explained):
    years = SENT + timedelta(days=700)
    assert "(received by SES: 2024-09-10 08:00 UTC)" in explained(DIRECT, now=years)
    assert "it may be an old one, sent again" in explained(signed(), Dns(), now=years)
    assert decided(DIRECT, now=years)[0].verdict is Verdict.CONTAIN


def test_a_mail_that_is_no_notice_is_explained_too(explained):
    words = explained(b"From: a@b.example\nDate: x\nSubject: hello\n\nhow are you\n")
    assert "Kind      none: " in words
    assert "Date      none that can be read" in words
    assert "It names no instance and no address: admins are told." in words


def test_what_could_not_be_read_is_said(explained):
    assert "What could not be read" in explained(b"hello")


HOSTILE = INNER.replace(
    b"Hello", b"\x1b]0;title\x07\x1b[31mHello\xe2\x80\xae http://evil.example/ [bold]x[/bold]"
).replace(b"Subject: ", b"Subject: \x1b[2J")


def test_nothing_of_a_mail_reaches_the_terminal_as_it_came(explained):
    words = explained(HOSTILE, Dns())
    assert not any(ord(char) < 32 and char != "\n" for char in words.replace("\t", ""))
    assert "\u202e" not in words
    assert "hxxp://evil[.]example/ [bold]x[/bold]" in words


@pytest.mark.parametrize("no_color", [True, False])
def test_colour_in_a_terminal_and_signs_elsewhere(tmp_path, monkeypatch, no_color):
    mail = tmp_path / "a.eml"
    mail.write_bytes(DIRECT)
    out = io.StringIO()
    monkeypatch.setattr(
        module,
        "Console",
        lambda **options: Console(**options, force_terminal=True, no_color=no_color, color_system="standard"),
    )
    explain([mail], out, lookup=None, now=NOW)
    assert ("«" in out.getvalue()) == no_color
    assert (f"\x1b[1;32m{INSTANCE}\x1b[0m" in out.getvalue()) != no_color
    assert ("\x1b" in out.getvalue()) != no_color


def test_every_mail_of_the_corpus_has_a_page():
    for specimen in notices.SPECIMENS:
        for way in ("direct", "gmail_forward", "jira"):
            raw = ways.mail(specimen, way, "8bit")[0]
            assert len(list(explanation_lines("a.eml", explain_mail(raw, SETTINGS, None, NOW), SETTINGS))) > 8


def test_the_command_line(tmp_path, capsys, monkeypatch):
    mail = tmp_path / "a.eml"
    mail.write_bytes(signed())
    asked = Dns()
    monkeypatch.setattr("lambdas.signatures.txt_record", asked)

    assert main(["read", "--explain", str(mail)]) == 0
    assert (asked.asked, "not checked" in capsys.readouterr().out) == ([], True)
    assert main(["read", "--explain", "--dns", str(mail)]) == 0
    assert asked.asked
    assert main(["read", "--dns", str(mail)]) == 2
    assert "--dns goes with --explain" in capsys.readouterr().err
    assert main(["read", str(mail)]) == 0
    assert json.loads(capsys.readouterr().out)["proven_from_aws"] is False
    assert main(["read", "--explain", str(mail), str(tmp_path / "missing.eml")]) == 2
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "has no settings"),
        ("{", "has no settings"),
        ("{}", "has no settings"),
        ("[]", "has no settings"),
        ('{"context": {"responder": {"mode": "x"}}}', "responder.mode: must be one of"),
    ],
)
def test_settings_that_cannot_be_read_are_said(tmp_path, text, said):
    file = tmp_path / "cdk.json"
    if text is not None:
        file.write_text(text)
    with pytest.raises(DeskError, match=said):
        settings_from(file)
