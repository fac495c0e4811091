"""The first alert as the state machine asks for it."""

import pytest

from lambdas.domain.intake.notice import NoticeKind
from tests.samples import ARRIVAL, CASE, INSTANCE, PROVEN, UNPROVEN, notice


@pytest.fixture
def alert(call, case):
    """Send the first alert of a notice."""

    def step(proof=PROVEN, **about):
        return call(
            "tell",
            "Send first alert",
            arrival=ARRIVAL.to_json(),
            notice=notice(**about).to_json(),
            proof=proof.to_json(),
            case={
                **case,
                "instances": [{"instance_id": INSTANCE, "region": None}],
                "deadline": {"at": "2026-11-17T07:42:08+00:00", "stated": False},
            },
        )

    return step


@pytest.mark.parametrize("kind", [NoticeKind.FIRST_NOTICE, NoticeKind.FOLLOW_UP, NoticeKind.ACTION_TAKEN])
def test_what_aws_says_goes_out_by_mail_and_sms(alert, admins, kind):
    assert alert(kind=kind)["outcome"] == "done"
    (mail,), (sms,) = admins("email"), admins("sms")
    assert mail.subject.startswith("URGENT: AWS ")
    assert "Urgent: answer by Tue 17 Nov 2026 07:42 UTC" in mail.text.splitlines()[0]
    assert f"s3://{ARRIVAL.bucket}/{ARRIVAL.key}" in mail.text
    assert CASE in sms.text


def test_what_is_not_proven_goes_out_by_mail_alone(alert, only_mail):
    alert(UNPROVEN)
    mail = only_mail()
    assert mail.subject.startswith("WARNING: ")
    assert mail.text.startswith("A mail that is not proven to be from AWS")


def test_the_alert_carries_the_text_of_the_mail(alert, admins, buckets):
    raw = b"From: ec2-abuse@amazon.com\nSubject: Report\n\nStop it, see https://example.com/report.\n"
    buckets.put_object(Bucket=ARRIVAL.bucket, Key=ARRIVAL.key, Body=raw)
    alert()
    (mail,) = admins("email")
    assert "> Stop it, see hxxps://example[.]com/report." in mail.text


@pytest.mark.usefixtures("buckets")
def test_a_mail_that_cannot_be_fetched_holds_up_no_alert(alert, admins):
    alert()
    (mail,) = admins("email")
    assert mail.subject.startswith("URGENT: AWS ")
    assert "> (The text could not be fetched: An error occurred (NoSuchKey)" in mail.text
