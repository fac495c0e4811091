"""The function `start` with Step Functions, which answers just what a test expects it to be asked."""

import json
from types import SimpleNamespace

import pytest
from botocore.stub import Stubber

from lambdas.domain.intake.arrival import Arrival
from lambdas.start import handler
from tests.samples import ACCOUNT, ARRIVAL, MAIL_BUCKET

RESPOND = f"arn:aws:states:eu-central-1:{ACCOUNT}:stateMachine:respond"
DEAD_LETTERS = f"https://sqs.eu-central-1.amazonaws.com/{ACCOUNT}/dead-letters"
INTAKE_QUEUE = f"arn:aws:sqs:eu-central-1:{ACCOUNT}:front"
CONTEXT = SimpleNamespace(
    function_name="start",
    memory_limit_in_mb=1024,
    invoked_function_arn=f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:start",
    aws_request_id="00000000-0000-0000-0000-000000000000",
)


def notification(key="mail/k3v9story1", bucket=MAIL_BUCKET):
    verdicts = {f"{check}Verdict": {"status": "PASS"} for check in ("spf", "dkim", "dmarc", "spam", "virus")}
    action = {"type": "S3", "bucketName": bucket, "objectKey": key}
    return json.dumps(
        {"mail": {"timestamp": ARRIVAL.received_at.isoformat()}, "receipt": {**verdicts, "action": action}}
    )


@pytest.fixture
def steps(moto, configure):
    """Step Functions, which answers just what a test expects it to be asked."""
    configure(respond=RESPOND, dead_letters=DEAD_LETTERS, intake_queue=INTAKE_QUEUE)
    with Stubber(moto("stepfunctions")) as stub:
        yield stub
        stub.assert_no_pending_responses()


def expected(key="mail/k3v9story1"):
    arrival = Arrival.from_json({**ARRIVAL.to_json(), "key": key})
    return {
        "stateMachineArn": RESPOND,
        "name": arrival.execution_name,
        "input": json.dumps({"arrival": arrival.to_json(), "approved": []}),
    }


STARTED = {"executionArn": RESPOND.replace("stateMachine", "execution") + ":1", "startDate": ARRIVAL.received_at}


def step(name, **given):
    return handler({"step": name, "execution": "arn:aws:states:::execution:desk:1", **given}, CONTEXT)
