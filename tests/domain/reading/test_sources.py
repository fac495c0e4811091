"""A mail and an event of AWS Health become the same kind of notice, each with its own proof."""

import json
from pathlib import Path

import pytest

from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import NoticeKind, ProofKind
from lambdas.domain.reading.sources import prove_arrival, read_arrival, without_forged_ses_header
from tests.samples import ALL_PASS, INSTANCE, MAIL_BUCKET, RECEIVED

STORY = Path(__file__).parents[3] / "desk" / "rehearsal" / "story"
HEALTH = Arrival(MAIL_BUCKET, "health/0a1b2c3d4e5f/one", RECEIVED, None)
MAIL = Arrival(MAIL_BUCKET, "mail/one", RECEIVED, ALL_PASS)


@pytest.fixture
def mail():
    return next(STORY.glob("1-*.eml")).read_bytes()


def event(entity=f"arn:aws:ec2:ap-northeast-1:552071934480:instance/{INSTANCE}", code="AWS_ABUSE_DOS_REPORT"):
    detail = {
        "service": "ABUSE",
        "eventTypeCode": code,
        "eventArn": f"arn:aws:health:global::event/{code}_1",
        "communicationId": "c1-1",
        "startTime": "Mon, 16 Nov 2026 07:30:00 GMT",
        "affectedAccount": "552071934480",
        "eventDescription": [{"language": "en_US", "latestDescription": "Please look into the activity."}],
        "affectedEntities": [{"entityValue": entity, "status": "IMPAIRED"}],
    }
    return json.dumps({"source": "aws.health", "detail-type": "AWS Health Abuse Event", "detail": detail}).encode()


@pytest.mark.parametrize(
    ("entity", "region"),
    [(f"arn:aws:ec2:ap-northeast-1:552071934480:instance/{INSTANCE}", "ap-northeast-1"), (INSTANCE, None)],
)
def test_a_health_event_is_a_notice_that_proves_itself(entity, region):
    notice = read_arrival(HEALTH, event(entity))
    (resource,) = notice.resources
    assert (notice.kind, notice.abuse_type, notice.account_ids) == (NoticeKind.FIRST_NOTICE, "dos", ("552071934480",))
    assert (resource.instance_id, resource.region) == (INSTANCE, region)
    assert prove_arrival(HEALTH, event(entity)).kind is ProofKind.AWS


def test_a_mail_is_read_and_proven_as_a_mail(mail):
    assert read_arrival(MAIL, mail).instance_ids == (INSTANCE,)
    assert prove_arrival(MAIL, mail).kind is ProofKind.AWS


def test_a_mail_cannot_come_in_by_the_other_door():
    """The JSON of an event, sent as a mail, is a mail: its proof is SES's verdict, not its own words."""
    raw = b"From: attacker@example.org\nSubject: event\n\n" + event()
    assert prove_arrival(MAIL, raw).kind is not ProofKind.AWS


def test_a_submitted_file_cannot_speak_for_ses(mail):
    """The file begins with a header block that says "pass"; whoever wrote the file wrote that too."""
    submitted = Arrival(MAIL_BUCKET, "submitted/one", RECEIVED, None)
    raw = without_forged_ses_header(submitted, mail)
    assert prove_arrival(submitted, mail).kind is ProofKind.AWS  # what the line above is for
    assert prove_arrival(submitted, raw).kind is ProofKind.NONE
    assert read_arrival(submitted, raw).instance_ids == (INSTANCE,)


@pytest.mark.parametrize("arrival", [HEALTH, MAIL])
def test_what_comes_in_by_itself_is_left_as_it_is(arrival, mail):
    assert without_forged_ses_header(arrival, mail) == mail
