"""The one handler of all functions that do the steps of a state machine."""

import json
from types import SimpleNamespace

import pytest

from lambdas.step_handler import step_handler
from tests.samples import ACCOUNT

CONTEXT = SimpleNamespace(
    function_name="read",
    memory_limit_in_mb=1024,
    invoked_function_arn=f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:read",
    aws_request_id="00000000-0000-0000-0000-000000000000",
)


def test_the_step_that_the_event_names_gets_the_event_and_the_account():
    handler = step_handler("test", {"First": lambda _: "first", "Second": lambda event: event})
    event = {"step": "Second", "execution": "run", "case": "1"}
    assert handler(event, CONTEXT) == {**event, "account_id": ACCOUNT}
    assert handler({**event, "step": "First"}, CONTEXT) == "first"


def test_the_log_names_the_step_the_execution_and_the_instance(capsys):
    handler = step_handler("test-log", {"Look": lambda _: None})
    handler({"step": "Look", "execution": "run", "instance": {"instance_id": "i-1"}}, CONTEXT)
    handler({"step": "Look", "execution": "next"}, CONTEXT)
    first, second = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    shown = {"service": "test-log", "step": "Look", "execution": "run", "instance_id": "i-1"}
    assert {name: first[name] for name in shown} == shown
    assert second["execution"] == "next"
    assert "instance_id" not in second


def test_an_unknown_step_is_an_error():
    with pytest.raises(KeyError, match="Fly"):
        step_handler("test", {})({"step": "Fly", "execution": "run"}, CONTEXT)
