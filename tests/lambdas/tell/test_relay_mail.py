"""No mail ends silently: what is no notice, or could not be handled, goes to the admins."""

from pathlib import Path

import pytest

from tests.samples import ARRIVAL, MAIL_BUCKET

STEP = "Relay mail"
STORY = Path(__file__).parents[3] / "desk" / "rehearsal" / "story"
ANSWERS = Path(__file__).parents[2] / "mails" / "answers"
TROUBLE = {"state": "Open case", "error": {"Error": "InternalServerError", "Cause": '{"errorMessage": "try again"}'}}


@pytest.fixture
def relay(call, buckets):
    """Relay a stored mail, or one that is not there."""

    def step(raw, *failures, notice=None, **of_arrival):
        if raw is not None:
            buckets.put_object(Bucket=MAIL_BUCKET, Key=ARRIVAL.key, Body=raw)
        return call("tell", STEP, arrival={**ARRIVAL.to_json(), **of_arrival}, notice=notice, failures=list(failures))

    return step


def test_a_mail_that_is_no_notice_goes_out_as_it_came(relay, only_mail):
    relay(b"From: a@example.com\r\nSubject: Confirmation code 482 913\r\n\r\nSee https://example.com/482913\r\n")
    mail = only_mail()
    assert mail.subject == "INFO: mail that is not a notice: Confirmation code 482 913"
    assert "> See hxxps://example[.]com/482913" in mail.text
    assert f"s3://{MAIL_BUCKET}/{ARRIVAL.key}" in mail.text


def test_what_was_found_out_about_a_mail_is_told(relay, only_mail):
    relay((ANSWERS / "forged-dmarc-fails.eml").read_bytes(), notice={"kind": "none", "reason": "DMARC does not pass"})
    mail = only_mail()
    assert mail.subject.startswith("INFO: mail that is not a notice: Re: Your Amazon EC2 Abuse Report")
    assert "was not recognised as an abuse notice: DMARC does not pass. Nothing was changed." in mail.text


def test_a_notice_that_could_not_be_handled_is_urgent(relay, admins):
    (story,) = STORY.glob("1-*.eml")
    relay(story.read_bytes(), TROUBLE)
    (mail,), (sms,) = admins("email"), admins("sms")
    assert mail.subject.startswith("URGENT: an abuse notice could not be handled")
    assert "FAILED: Open case: InternalServerError: try again" in mail.text
    assert "i-0a7b1dd0e3f94c256" in mail.text.splitlines()[0]
    assert sms.text.startswith("URGENT: ")


def test_a_forgery_that_could_not_be_handled_sends_no_sms(relay, only_mail):
    (story,) = STORY.glob("1-*.eml")
    failed = dict.fromkeys(("spf", "dkim", "dmarc"), "FAIL")
    relay(story.read_bytes(), TROUBLE, verdicts={**failed, "spam": "PASS", "virus": "PASS"})
    assert only_mail().subject.startswith("WARNING: unproven notice")


def test_a_mail_that_cannot_be_fetched_is_told_with_its_place_and_the_reason(relay, only_mail):
    relay(None, {"state": "Read notice", "error": {"Error": "ClientError", "Cause": "AccessDenied"}})
    mail = only_mail()
    assert mail.subject == "URGENT: a mail to the abuse address could not be read"
    assert f"It is stored at s3://{MAIL_BUCKET}/{ARRIVAL.key}" in mail.text
    assert "FAILED: Read notice: ClientError: AccessDenied" in mail.text
    assert "FAILED: Relay mail: " in mail.text
    assert "NoSuchKey" in mail.text


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00\x00", b"\r\n\r\n", b"x" * 3_000_000])
def test_nothing_is_too_odd_to_be_relayed(relay, only_mail, raw):
    assert relay(raw)["outcome"] == "done"
    assert only_mail().subject.startswith("INFO: mail that is not a notice")


def test_an_empty_object_is_told_too(relay, only_mail):
    """S3 has no range of an empty object to give."""
    assert relay(b"")["outcome"] == "done"
    assert only_mail().subject
