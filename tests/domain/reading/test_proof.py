"""Who vouches for a mail. Our own check of signatures is tested with real ones in tests/lambdas/test_signatures.py."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import getaddresses

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.domain.intake.arrival import SesVerdicts
from lambdas.domain.intake.mail_address import SenderRing, is_aws_domain, only_mailbox, parse_addresses
from lambdas.domain.intake.notice import ProofKind
from lambdas.domain.phrase import phrase, verbatim
from lambdas.domain.reading.proof import (
    NO_TRUSTED_SENDERS,
    CheckedMail,
    DkimSignature,
    TrustedSenders,
    mails_to_check,
    prove,
    proven_bytes,
)
from tests.mails import notices, ways
from tests.samples import english
from tests.signed import ADMIN, COVERED, INNER, attached

NOTICE = notices.SPECIMENS[0]
GENUINE, _ = ways.mail(NOTICE, "direct", "8bit")
PASSED_ON, _ = ways.mail(NOTICE, "gmail_forward", "8bit")
ALL_PASS = SesVerdicts(spf="PASS", dkim="PASS", dmarc="PASS", spam="PASS", virus="PASS")
FROM = f"From: {NOTICE.sender}\n".encode()


def _with_from(value: str) -> bytes:
    return GENUINE.replace(FROM, f"From: {value}\n".encode())


def _signed_by(domain: str, raw: bytes) -> bytes:
    """The mail as SES receives it from a sender at `domain`."""
    return raw.replace(b"header.from=amazon.com", f"header.from={domain}".encode()).replace(
        b"header.i=@amazon.com", f"header.i=@{domain}".encode()
    )


def test_a_genuine_notice_is_proven_by_header_and_by_verdicts():
    assert prove(GENUINE, None).kind is ProofKind.AWS
    assert prove(GENUINE, ALL_PASS).kind is ProofKind.AWS


def test_a_forwarded_notice_is_vouched_for_by_its_forwarder():
    assert prove(PASSED_ON, None).kind is ProofKind.FORWARDER
    assert "example.com" in english(prove(PASSED_ON, ALL_PASS).reason)


@pytest.mark.parametrize("dmarc", ["FAIL", "GRAY", "PROCESSING_FAILED", "DISABLED", ""])
def test_the_verdict_outweighs_the_header(dmarc):
    assert prove(GENUINE, SesVerdicts("PASS", "PASS", dmarc, "PASS", "PASS")).kind is ProofKind.NONE


def test_a_spam_verdict_does_not_unmake_the_origin():
    proof = prove(GENUINE, SesVerdicts("PASS", "PASS", "PASS", "FAIL", "FAIL"))

    assert proof.kind is ProofKind.AWS
    assert "marked it as spam and found a virus" in english(proof.reason)


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
        "ec2-abuse@amazon.com.",
        "undisclosed: ;",
    ],
)
def test_tricks_in_from_prove_nothing(sender):
    assert prove(_with_from(sender), ALL_PASS).kind is not ProofKind.AWS


@pytest.mark.parametrize(
    ("sender", "why"),
    [
        (f'"{"a" * 4000}" <ec2-abuse@amazon.com.evil.test>', "longer than any"),
        ("\n ".join(['"', *["a" * 70] * 57, '" <ec2-abuse@amazon.com.evil.test>']), "longer than any"),
        (f"{'a' * 1000} <ec2-abuse@amazon.com>", "longer than any"),
        ("<ec2-abuse@amazon.com .evil.test>", "not one plain address"),
        ("<ec2-abuse@amazon.com\n .evil.test>", "not one plain address"),
        ("<ec2-abuse@amazon.com (x).evil.test>", "not one plain address"),
        ("<ec2-abuse@amazon.com(x)>", "not one plain address"),
        ("(x) ec2-abuse@amazon.com", "not one plain address"),
        ("ec2-abuse@amazon.com>", "not one plain address"),
        ("< ec2-abuse@amazon.com>", "not one plain address"),
        ("AWS <ec2-abuse@amazon.com> x", "not one plain address"),
        ("AWS: ec2-abuse@amazon.com;", "not one plain address"),
        ("AWS\\ <ec2-abuse@amazon.com>", "not one plain address"),
        ("ec2..abuse@amazon.com", "not one plain address"),
    ],
)
def test_a_from_that_is_not_one_clean_mailbox_proves_nothing(sender, why):
    for verdicts in (None, ALL_PASS):
        proof = prove(_with_from(sender), verdicts)
        assert (proof.kind, proof.may_contain) == (ProofKind.NONE, False)
        assert why in english(proof.reason)


@pytest.mark.parametrize(
    "sender",
    [
        "ec2-abuse@amazon.com",
        "<ec2-abuse@amazon.com>",
        '"ec2-abuse@amazon.com" <ec2-abuse@amazon.com>',
        "Amazon Web Services, Inc. <ec2-abuse@amazon.com>",
        '"Amazon (EC2: Abuse) \\"x\\"" <EC2-Abuse@Amazon.com>',
        "=?utf-8?b?QVdT?= <ec2-abuse@amazon.com>",
        "AWS\n\t<ec2-abuse@amazon.com>",
    ],
)
def test_a_clean_mailbox_is_proven_as_usual(sender):
    assert prove(_with_from(sender), ALL_PASS).may_contain


@pytest.mark.parametrize(
    ("sender", "checked", "proven"),
    [
        ("ec2-abuse@amazon.com", "amazon.com", True),
        ("ec2-abuse@amazon.com", "AMAZON.COM.", True),
        ("ec2-abuse@amazon.com", "amazon.com.evil.test", False),
        ("ec2-abuse@amazon.com", "evil.test", False),
        ("ec2-abuse@amazon.com", "gc.email.amazon.com", False),  # it stands below From's, where others send
        ("ec2-abuse@amazon.com", "aws.com", False),
        ("ec2-abuse@amazon.com", "com", False),
        ("trustandsafety@support.aws.com", "support.aws.com", True),
        ("trustandsafety@support.aws.com", "aws.com", True),
        ("trustandsafety@support.aws.com", "amazon.com", False),
        ("x@gc.email.amazon.com", "amazon.com", True),
        ("x@gc.email.amazon.com", "email.amazon.com", False),
    ],
)
def test_what_ses_checked_must_be_the_domain_in_from(sender, checked, proven):
    raw = _with_from(sender).replace(b"header.from=amazon.com", f"header.from={checked}".encode())
    for verdicts in (None, ALL_PASS):
        assert (prove(raw, verdicts).kind is ProofKind.AWS) == proven


def test_an_admin_is_not_vouched_for_by_another_domains_check():
    block = GENUINE.partition(b"Date:")[0]
    assert b"header.from=amazon.com" in block
    for checked, counts in ((b"example.com", True), (b"evil.test", False)):
        raw = block.replace(b"header.from=amazon.com", b"header.from=" + checked) + attached(INNER)
        assert bool(mails_to_check(raw, ALL_PASS, TrustedSenders((ADMIN,)))) == counts


@pytest.mark.parametrize(
    ("sender", "ring"),
    [
        ("ec2-abuse@amazon.com", SenderRing.ABUSE_DESK),
        ("trustandsafety@support.aws.com", SenderRing.ABUSE_DESK),
        ("no-reply@amazonaws.com", SenderRing.NOTIFIER),
        ("no-reply-aws@amazon.com", SenderRing.NOTIFIER),
        ("health@aws.com", SenderRing.NOTIFIER),
        ("notifications@aws.com", SenderRing.NOTIFIER),
        ("abuse@amazonaws.com", SenderRing.UNKNOWN_AWS),
        ("ec2-abuse@support.aws.com", SenderRing.UNKNOWN_AWS),
        ("order-update@amazon.com", SenderRing.UNKNOWN_AWS),
        ("gc-orders@gc.email.amazon.com", SenderRing.OTHER_AMAZON),
        ("seller@marketplace.amazon.com", SenderRing.OTHER_AMAZON),
        ("no-reply@sns.amazonaws.com", SenderRing.OTHER_AMAZON),
        ("no-reply@signin.aws", SenderRing.OTHER_AMAZON),
    ],
)
def test_the_ring_of_the_sender_decides_what_its_mail_may_do(sender, ring):
    raw = _signed_by(sender.partition("@")[2], _with_from(sender))
    for verdicts in (None, ALL_PASS):
        proof = prove(raw, verdicts)
        assert proof.ring is ring
        assert proof.may_contain == (ring is SenderRing.ABUSE_DESK)
        assert proof.changes_cases == (ring in {SenderRing.ABUSE_DESK, SenderRing.NOTIFIER})
        assert proof.kind is ProofKind.AWS


@pytest.mark.parametrize(
    ("signer", "ring", "may_contain"),
    [
        ("amazon.com", SenderRing.ABUSE_DESK, True),
        ("gc.email.amazon.com", SenderRing.NOTIFIER, False),  # below From's, where others send
        ("aws.com", SenderRing.NOTIFIER, False),
        ("evil.test", SenderRing.NOTIFIER, False),  # DMARC passed by SPF alone
    ],
)
def test_without_a_signature_of_its_own_domain_no_mail_contains(signer, ring, may_contain):
    raw = GENUINE.replace(b"header.i=@amazon.com", f"header.i=@{signer}".encode())
    for verdicts in (None, ALL_PASS):
        proof = prove(raw, verdicts)
        assert (proof.ring, proof.may_contain) == (ring, may_contain)
        assert ("no DKIM signature" in english(proof.reason)) != may_contain


@pytest.mark.parametrize(
    ("results", "proven"),
    [
        ("dkim=pass header.i=@amazon.com; dmarc=pass header.from=amazon.com;", True),
        ("dkim=pass header.i=@amazon.com;", True),  # mails of 2016 have no DMARC result
        ("dkim=pass header.i=@gc.email.amazon.com;", False),  # below From's, where others send
        ("dkim=pass header.i=@amazon.com; dmarc=pass;", False),
        ("dkim=pass header.i=@amazon.com; dmarc=pass header.from=;", False),
        ("dkim=pass header.i=@amazon.com; dmarc=pass header.from=evil.test header.from=amazon.com;", False),
        ("dkim=pass header.i=@amazon.com; dmarc=pass header.from=amazon.com header.from=evil.test;", False),
        ("dkim=pass header.i=@evil.test header.i=@amazon.com; dmarc=pass header.from=amazon.com;", False),
        ("spf=pass ) x=(; dkim=pass header.i=@amazon.com; dmarc=pass header.from=amazon.com;", False),
        ("spf=pass helo=\u043cx.test; dkim=pass header.i=@amazon.com; dmarc=pass header.from=amazon.com;", False),
        ("spf=pass helo=\x0bx.test; dkim=pass header.i=@amazon.com; dmarc=pass header.from=amazon.com;", False),
    ],
)
def test_results_count_only_in_the_form_that_ses_writes_about_one_domain(results, proven):
    genuine = re.compile(rb"spf=pass \(ok\).*?header\.from=amazon\.com;", re.DOTALL)
    raw = genuine.sub(lambda _: results.encode(), GENUINE, count=1)
    assert raw != GENUINE
    for verdicts in (None, ALL_PASS):
        assert (prove(raw, verdicts).kind is ProofKind.AWS) == proven


def test_of_two_blocks_of_ses_in_a_file_none_counts():
    """Anybody can put one above the real one. Through SES, the upper one is SES's."""
    block = GENUINE.partition(b"Date:")[0]
    real = block.replace(b"dmarc=pass", b"dmarc=fail").replace(b"dkim=pass", b"dkim=fail")
    for below in (real, real.partition(b"X-SES-Spam")[0], b"Authentication-Results: AmazonSES.com; dmarc=fail;\n"):
        assert "two results" in english(prove(GENUINE.replace(b"Date:", below + b"Date:", 1), None).reason)
    assert prove(GENUINE.replace(b"Date:", b"Authentication-Results: x.test; dmarc=fail\nDate:", 1), None).may_contain


