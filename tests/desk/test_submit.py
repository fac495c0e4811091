"""`desk submit` stores the mail, tells the intake queue, and says in words what AWS refuses."""

import io

import boto3
import pytest
from moto import mock_aws

from desk.errors import DeskError
from desk.submit import submit
from lambdas.domain.intake.arrival import parse_arrival

MAIL = b"From: ec2-abuse@amazon.com\nSubject: Your AWS Abuse Report [1]\n\nHello\n"


@pytest.fixture
def deployed(monkeypatch):
    """What the stack's outputs name; that they are read from the stack is seen end to end."""
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="mail-bucket")
        queue = boto3.client("sqs").create_queue(QueueName="front")["QueueUrl"]
        outputs = {"MailBucket": "mail-bucket", "IntakeQueue": queue}
        monkeypatch.setattr("desk.submit.outputs", lambda: outputs)
        yield outputs


@pytest.fixture
def mail(tmp_path):
    file = tmp_path / "notice.eml"
    file.write_bytes(MAIL)
    return file


def test_the_mail_is_stored_and_the_intake_queue_told(deployed, mail):
    out = io.StringIO()

    assert submit(mail, out) == 0

    (message,) = boto3.client("sqs").receive_message(QueueUrl=deployed["IntakeQueue"])["Messages"]
    arrival = parse_arrival(message["Body"], deployed["MailBucket"])
    assert arrival.is_submitted
    stored = boto3.client("s3").get_object(Bucket=arrival.bucket, Key=arrival.key)["Body"].read()
    assert stored == MAIL
    assert f"s3://{arrival.bucket}/{arrival.key}" in out.getvalue()


def test_the_same_file_again_is_the_same_execution(deployed, mail):
    submit(mail, io.StringIO())
    submit(mail, io.StringIO())

    answers = (boto3.client("sqs").receive_message(QueueUrl=deployed["IntakeQueue"]) for _ in range(2))
    bodies = [message["Body"] for answer in answers for message in answer["Messages"]]
    names = {parse_arrival(body, deployed["MailBucket"]).execution_name for body in bodies}
    assert len(names) == 1


def test_without_credentials_the_desk_says_what_would_be_right(mail, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(DeskError, match="Unable to locate credentials") as caught:
        submit(mail, io.StringIO())
    assert "for example AWS_PROFILE=security" in str(caught.value)


def test_where_the_queue_is_gone_the_desk_says_so(deployed, mail):
    boto3.client("sqs").delete_queue(QueueUrl=deployed["IntakeQueue"])
    with pytest.raises(DeskError, match=r"AWS refused: .*NonExistentQueue"):
        submit(mail, io.StringIO())


def test_without_a_file_nothing_is_asked_of_aws(tmp_path):
    with pytest.raises(DeskError, match="there is no file"):
        submit(tmp_path / "missing.eml", io.StringIO())
