"""Our own check of signatures, as far as what it proves: real keys, real signatures, and a DNS of the test's."""

import subprocess
import sys
import time
from dataclasses import replace

import dkim
import dns.exception
import dns.resolver
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.domain.intake.arrival import SesVerdicts
from lambdas.domain.intake.notice import ProofKind
from lambdas.domain.phrase import phrase
from lambdas.domain.reading import read_notice
from lambdas.domain.reading.mail_parser import parse_mail
from lambdas.domain.reading.proof import CheckedMail, TrustedSenders, mails_to_check, prove, proven_bytes
from lambdas.signatures import (
    _LONGEST_BLANK,
    _MOST_SIGNATURE,
    NoDnsRecord,
    checked_mail,
    txt_record,
    verified_signatures,
)
from tests.mails.ways import passing, ses_block
from tests.samples import ALL_PASS, english
from tests.signed import ADMIN, COVERED, INNER, NO_KEY, NOTICE, SHORT, Dns, attached, key, signed

FAILS = SesVerdicts("PASS", "PASS", "FAIL", "PASS", "PASS")
TRUST = TrustedSenders(admins=(ADMIN,))
FIRST, *_ = NOTICE.says["instance_ids"]
OTHER = "i-0bad0bad0bad0bad0"


def understood(raw, verdicts=ALL_PASS, lookup=None):
    """What the read function makes of a mail: the proof, and the notice that it is the proof of."""
    mail = next(iter(mails_to_check(raw, verdicts, TRUST)), None)
    checked = CheckedMail(mail, verified_signatures(mail, lookup or Dns())) if mail else None
    proof = prove(raw, verdicts, TRUST, checked)
    return proof, read_notice(proven_bytes(raw, proof, checked))


def changed(old, new, mail=None):
    """A signed mail, changed after it was signed."""
    before = mail or signed()
    after = before.replace(old, new, 1)
    assert after != before
    return after


def crlf(mail):
    return mail.replace(b"\n", b"\r\n")


def test_an_attached_notice_is_proven_by_its_own_signature():
    lookup = Dns()
    proof, notice = understood(attached(signed()), lookup=lookup)
    assert proof.kind is ProofKind.AWS
    assert english(proof.reason) == (
        "amazon.com signed it, as our own check shows; ada@example.com, an admin, attached it, "
        "DMARC passes according to SES (PASS)"
    )
    assert lookup.asked == ["k1._domainkey.amazon.com."]
    assert notice.instance_ids == (FIRST,)


def test_the_notice_proven_is_dated_and_named_as_the_attached_mail_is():
    _, notice = understood(attached(signed()))
    assert f"{notice.sent_at:%H:%M}" == "08:00"  # the mail around it: 09:00
    assert notice.message_id == "0100-signed@email.amazonses.com"


AS_IT_CAME = {
    "as a mail": attached(signed()),
    "as a file": attached(signed(), as_file=True),
    "in base64": attached(signed(), in_base64=True),
    "in base64, with CRLF": attached(crlf(signed()), in_base64=True),
    "as a file in base64, with CRLF": attached(crlf(signed()), in_base64=True, as_file=True),
    "with CRLF": crlf(attached(signed())),
    "in a mail in a mail": attached(attached(signed(), sender="ben@example.com")),
    "below the fields of every server on its way": attached(b"Received: by x.example\nX-Spam: no\n" + signed()),
    "below the envelope line of a mailbox file": attached(b"From x@y.example Tue Sep 10 08:00:00 2024\n" + signed()),
    "with SES's own signature above": attached(signed(signed(), "amazonses.com")),
    "with SES's own signature below": attached(signed(signed(domain="amazonses.com"))),
    "signed by a subdomain": attached(signed(domain="bounces.amazon.com")),
    "with more blank lines at the end": attached(signed() + b"\n\n\n"),
    "with an admin's address in capitals": attached(signed(), sender="Ada@Example.COM"),
    "with four signatures of AWS that do not verify above it": attached(
        signed(signed(signed(signed(signed(), by=key("a")), by=key("a")), by=key("a")), by=key("a"))
    ),
}


@pytest.mark.parametrize("raw", AS_IT_CAME.values(), ids=AS_IT_CAME)
def test_what_mail_programs_do_to_an_attached_mail_leaves_the_proof(raw):
    proof, notice = understood(raw)
    assert (proof.kind, notice.instance_ids) == (ProofKind.AWS, (FIRST,)), proof.reason


