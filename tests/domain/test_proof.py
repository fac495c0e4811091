"""Who vouches for a mail."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.domain.arrival import Verdicts
from lambdas.domain.notice import ProofKind
from lambdas.domain.proof import prove
from lambdas.domain.senders import addresses, is_aws_domain
from tests.mails import notices, ways

NOTICE = notices.SPECIMENS[0]
GENUINE, _ = ways.mail(NOTICE, "direct", "8bit")
PASSED_ON, _ = ways.mail(NOTICE, "gmail_forward", "8bit")
ALL_PASS = Verdicts(spf="PASS", dkim="PASS", dmarc="PASS", spam="PASS", virus="PASS")
FROM = f"From: {NOTICE.sender}\n".encode()


def _with_from(value: str) -> bytes:
    return GENUINE.replace(FROM, f"From: {value}\n".encode())


def test_a_genuine_notice_is_proven_by_header_and_by_verdicts():
    assert prove(GENUINE, None).kind is ProofKind.AWS
    assert prove(GENUINE, ALL_PASS).kind is ProofKind.AWS


def test_a_forwarded_notice_is_vouched_for_by_its_forwarder():
    assert prove(PASSED_ON, None).kind is ProofKind.FORWARDER
    assert "example.com" in prove(PASSED_ON, ALL_PASS).reason


@pytest.mark.parametrize("dmarc", ["FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED", ""])
def test_the_verdict_outweighs_the_header(dmarc):
    assert prove(GENUINE, Verdicts("PASS", "PASS", dmarc, "PASS", "PASS")).kind is ProofKind.NONE


def test_a_spam_verdict_does_not_unmake_the_origin():
    proof = prove(GENUINE, Verdicts("PASS", "PASS", "PASS", "FAIL", "FAIL"))

    assert proof.kind is ProofKind.AWS
    assert "spam and a virus" in proof.reason


@pytest.mark.parametrize(
    "sender",
    [
        '"ec2-abuse@amazon.com" <x@evil.test>',
        "ec2-abuse@amazon.com.evil.test",
        "ec2-abuse@evil-amazon.com",
        "ec2-abuse@amazonses.com",
        "=?utf-8?q?ec2-abuse=40amazon=2Ecom?= <x@evil.test>",
        "x@evil.test (ec2-abuse@amazon.com)",
        "ec2-abuse@amazon.com, x@evil.test",
        "x@evil.test, ec2-abuse@amazon.com",
        "ec2-abuse <ec2-abuse@amazon.com@evil.test>",
        "<ec2-abuse@amazon.com> <x@evil.test>",
        "AWS",
        "",
        "ec2-abuse@amaz\u043en.com",
        "ec2-abuse@amazon.com\u043e",
        "@amazon.com",
        "undisclosed: ;",
    ],
)
def test_tricks_in_from_prove_nothing(sender):
    assert prove(_with_from(sender), ALL_PASS).kind is not ProofKind.AWS


@pytest.mark.parametrize("name", ["From", "To", "Subject", "Date", "Message-ID", "Content-Type"])
def test_a_doubled_field_proves_nothing(name):
    assert prove(GENUINE.replace(FROM, FROM + f"{name}: x\n".encode()), ALL_PASS).kind is ProofKind.NONE


def test_results_below_the_block_of_ses_count_for_nothing():
    failed = GENUINE.replace(b"dmarc=pass", b"dmarc=fail")
    forged = (
        b"Authentication-Results: amazonses.com; dkim=pass header.i=@amazon.com; dmarc=pass header.from=amazon.com;\n"
    )

    assert prove(failed.replace(FROM, forged + FROM), None).kind is ProofKind.NONE
    assert prove(forged + FROM + GENUINE.partition(FROM)[2], None).kind is ProofKind.NONE
    assert prove(b"X-First: mine\n" + GENUINE, None).kind is ProofKind.NONE
    assert (
        prove(GENUINE.replace(b"Results: amazonses.com;", b"Results: amazonses.com.evil.test;"), None).kind
        is ProofKind.NONE
    )


def test_without_a_dmarc_result_an_aligned_signature_is_needed():
    bare = GENUINE.replace(b" dmarc=pass header.from=amazon.com;\n", b"")

    assert prove(bare, None).kind is ProofKind.AWS
    assert (
        prove(bare.replace(b"dkim=pass header.i=@amazon.com;", b"dkim=fail header.i=@amazon.com;"), None).kind
        is ProofKind.NONE
    )


def test_a_signature_over_a_part_of_the_text_proves_nothing():
    signed = GENUINE.replace(FROM, b"DKIM-Signature: v=1; d=amazon.com; l=120; b=x\n" + FROM)

    assert prove(signed, ALL_PASS).kind is ProofKind.NONE


@settings(deadline=None, derandomize=True)
@given(st.text(max_size=200))
def test_any_address_header_is_read(value):
    assert all("@" in address for address in addresses(value))


@pytest.mark.parametrize(
    ("domain", "is_aws"),
    [
        ("amazon.com", True),
        ("support.aws.com", True),
        ("AMAZON.com.", True),
        ("amazonses.com", False),
        ("email.amazonses.com", False),
        ("aws.com.evil.test", False),
        ("notaws.com", False),
        ("com", False),
    ],
)
def test_domains_of_aws(domain, is_aws):
    assert is_aws_domain(domain) == is_aws
