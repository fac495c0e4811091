"""A stored mail as the state machine gets it."""

import json
from types import SimpleNamespace

import dns.resolver
import pytest
from botocore.exceptions import ClientError

from lambdas.domain.phrase import Phrase
from lambdas.signatures import txt_record
from tests.samples import ALL_PASS, CASE, INSTANCE, MAIL_BUCKET, english
from tests.signed import INNER, attached, key, signed

STEP = "Read notice"
FAIL = {**dict.fromkeys(("spf", "dkim", "dmarc"), "FAIL"), "spam": "PASS", "virus": "PASS"}


@pytest.fixture
def read(call, stored):
    """What the state machine gets of a mail."""
    return lambda raw, **more: call("read", STEP, arrival=stored(raw, **more))


@pytest.mark.parametrize(
    ("number", "kind", "instances"),
    [(1, "first_notice", [INSTANCE]), (2, "follow_up", [INSTANCE]), (3, "resolved", [])],
)
def test_the_story(read, story, number, kind, instances):
    result = read(story(number))
    notice = result["notice"]
    assert (notice["kind"], notice["case_numbers"]) == (kind, [CASE])
    assert [one["instance_id"] for one in notice["resources"]] == instances
    assert result["proof"]["kind"] == "aws"


def test_what_ses_says_outweighs_what_the_mail_says_of_itself(read, story):
    """The mail carries a header block that says "pass"; any sender can write one."""
    forged = type(ALL_PASS)(**FAIL)
    proof = read(story(1), verdicts=forged)["proof"]
    assert proof["kind"] == "none"
    assert "FAIL" in english(Phrase.from_json(proof["reason"]))


def test_neither_the_text_nor_the_findings_go_through_the_state_machine(read, story):
    raw = story(1) + b"A long report line.\n" * 20_000
    result = read(raw)
    assert {"text", "extracted_values"}.isdisjoint(result["notice"])
    assert len(json.dumps(result)) < 20_000  # a state takes 256 KiB


@pytest.mark.parametrize("raw", [b"x", b"\xff\xfe\x00", b"Subject: hello\n\nhow are you\n"])
def test_anything_else_is_read_as_no_notice(read, raw):
    result = read(raw)
    assert result["notice"]["kind"] == "none"
    assert result["notice"]["reason"]


def test_a_huge_mail_is_read_from_its_front(read, story):
    assert read(story(1) + b"x" * 5_000_000)["notice"]["kind"] == "first_notice"


def test_a_mail_that_is_not_there_raises(call, stored, buckets):
    arrival = stored(b"x")
    buckets.delete_object(Bucket=MAIL_BUCKET, Key="mail/one")
    with pytest.raises(ClientError, match="NoSuchKey"):
        call("read", STEP, arrival=arrival)


@pytest.fixture
def keys(monkeypatch):
    """Let DNS have our key for any name, and keep which names it is asked for."""
    asked = []

    def resolve(name, *_, **__):
        asked.append(name)
        return [SimpleNamespace(strings=(key().record,))]

    monkeypatch.setattr(dns.resolver, "resolve", resolve)
    txt_record.cache_clear()
    yield asked
    txt_record.cache_clear()


def test_a_notice_that_an_admin_attaches_is_proven_by_its_signature_and_read_alone(read, keys):
    result = read(attached(signed(), said="please be quick, i-0bad0bad0bad0bad0 too"))
    assert result["proof"]["kind"] == "aws"
    assert result["notice"]["message_id"] == "0100-signed@email.amazonses.com"
    assert result["notice"]["sent_at"] == "2024-09-10T08:00:00+00:00"
    assert keys == ["k1._domainkey.amazon.com."]


def test_a_notice_that_was_changed_before_an_admin_attached_it_is_read_and_not_proven(read, keys):
    result = read(attached(signed().replace(b"Hello", b"Hallo")))
    assert result["proof"]["kind"] == "forwarder"
    assert "changed after it was signed" in english(Phrase.from_json(result["proof"]["reason"]))
    assert result["notice"]["kind"] == "first_notice"
    assert len(keys) == 1


@pytest.mark.parametrize("sender", ["eve@example.com", "ada@example.com.evil.example"])
def test_for_others_nothing_is_looked_up(read, keys, sender):
    assert read(attached(signed(), sender=sender))["proof"]["kind"] == "forwarder"
    assert keys == []


@pytest.mark.parametrize(("forwarders", "trusted"), [((), False), (("x.example", "example.com"), True)])
def test_a_forwarder_that_the_settings_trust(read, configure, forwarders, trusted):
    configure(trusted_forwarders=forwarders)
    proof = read(attached(INNER, sender="noc@example.com"))["proof"]
    assert (proof["kind"], proof["trusted"]) == ("forwarder", trusted)


def test_a_submitted_file_is_believed_for_its_signature_only(read, story):
    result = read(story(1), key="submitted/one", verdicts=None)
    assert result["notice"]["case_numbers"] == [CASE]
    assert result["proof"]["kind"] == "none"