def hidden_text():
    """A line of blanks ends the header for the reader; by RFC 5322 the header goes on, and is not signed."""
    lie = INNER.partition(b"\n\n")[2].replace(FIRST.encode(), OTHER.encode())
    return b"X-Note: a\n \n " + lie.replace(b"\n", b"\n ")


def many_fields():
    """More fields than the reader reads: it would read ours, and the signature would cover AWS's below."""
    ours = INNER.partition(b"\n\n")[0].replace(b"Date: Tue, 10", b"Date: Wed, 11")
    between = b"".join(b"X-%d: y\n" % number for number in range(200))
    return signed().removesuffix(INNER) + ours + b"\n" + between + INNER


BODY_CHANGED = "the mail's text was changed after it was signed"
HEADER_CHANGED = "its header was changed after it was signed, or it was made with another key"
TWICE = "is in it more than once"
NOT_COVERED = "it does not cover"
TAMPERED = {
    "a footer": (signed() + b"Scanned by Example\n", BODY_CHANGED),
    "another instance": (changed(FIRST.encode(), OTHER.encode()), BODY_CHANGED),
    "another subject": (changed(b"Subject: ", b"Subject: [EXTERNAL] "), HEADER_CHANGED),
    "another date": (changed(b"Tue, 10 Sep 2024", b"Tue, 17 Sep 2024"), HEADER_CHANGED),
    "another account in To": (changed(b"To: root@", b"To: boot@"), HEADER_CHANGED),
    "a second From above": (b"From: x@evil.example\n" + signed(), None),
    "a second From of AWS above": (b"From: ec2-abuse@amazon.com\n" + signed(), f"From {TWICE}"),
    "a second Subject above": (b"Subject: other\n" + signed(), f"Subject {TWICE}"),
    "a second Date above": (b"Date: Wed, 11 Sep 2024 08:00:00 +0000\n" + signed(), f"Date {TWICE}"),
    "a second encoding above": (b"Content-Transfer-Encoding: base64\n" + signed(), None),
    "a second content type above": (b"Content-Type: text/html\n" + signed(), f"Content-Type {TWICE}"),
    "more text behind l=": (signed(length=True) + b"and more\n", "only part of the text (tag l=)"),
    "l= with nothing behind": (signed(length=True), "only part of the text (tag l=)"),
    "the signature of another": (signed(domain="evil.example"), "it has no signature of amazon.com"),
    "SES's signature alone": (signed(domain="amazonses.com"), "it has no signature of amazon.com"),
    "the signature of another domain of AWS": (signed(domain="amazonaws.com"), "it has no signature of amazon.com"),
    "no signature": (INNER, "it has no signature of amazon.com"),
    "an unsigned date": (signed(covered=tuple(x for x in COVERED if x != "date")), f"{NOT_COVERED} Date"),
    "an unsigned subject": (signed(covered=tuple(x for x in COVERED if x != "subject")), f"{NOT_COVERED} Subject"),
    "unsigned To and Message-ID": (
        signed(covered=("from", "subject", "date", "content-type")),
        f"{NOT_COVERED} To, Mes",
    ),
    "an encoding added": (
        changed(
            b"From:",
            b"Content-Transfer-Encoding: base64\nFrom:",
            signed(INNER.replace(b"Content-Transfer-Encoding: 8bit\n", b""), covered=COVERED[:-1]),
        ),
        None,
    ),
    "a key that is not AWS's": (signed(by=key("theirs")), HEADER_CHANGED),
    "a signature that has expired": (
        changed(b"DKIM-Signature: v=1;", b"DKIM-Signature: v=1; x=1000000000;"),
        "it has expired",
    ),
    "a signature of the time of sha1": (signed(algorithm=b"rsa-sha1"), "rsa-sha1 is too weak (RFC 8301)"),
    "a signature that is none": (changed(b" bh=", b" bx="), "it cannot be checked: ValidationError: missing"),
    "a signature with a tag twice": (changed(b" q=dns/txt;", b" q=dns/txt; a=rsa-sha256;"), "it cannot be checked"),
    "text hidden between header and body": (hidden_text() + b"\n" + signed(), None),
    "more fields than are read": (many_fields(), "its header can be read in more than one way"),
    "a line in the header that is no field": (changed(b"MIME-Version", b"no field\nMIME-Version"), None),
    "a carriage return in the header": (b"X-Note: a\rSubject: other\n" + signed(), f"Subject {TWICE}"),
    "very many blanks": (signed(INNER + b" " * 5000 + b"x\n"), "100 spaces in a row"),
    "a very long signature": (changed(b" q=dns/txt;", b" q=dns/txt; z=" + b"a" * 5000 + b";"), "longer than 4096"),
    "five signatures of AWS above that do not verify": (
        b"DKIM-Signature: d=amazon.com; s=a\n" * 5 + signed(),
        "does not count",
    ),
}


