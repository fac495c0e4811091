"""`desk redrive` starts the state machine, and says what became of each dead letter.

Moto starts executions that never end, so what they put out is given here; end to end it is the real one.
"""

import json

import boto3
import pytest
from moto import mock_aws

from desk.__main__ import main

QUEUE = "https://sqs.us-east-1.amazonaws.com/123456789012/dead-letters"


@pytest.fixture
def redrive(monkeypatch):
    """Run it on what an execution puts out; the exit status. The input must be the action alone."""
    with mock_aws():
        steps = boto3.client("stepfunctions")
        machine = steps.create_state_machine(
            name="desk",
            definition='{"StartAt": "x", "States": {"x": {"Type": "Succeed"}}}',
            roleArn="arn:aws:iam::123456789012:role/desk",
        )["stateMachineArn"]
        for module in ("redrive", "execution"):
            monkeypatch.setattr(f"desk.{module}.outputs", lambda: {"DeskMachine": machine, "DeadLetters": QUEUE})

        def run(*arguments, status="SUCCEEDED", **output):
            ended = {"status": status, "output": json.dumps(output)}
            monkeypatch.setattr("desk.execution._ended", lambda *_: ended)
            exit_status = main(["redrive", *arguments])
            (execution,) = steps.list_executions(stateMachineArn=machine)["executions"]
            given = steps.describe_execution(executionArn=execution["executionArn"])["input"]
            assert json.loads(given) == {"action": "redrive"}
            return exit_status

        yield run


def test_what_was_handled_is_counted(redrive, capsys):
    assert redrive(handled=2, failed=[], more=False) == 0
    assert capsys.readouterr().out == "2 handled; all admins get what becomes of each.\n"


def test_what_failed_again_is_named_with_why_and_how_to_read_it(redrive, capsys):
    failure = {"message": "m-1", "error": "UnknownArrival: it failed in\na queue of theirs"}
    assert redrive(handled=0, failed=[failure], more=True) == 1
    assert capsys.readouterr().out.splitlines() == [
        "1 failed again and stay in the queue:",
        "  m-1: UnknownArrival: it failed in a queue of theirs",
        f"To read them: aws sqs receive-message --queue-url {QUEUE} --visibility-timeout 0",
        "More may wait: run `python -m desk redrive` again.",
    ]


def test_an_empty_queue_is_said_to_be_empty(redrive, capsys):
    assert redrive(handled=0, failed=[], more=False) == 0
    assert "No message waits" in capsys.readouterr().out


def test_what_it_puts_out_for_programs(redrive, capsys):
    assert redrive("--json", handled=1, failed=[], more=False) == 0
    printed = json.loads(capsys.readouterr().out)
    assert (printed["handled"], printed["failed"], printed["more"]) == (1, [], False)


def test_a_step_that_fails_is_said(redrive, capsys):
    refused = {"Error": "AccessDenied", "Cause": json.dumps({"errorMessage": "no", "errorType": "AccessDenied"})}
    assert redrive(refused=refused) == 2
    assert "AccessDenied" in capsys.readouterr().err


def test_where_the_responder_is_older_than_the_desk_it_says_so(monkeypatch, capsys):
    monkeypatch.setattr("desk.execution.outputs", dict)
    with mock_aws():
        assert main(["redrive"]) == 2
    assert "does not support redrive yet: deploy this version" in capsys.readouterr().err