def test_nothing_contains_unless_ses_says_in_both_places_that_a_signature_passes_for_the_domain():
    unnamed = GENUINE.replace(b"\n dmarc=pass header.from=amazon.com;", b"")
    assert unnamed != GENUINE
    for raw, verdicts in ((GENUINE, replace(ALL_PASS, dkim="FAIL")), (GENUINE, replace(ALL_PASS, dkim="GRAY")),
                          (unnamed, ALL_PASS), (unnamed, None)):  # fmt: skip
        proof = prove(raw, verdicts)
        assert (proof.kind, proof.ring, proof.may_contain) == (ProofKind.AWS, SenderRing.NOTIFIER, False)


def test_an_unknown_sender_at_aws_is_named_with_the_setting_that_would_add_it():
    raw = _with_from("abuse-notices@amazon.com")
    assert '"abuse_desks": ["abuse-notices@amazon.com"]' in english(prove(raw, ALL_PASS).reason)

    trust = TrustedSenders(abuse_desks=("abuse-notices@amazon.com",))

    assert prove(raw, ALL_PASS, trust).may_contain


def test_a_signature_of_aws_must_cover_what_the_text_is_read_as():
    """Else a genuine mail can be sent again with another MIME boundary, so that another part of it is read."""
    signature = "DKIM-Signature: v=1; a=rsa-sha256; d=amazon.com; s=x; h={covered}; bh=x; b=x\n"
    for covered, proven in (("From:To:Subject:Date:Message-ID", False), (":".join(COVERED), True)):
        raw = GENUINE.replace(FROM, signature.format(covered=covered).encode() + FROM)
        assert prove(raw, ALL_PASS).may_contain == proven