@pytest.mark.parametrize(("mail", "words"), TAMPERED.values(), ids=TAMPERED)
def test_what_was_changed_in_an_attached_mail_undoes_the_proof(mail, words):
    proof, _ = understood(attached(mail))
    assert proof.kind is not ProofKind.AWS
    if words:
        assert words in english(proof.reason)


DNS = {
    "no key": (NO_KEY, "DNS has no key for it"),
    "no answer": (NoDnsRecord(phrase("signature:no_answer", error="LifetimeTimeout")), "DNS did not answer"),
    "an error nobody thought of": (OSError("no network"), "it cannot be checked: OSError: no network"),
    "an empty record": (b"", "missing public key"),
    "something else": (b"v=spf1 -all", "it cannot be checked"),
    "a broken key": (b"v=DKIM1; p=AAAA", "it cannot be checked"),
    "a key that was taken back": (b"v=DKIM1; p=", "it cannot be checked"),
    "no base64": (b"v=DKIM1; p=\xff", "it cannot be checked"),
    "the key of another": (key("theirs").record, HEADER_CHANGED),
}


@pytest.mark.parametrize(("answer", "words"), DNS.values(), ids=DNS)
def test_without_the_key_nothing_is_proven(answer, words):
    proof, _ = understood(attached(signed()), lookup=Dns(answer))
    assert proof.kind is ProofKind.FORWARDER
    assert words in english(proof.reason)


def test_a_short_key_proves_nothing():
    proof, _ = understood(attached(signed(by=SHORT)), lookup=Dns(SHORT.record))
    assert proof.kind is ProofKind.FORWARDER
    assert "public key too small: 512" in english(proof.reason)


UNKNOWN = {
    "of somebody else": (attached(signed(), sender="eve@example.com"), ALL_PASS),
    "of an admin whose domain does not vouch for it": (attached(signed()), FAILS),
    "of an admin, as a file without SES's results": (b"X-Submitted: by an admin\r\n" + attached(signed()), None),
    "that names an admin and somebody else": (attached(signed()).replace(b"From: ", b"From: x@y.example, "), ALL_PASS),
    "with two From": (b"From: eve@example.com\n" + attached(signed()), ALL_PASS),
    "to which SES gave a bad verdict": (signed(), FAILS),
}


@pytest.mark.parametrize(("raw", "verdicts"), UNKNOWN.values(), ids=UNKNOWN)
def test_a_mail_of_nobody_we_know_is_not_looked_into(raw, verdicts):
    """Neither a stranger nor a forger makes us ask DNS: mail_to_check names no mail."""
    lookup = Dns()
    proof, _ = understood(raw, verdicts, lookup)
    assert proof.kind is not ProofKind.AWS
    assert lookup.asked == []


HARMLESS = signed(
    INNER.partition(b"\n\n")[0].replace(NOTICE.subject.encode(), b"Your invoice") + b"\n\nThank you for your order.\n"
)
LIE = INNER.replace(FIRST.encode(), OTHER.encode())
INLINE = "---------- Forwarded message ---------\n" + LIE.decode()
MIXED = {
    "a genuine harmless mail and a forged notice": attached(HARMLESS, LIE),
    "a forged notice and a genuine harmless mail": attached(LIE, HARMLESS),
    "a genuine harmless mail, and a forged notice forwarded inline": attached(HARMLESS, said=INLINE),
    "a genuine notice, and a forged one forwarded inline": attached(signed(), said=INLINE),
    "a genuine notice and a forged one": attached(signed(), LIE),
    "a forged notice and a genuine one": attached(LIE, signed()),
    "a genuine notice inside a forged one": attached(
        LIE.replace(b"text/plain; charset=utf-8", b'multipart/mixed; boundary="b"').replace(
            b"\n\n", b"\n\n--b\nContent-Type: text/plain\n\n", 1
        )
        + b"\n--b\nContent-Type: message/rfc822\n\n"
        + signed()
        + b"\n--b--\n"
    ),
}


