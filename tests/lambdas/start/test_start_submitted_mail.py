"""An admin's mail comes in by its hash: with no verdict of SES, and as nothing else."""

import json

import pytest
from botocore.stub import ANY

from lambdas.domain.errors import UnknownArrival
from tests.lambdas.start.conftest import RESPOND, STARTED, step
from tests.samples import MAIL_BUCKET

DIGEST = "0a1b" * 16


def test_a_submitted_mail_starts_an_execution_without_any_verdict(steps):
    steps.add_response("start_execution", STARTED, {"stateMachineArn": RESPOND, "name": DIGEST, "input": ANY})
    steps.add_client_error("start_execution", "ExecutionAlreadyExists")

    inputs = []
    event = "provide-client-params.sfn.StartExecution"
    steps.client.meta.events.register(event, lambda params, **_: inputs.append(json.loads(params["input"])))
    answers = [step("Start submitted mail", mail=DIGEST, verdicts={"dmarc": "PASS"}) for _ in range(2)]

    given = inputs[0]
    assert (given["arrival"]["bucket"], given["arrival"]["key"]) == (MAIL_BUCKET, f"submitted/{DIGEST}")
    assert (given["arrival"]["verdicts"], given["approved"]) == (None, [])
    assert answers == [{"execution_name": DIGEST}] * 2


@pytest.mark.parametrize("mail", ["", "mail/k3v9story1", "../health/0a1b"])
@pytest.mark.usefixtures("steps")
def test_nothing_else_can_be_submitted(mail):
    with pytest.raises(UnknownArrival, match="SHA-256"):
        step("Start submitted mail", mail=mail)