@settings(deadline=None, derandomize=True)
@given(
    st.lists(
        st.sampled_from(
            [
                "ec2-abuse@amazon.com",
                "x@evil.test",
                "AWS",
                '"',
                "<",
                ">",
                "(",
                ")",
                "\\",
                ",",
                ";",
                ":",
                ".evil.test",
                " ",
            ]
        ),
        max_size=9,
    ).map("".join)
)
def test_a_clean_mailbox_has_one_address_for_every_reader(value):
    """Python's own parser of addresses finds the same one, and no other."""
    found = only_mailbox(value)
    if found:
        assert [address for _, address in getaddresses([value]) if "@" in address] == [found]


_FROM_PIECES = [
    "ec2-abuse@amazon.com", "<ec2-abuse@amazon.com>", "<EC2-Abuse@Amazon.com>", "trustandsafety@support.aws.com",
    "x@evil.test", ".evil.test", "@evil.test", "<", ">", "(", ")", '"', "\\", ",", ";", ":", " ", "\n ", "AWS",
    "a" * 900, "=?utf-8?q?ec2-abuse=40amazon=2Ecom?=", "\u0430", "\u200b", "\uff20", "%", "AWS: ",
]  # fmt: skip
_RESULT_PIECES = [
    "dmarc=pass header.from=amazon.com", "dmarc=pass header.from=evil.test", "dmarc=fail header.from=amazon.com",
    "dmarc=pass", "dkim=pass header.i=@amazon.com", "dkim=pass header.i=@evil.test", "spf=pass (ok)",
    "envelope-from=x@evil.test", "helo=mx.evil.test", ";", "; ", " ", "(", ")", '"', "\\", "reason=", "x", "\n ",
]  # fmt: skip