@pytest.mark.parametrize("raw", MIXED.values(), ids=MIXED)
def test_the_mail_that_is_read_is_the_mail_whose_signature_was_checked(raw):
    """Whatever genuine mail comes along, it proves nothing of the notice beside it."""
    proof, notice = understood(raw)
    assert proof.kind is not ProofKind.AWS or OTHER not in notice.instance_ids
    assert proof.kind is ProofKind.FORWARDER


def test_a_check_of_another_mail_counts_for_nothing():
    mail = next(iter(mails_to_check(attached(signed()), ALL_PASS, TRUST)))
    genuine = CheckedMail(mail, verified_signatures(mail, Dns()))
    assert prove(attached(signed()), ALL_PASS, TRUST, genuine).kind is ProofKind.AWS
    assert prove(attached(LIE), ALL_PASS, TRUST, genuine).kind is ProofKind.FORWARDER
    assert prove(attached(signed()), ALL_PASS, TrustedSenders(), genuine).kind is ProofKind.FORWARDER
    assert prove(attached(signed()), FAILS, TRUST, genuine).kind is ProofKind.NONE


@pytest.mark.parametrize("raw", [signed(), crlf(signed()), signed(signed(), "amazonses.com")])
def test_a_notice_given_as_a_file_is_proven_by_its_own_signature(raw):
    proof, notice = understood(raw, None)
    assert (proof.kind, english(proof.reason)) == (ProofKind.AWS, "amazon.com signed it, as our own check shows")
    assert notice.instance_ids == (FIRST,)


def test_a_file_that_was_changed_is_not_proven():
    proof, _ = understood(signed() + b"and more\n", None)
    assert proof.kind is ProofKind.NONE
    assert english(proof.reason) == (
        "From says amazon.com, but it has no result of Amazon SES at the top; "
        f"our own check says that the signature of amazon.com does not count: {BODY_CHANGED}"
    )


def test_what_a_signature_says_of_itself():
    before = int(time.time())
    amazon, ses = verified_signatures(signed(signed(domain="amazonses.com", length=True)), Dns())
    assert (amazon.domain, amazon.selector, amazon.verified, amazon.partial) == ("amazon.com", "k1", True, False)
    assert set(amazon.covers) == set(COVERED)
    assert before <= amazon.signed_at.timestamp() <= time.time()
    assert (ses.domain, ses.verified, ses.partial) == ("amazonses.com", False, True)
    assert english(ses.reason) == "it is not AWS's, so its key was not looked up"


def test_a_signature_without_a_selector_is_not_looked_up():
    lookup = Dns()
    (found,) = verified_signatures(changed(b"s=k1;", b"s=;"), lookup)
    assert (english(found.reason), lookup.asked) == ("it names no key that DNS could have", [])


def test_at_most_five_signatures_are_looked_into():
    lookup = Dns()
    many = b"DKIM-Signature: v=1; a=rsa-sha256; d=amazon.com; s=a; h=from; bh=AAAA; b=AAAA\n" * 9 + INNER
    found = verified_signatures(many, lookup)
    assert len(found) == 9
    assert len(lookup.asked) <= 5
    assert "more than 5" in english(found[5].reason)


@pytest.mark.parametrize(
    "value", ["", ";;;", "d=amazon.com", "d=amazon.com; s=a b", "d=amazon.com; s=\x00", "d=ämazon.com"]
)
@pytest.mark.parametrize(
    "mail", [b"", b"\n", b"DKIM-Signature: %s\n", b"DKIM-Signature: %s\nFrom: x@amazon.com\n\nhello"]
)
def test_any_bytes_are_checked(mail, value):
    for signature in verified_signatures(mail.replace(b"%s", value.encode()), Dns()):
        assert not signature.verified
        assert signature.reason


