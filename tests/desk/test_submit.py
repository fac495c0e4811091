"""`desk submit` stores the mail, has the state machine handle it, and says in words what AWS refuses.

Moto starts executions that never end, so what they put out is given here; end to end it is the real one.
"""

import hashlib
import io
import json

import boto3
import pytest
from moto import mock_aws

from desk.errors import DeskError
from desk.submit import submit

MAIL = b"From: ec2-abuse@amazon.com\nSubject: Your AWS Abuse Report [1]\n\nHello\n"
DIGEST = hashlib.sha256(MAIL).hexdigest()


@pytest.fixture
def deployed(monkeypatch):
    """What the stack's outputs name; that they are read from the stack is seen end to end."""
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="mail-bucket")
        machine = boto3.client("stepfunctions").create_state_machine(
            name="desk",
            definition='{"StartAt": "x", "States": {"x": {"Type": "Succeed"}}}',
            roleArn="arn:aws:iam::123456789012:role/desk",
        )["stateMachineArn"]
        outputs = {"MailBucket": "mail-bucket", "DeskMachine": machine}
        for module in ("submit", "execution"):
            monkeypatch.setattr(f"desk.{module}.outputs", lambda: outputs)
        ended = {"status": "SUCCEEDED", "output": json.dumps({"execution_name": DIGEST})}
        monkeypatch.setattr("desk.execution._ended", lambda *_: ended)
        yield outputs


def asked(deployed):
    steps = boto3.client("stepfunctions")
    executions = steps.list_executions(stateMachineArn=deployed["DeskMachine"])["executions"]
    return [
        json.loads(steps.describe_execution(executionArn=execution["executionArn"])["input"])
        for execution in executions
    ]


@pytest.fixture
def mail(tmp_path):
    file = tmp_path / "notice.eml"
    file.write_bytes(MAIL)
    return file


def test_the_mail_is_stored_and_only_its_hash_is_handed_in(deployed, mail):
    out = io.StringIO()

    assert submit(mail, out) == 0

    assert asked(deployed) == [{"action": "submit", "mail": DIGEST}]
    stored = boto3.client("s3").get_object(Bucket="mail-bucket", Key=f"submitted/{DIGEST}")["Body"].read()
    assert stored == MAIL
    assert f"s3://mail-bucket/submitted/{DIGEST}" in out.getvalue()


def test_the_same_file_again_is_the_same_mail(deployed, mail):
    submit(mail, io.StringIO())
    submit(mail, io.StringIO())
    assert asked(deployed) == [{"action": "submit", "mail": DIGEST}] * 2


def test_without_credentials_the_desk_says_what_would_be_right(mail, monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(DeskError, match="Unable to locate credentials") as caught:
        submit(mail, io.StringIO())
    assert "for example AWS_PROFILE=security" in str(caught.value)


def test_where_the_state_machine_is_gone_the_desk_says_so(deployed, mail):
    boto3.client("stepfunctions").delete_state_machine(stateMachineArn=deployed["DeskMachine"])
    with pytest.raises(DeskError, match=r"AWS refused: .*StateMachineDoesNotExist"):
        submit(mail, io.StringIO())


def test_an_older_deployment_is_named_before_anything_is_stored(deployed, mail):
    del deployed["DeskMachine"]
    with pytest.raises(DeskError, match="does not support submitted mails yet: deploy this version"):
        submit(mail, io.StringIO())
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket="mail-bucket")


def test_without_a_file_nothing_is_asked_of_aws(tmp_path):
    with pytest.raises(DeskError, match="there is no file"):
        submit(tmp_path / "missing.eml", io.StringIO())