def _clauses_of(results):
    """RFC 8601's clauses, found in another way than the reader's: escaped signs, strings and comments are cut out."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"', "q", results, flags=re.DOTALL)
    while (shorter := re.sub(r"\((?:[^()\\]|\\.)*\)", " ", bare, flags=re.DOTALL)) != bare:
        bare = shorter
    return [clause.split() for clause in bare.split(";") if clause.split()]


@settings(max_examples=800, derandomize=True)
@given(
    st.lists(st.sampled_from(_FROM_PIECES), min_size=1, max_size=6).map("".join),
    st.lists(st.sampled_from(_RESULT_PIECES), min_size=1, max_size=9).map("".join),
)
def test_what_counts_as_aws_is_one_address_for_every_reader_and_ses_names_its_domain(sender, results):
    genuine = (
        b"spf=pass (ok) client-ip=192.0.2.44;\n dkim=pass header.i=@amazon.com;\n dkim=pass header.i=@amazonses.com;\n"
    )
    for block in (results, f"{results};{genuine.decode()} dmarc=pass header.from=amazon.com;"):
        raw = _with_from(sender).replace(genuine + b" dmarc=pass header.from=amazon.com;", block.encode())
        for verdicts in (ALL_PASS, None):
            proof = prove(raw, verdicts)
            if proof.ring is SenderRing.NOBODY and proof.kind is not ProofKind.AWS:
                continue
            field = " ".join(sender.split("\n ")).strip()
            mailbox = re.fullmatch(
                r"(?:[^<>@]*<)?([^\s<>@(),:;]+@[a-z0-9.-]+)>?", re.sub(r'"[^"]*"', "", field), re.IGNORECASE
            )
            assert mailbox
            address = mailbox[1].lower()
            assert [found.lower() for _, found in getaddresses([field]) if "@" in found] == [address]
            named = [clause for clause in _clauses_of(block) if clause[0].startswith("dmarc=")]
            assert len(named) <= 1
            domains = [word.partition("=")[2] for clause in named for word in clause if word.startswith("header.from=")]
            signers = [
                word.partition("@")[2] for clause in _clauses_of(block) for word in clause if clause[0] == "dkim=pass"
            ]
            assert is_aws_domain(address.partition("@")[2])
            assert set(domains or signers) & {address.partition("@")[2], "amazon.com", "aws.com"}


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
    assert all("@" in address for address in parse_addresses(value))


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


FORWARDER = ways.FORWARDER.partition("<")[2].rstrip(">")


@pytest.mark.parametrize(
    ("raw", "forwarders", "kind", "trusted"),
    [
        (PASSED_ON, ("example.com",), ProofKind.FORWARDER, True),
        (PASSED_ON, ("x.example", FORWARDER), ProofKind.FORWARDER, True),
        (PASSED_ON, ("x.example", "jo@example.com", "sub.example.com", "com"), ProofKind.FORWARDER, False),
        (PASSED_ON, (), ProofKind.FORWARDER, False),
        (PASSED_ON.replace(b"dmarc=pass", b"dmarc=fail"), ("example.com",), ProofKind.NONE, False),
        (GENUINE, ("amazon.com",), ProofKind.AWS, False),
    ],
)
def test_a_forwarder_that_the_settings_trust(raw, forwarders, kind, trusted):
    proof = prove(raw, None, TrustedSenders(forwarders=forwarders))

    assert (proof.kind, proof.trusted) == (kind, trusted)
    assert ("which the settings trust" in english(proof.reason)) == trusted


def test_a_trusted_forwarder_that_passes_on_no_notice_vouches_for_nothing():
    hello = PASSED_ON.partition(b"\n\n")[0].replace(b"Content-Type: ", b"X-Was: ") + b"\n\nhow are you\n"

    assert prove(hello, None, TrustedSenders(forwarders=("example.com",))).kind is ProofKind.NONE


WITH_NOTICE = attached(INNER)
ADMINS = TrustedSenders(admins=(ADMIN,))
(TO_CHECK,) = mails_to_check(WITH_NOTICE, ALL_PASS, ADMINS)
GOOD = DkimSignature("amazon.com", "k1", True, "it verifies", False, COVERED, datetime(2024, 9, 10, 8, tzinfo=UTC))


def _proof(*signatures: DkimSignature, raw: bytes = WITH_NOTICE):
    return prove(raw, ALL_PASS, ADMINS, CheckedMail(TO_CHECK, signatures))


def test_one_good_signature_of_aws_is_enough():
    for signatures in (
        [GOOD],
        [replace(GOOD, verified=False, reason=verbatim("no")), GOOD],
        [replace(GOOD, domain=""), GOOD],
    ):
        assert _proof(*signatures).kind is ProofKind.AWS


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"verified": False, "reason": phrase("signature:no_key")}, "DNS has no key for it"),
        ({"partial": True}, "tag l="),
        ({"domain": "amazonses.com"}, "it has no signature of amazon.com"),
        ({"domain": "aws.com"}, "it has no signature of amazon.com"),
        ({"domain": "amazon.com.evil.example"}, "it has no signature of amazon.com"),
        ({"domain": ""}, "it has no signature of amazon.com"),
        *[
            ({"covers": tuple(field for field in COVERED if field != name)}, f"does not cover {name.title()}")
            for name in ("from", "to", "subject", "date", "message-id", "content-type", "content-transfer-encoding")
        ],
    ],
)
def test_what_a_signature_must_be_to_count(change, words):
    proof = _proof(replace(GOOD, **change))

    assert proof.kind is ProofKind.FORWARDER
    assert words in english(proof.reason)


def test_without_a_signature_the_admin_vouches_as_any_forwarder_does():
    assert _proof().kind is ProofKind.FORWARDER
    assert "no signature of amazon.com" in english(_proof().reason)


def test_what_is_read_is_what_was_checked():
    checked = CheckedMail(TO_CHECK, (GOOD,))

    assert proven_bytes(WITH_NOTICE, _proof(GOOD), checked) == TO_CHECK
    assert proven_bytes(WITH_NOTICE, _proof(), checked) == WITH_NOTICE
    assert proven_bytes(GENUINE, prove(GENUINE, ALL_PASS), None) == GENUINE


@pytest.mark.parametrize(
    ("raw", "verdicts", "trust"),
    [
        (WITH_NOTICE, ALL_PASS, NO_TRUSTED_SENDERS),
        (WITH_NOTICE, replace(ALL_PASS, dmarc="GRAY"), ADMINS),
        (b"X-Submitted: by an admin\r\n" + WITH_NOTICE, None, ADMINS),
        (attached(INNER, sender="eve@example.com"), ALL_PASS, ADMINS),
        (attached(INNER, INNER), ALL_PASS, ADMINS),
        (attached(b"Subject: hello\n\nhow are you\n"), ALL_PASS, ADMINS),
        (attached(), ALL_PASS, ADMINS),
        (GENUINE, ALL_PASS, ADMINS),
        (GENUINE, None, ADMINS),
        (PASSED_ON, ALL_PASS, TrustedSenders(admins=(FORWARDER,))),
        (b"", None, ADMINS),
    ],
)
def test_nothing_else_is_checked(raw, verdicts, trust):
    assert mails_to_check(raw, verdicts, trust) == ()


def test_a_notice_in_a_file_is_checked_itself():
    assert mails_to_check(INNER, None, NO_TRUSTED_SENDERS) == (INNER,)