@pytest.mark.parametrize(
    "mail",
    [
        b"DKIM-Signature: v=1; a=rsa-sha256; d=amazon.com; s=a; h=from; bh=AAAA; b="
        + b"\r\n " * ((_MOST_SIGNATURE - 196) // 3)
        + b"!\nFrom: x@y.example\n\n",
        b"DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=amazon.com; s=a; h=from; bh=AAAA; b=AAAA\n" * 5
        + b"From: x@y.example\n\n"
        + (b" " * (_LONGEST_BLANK - 1) + b"x") * 5000,
    ],
)
def test_a_hostile_mail_is_checked_in_time(mail):
    start = time.thread_time()  # the processor's, so that a busy machine does not count
    verified_signatures(mail, Dns())
    assert time.thread_time() - start < 5


PARTS = signed(INNER.replace(b"text/plain; charset=utf-8", b'multipart/alternative; boundary="b"').replace(
    b"\n\n", b"\n\n--b\nContent-Type: text/plain\n\n", 1) + b"\n--b--\n")  # fmt: skip
PIECES = (
    *(
        b"\n",
        b"\r",
        b"\r\n",
        b" ",
        b"\t",
        b":",
        b";",
        b"\n\n",
        b"\n \n",
        b"\n\t\n",
        b"\x00",
        b"\x0b",
        b"\x0c",
        b"\x1c",
        b"\x85",
    ),
    *(
        b"\xe2\x80\xa8",
        b"l=10;",
        b" folded\n",
        b"From x@y\n",
        b">From x\n",
        b"--=_cut\n",
        b"--=_cut--\n",
        b"--b\n",
        b"--b--\n",
    ),
    *(
        b"From: ec2-abuse@amazon.com\n",
        b"from : ec2-abuse@amazon.com\n",
        b"Subject: other\n",
        b"Message-ID: <x@y>\n",
        b"X-A: b\n",
    ),
    *(b"Date: Wed, 11 Sep 2024 08:00:00 +0000\n", b"Content-Type: text/html\n", b"Content-Transfer-Encoding: base64\n"),
    b"\nEC2 Instance Id: i-0bad0bad0bad0bad0\n",
)
EDITS = st.lists(
    st.tuples(st.floats(0, 1), st.booleans(), st.sampled_from(PIECES), st.sampled_from((0, 0, 0, 1, 2, 40))),
    min_size=1,
    max_size=3,
)


@settings(deadline=None, derandomize=True, max_examples=150)
@given(mail=st.sampled_from((signed(), PARTS)), edits=EDITS, in_base64=st.booleans())
def test_whatever_is_edited_in_a_signed_mail_it_reads_as_before_or_is_not_proven(mail, edits, in_base64):
    """Where our reader and the check of the signature would cut a mail differently, a lie fits between the two."""
    _, before = understood(attached(mail))
    for where, at_line_start, piece, cut in edits:
        # Most edits go into the header: there the two could differ.
        place = int(where * 1.4 * mail.index(b"\n\n")) if where < 0.8 else int(where * len(mail))
        place = mail.rfind(b"\n", 0, place) + 1 if at_line_start else place
        mail = mail[:place] + piece + mail[place + cut :]
    proof, after = understood(attached(mail, in_base64=in_base64))
    if proof.kind is ProofKind.AWS:
        assert {**after.to_json(), "problems": ()} == {**before.to_json(), "problems": ()}
        assert after.text.split() == before.text.split()


def letters(letter):
    yield letter
    for inner in letter.attached:
        yield from letters(inner)


MAILS = (
    *AS_IT_CAME.values(),
    *(attached(mail) for mail, _ in TAMPERED.values()),
    *(attached(mail, in_base64=True) for mail, _ in TAMPERED.values()),
)


@pytest.mark.parametrize("raw", MAILS)
def test_a_letter_is_what_its_own_bytes_say(raw):
    """A signature is checked on `Letter.raw`: read again, it must be the same letter, cut at the same place."""
    for letter in letters(parse_mail(raw)):
        again = parse_mail(letter.raw)
        assert replace(again, problems=letter.problems) == letter
        if b"\nno field" not in letter.raw:  # which dkimpy refuses to read
            _, body = dkim.rfc822_parse(letter.raw)
            assert body == letter.raw.partition(b"\n\n")[2].replace(b"\n", b"\r\n")


@pytest.fixture
def resolver(monkeypatch):
    """Let dnspython say this, and count how often it is asked."""
    txt_record.cache_clear()
    asked = []

    def set_up(answer):
        def resolve(name, kind, **options):
            asked.append((name, kind, options))
            if isinstance(answer, Exception):
                raise answer
            return answer

        monkeypatch.setattr(dns.resolver, "resolve", resolve)
        return asked

    yield set_up
    txt_record.cache_clear()


class Text:
    """A TXT record in pieces of at most 255 bytes, as DNS has it."""

    strings = (b"v=DKIM1; ", b"p=AAAA")


def test_a_record_is_put_together_and_looked_up_once(resolver):
    asked = resolver([Text])
    assert [txt_record("k1._domainkey.amazon.com.") for _ in range(3)] == [b"v=DKIM1; p=AAAA"] * 3
    assert asked == [("k1._domainkey.amazon.com.", "TXT", {"lifetime": 2.0, "search": False})]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (dns.resolver.NXDOMAIN(), "DNS has no key for it"),
        (dns.exception.Timeout(), "DNS did not answer (Timeout)"),
        (dns.resolver.NoNameservers(), "DNS did not answer (NoNameservers)"),
        (OSError(101, "unreachable"), "DNS did not answer (OSError)"),
    ],
)
def test_what_dns_does_not_have_is_asked_again(resolver, failure, words):
    asked = resolver(failure)
    for _ in range(2):
        with pytest.raises(NoDnsRecord) as raised:
            txt_record("k1._domainkey.amazon.com.")
        assert english(raised.value.why) == words
    assert len(asked) == 2


def test_dkimpy_and_dnspython_are_imported_when_a_mail_needs_them():
    """They take longer to import than a notice to read."""
    check = "import sys, lambdas.read, lambdas.signatures; sys.exit(bool({'dkim', 'dns'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", check], check=False).returncode == 0


GROUP = "aws-root@example.org"
IN_GROUP = TrustedSenders(forwarders=(GROUP,))
FOOTER = b'\n-- \nYou received this message because you are subscribed to the Google Groups "AWS Root" group.\n'


def passed_on_by_a_group(mail=INNER, *, tag=b"", footer=b"", change=(b"", b"")):
    """AWS's signed mail as a Google Group passes it on."""
    sender = next(line for line in mail.split(b"\n") if line.startswith(b"From:"))
    rewritten = signed(mail).replace(
        sender, b"From: \"'AWS' via AWS Root\" <" + GROUP.encode() + b">\nX-Original-" + sender
    )
    rewritten = rewritten.replace(b"Subject: ", b"Subject: " + tag).replace(*change)
    return ses_block(GROUP, passing("example.org")).encode() + b"List-ID: <aws-root.example.org>\n" + rewritten + footer


@pytest.mark.parametrize("tag", [b"", b"[aws-root] "])
@pytest.mark.parametrize("footer", [b"", FOOTER])
def test_what_a_google_group_rewrote_is_restored_and_proven(tag, footer):
    proof, notice, _ = through_the_group(passed_on_by_a_group(tag=tag, footer=footer))
    assert (proof.kind, proof.may_contain) == (ProofKind.AWS, True)
    assert notice.instance_ids == (FIRST,)
    assert "restored" in english(proof.reason)


def test_a_footer_in_quoted_printable_is_cut_off_as_well():
    encoded = INNER.replace(b"Encoding: 8bit", b"Encoding: quoted-printable")
    assert encoded != INNER
    proof, notice, _ = through_the_group(passed_on_by_a_group(encoded, footer=FOOTER.replace(b"-- \n", b"--=20\n")))
    assert (proof.may_contain, notice.instance_ids) == (True, (FIRST,))


@pytest.mark.parametrize(
    ("mail", "trust"),
    [
        (passed_on_by_a_group(change=(FIRST.encode(), b"i-0b57a4de7b57a4de7")), IN_GROUP),
        (passed_on_by_a_group(footer=b"\nmore\n" + FOOTER), IN_GROUP),
        (passed_on_by_a_group(), TrustedSenders()),
    ],
    ids=["another instance", "more text", "a group that nobody trusts"],
)
def test_what_cannot_be_restored_is_only_passed_on(mail, trust):
    proof, _, dns = through_the_group(mail, trust)
    assert (proof.kind, proof.may_contain) == (ProofKind.FORWARDER, False)
    assert bool(dns.asked) == bool(trust.forwarders)


def through_the_group(raw, trust=IN_GROUP):
    dns = Dns()
    checked = checked_mail(mails_to_check(raw, ALL_PASS, trust), dns)
    proof = prove(raw, ALL_PASS, trust, checked)
    return proof, read_notice(proven_bytes(raw, proof, checked)), dns
