"""The interpreter that runs the state machine in this process, and the record of what its functions ask AWS for."""

import json
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import lambdas.contain
from lambdas.aws import client
from tests.account import account
from tests.execution import MOST_BYTES, execute, function_named
from tests.recording import Died, Invocation, TimedOutForTheState, recording


@pytest.fixture
def run(monkeypatch):
    """Run states whose tasks are all this function: `run(states, handler)`."""

    def run(states, handler, **around):
        monkeypatch.setattr(lambdas.contain, "handler", lambda event, _: handler(event))
        definition = {"QueryLanguage": "JSONata", "StartAt": "One", "States": states}
        with account():
            return execute(definition, {"given": 1}, **around)

    return run


def task(**more):
    return {
        "Type": "Task",
        "Resource": "arn:aws:states:::lambda:invoke",
        "Arguments": {"FunctionName": "${FunctionsContain.Arn}", "Payload": {"step": "{% $states.input %}"}},
        "TimeoutSeconds": 35,
        "End": True,
        **more,
    }


def branch(**assigned):
    return {"StartAt": "Set", "States": {"Set": {"Type": "Pass", "Assign": assigned, "End": True}}}


CATCH = [{"ErrorEquals": ["States.ALL"], "Next": "Caught", "Output": "{% $states.errorOutput %}"}]
CAUGHT = {"Type": "Pass", "End": True}


@pytest.mark.parametrize(
    ("reference", "function"),
    [
        ("${FunctionsContain.Arn}", "contain"),
        ("${FunctionsCutOff.Arn}", "cut_off"),
        ("arn:aws:lambda:eu-west-1:552071934480:function:tell", "tell"),
    ],
)
def test_a_function_is_found_by_its_name(reference, function):
    assert function_named(reference) == function


def test_an_error_of_a_function_is_told_by_its_class_and_tried_again(run, monkeypatch):
    retry = [{"ErrorEquals": ["States.TaskFailed"], "MaxAttempts": 2, "IntervalSeconds": 60}]
    states = {"One": task(Retry=retry, Catch=CATCH), "Caught": CAUGHT}

    def refuse(_):
        raise LookupError("not here")

    slept = []
    monkeypatch.setattr(time, "sleep", slept.append)
    ended = run(states, refuse)
    assert ended.output["Error"] == "LookupError"
    assert json.loads(ended.output["Cause"])["errorMessage"] == "not here"
    assert [one.attempt for one in ended.attempts("One")] == [1, 2, 3]
    assert ended.states == ["One", "Caught"]
    assert sum(slept) < 60, "the minute before the next try is not waited for"


@pytest.mark.parametrize(("end", "error"), [(Died, "Lambda.Unknown"), (TimedOutForTheState, "States.Timeout")])
def test_a_function_that_ends_makes_no_further_call(run, end, error):
    def read(_):
        try:
            client("dynamodb").list_tables()
        except BaseException:  # noqa: BLE001  a handler might
            client("dynamodb").list_tables()

    def finish(_):
        raise end

    ended = run({"One": task(Catch=CATCH), "Caught": CAUGHT}, read, after=finish)
    assert ended.output["Error"] == error
    assert [call.operation for call in ended.calls] == ["ListTables"]


def test_each_call_is_known_with_what_came_of_it(run):
    def tables(_):
        return client("dynamodb").list_tables(Limit=5)["TableNames"]

    ended = run({"One": task()}, tables)
    (call,) = ended.calls
    assert (call.function, call.step, call.invocation.attempt) == ("contain", "One", 1)
    assert (call.service, call.operation, call.region, call.parameters) == (
        "dynamodb",
        "ListTables",
        "eu-central-1",
        {"Limit": 5},
    )
    assert call.answer["TableNames"] == ended.output["Payload"]
    assert call.start <= call.end
    assert ended.status == "SUCCEEDED"


def test_what_is_refused_looks_as_if_aws_refused_it(run):
    def refuse(call):
        raise call.refuse("ConditionalCheckFailedException")

    ended = run({"One": task()}, lambda _: client("dynamodb").list_tables(), before=refuse)
    assert (ended.status, ended.error) == ("FAILED", "ConditionalCheckFailedException")


def test_the_threads_of_a_pool_work_for_whoever_gave_it_the_work(run):
    def in_threads(_):
        dynamodb = client("dynamodb")
        with ThreadPoolExecutor(max_workers=4) as pool:
            list(pool.map(lambda limit: dynamodb.list_tables(Limit=limit), range(1, 9)))

    both = {"Type": "Parallel", "Branches": [{"StartAt": name, "States": {name: task()}} for name in "AB"], "End": True}
    ended = run({"One": both}, in_threads)
    made = {step: sorted(one.parameters["Limit"] for one in ended.calls if one.step == step) for step in "AB"}
    assert made == {"A": [*range(1, 9)], "B": [*range(1, 9)]}


def test_calls_can_be_recorded_without_a_machine():
    with account(), recording(Invocation("contain", "by hand")) as calls:
        client("dynamodb").list_tables()
    assert [call.step for call in calls] == ["by hand"]


def test_a_branch_has_variables_of_its_own(run):
    states = {
        "One": {
            "Type": "Parallel",
            "Branches": [branch(mine=1), branch(mine=2)],
            "Assign": {"said": "{% $count($states.result) %}"},
            "Next": "Said",
        },
        "Said": {"Type": "Pass", "Output": "{% [$said, $exists($mine)] %}", "End": True},
    }
    assert run(states, None).output == [2, False]


def test_an_inner_scope_assigns_no_outer_variable(run):
    states = {
        "One": {"Type": "Pass", "Assign": {"mine": 0}, "Next": "Both"},
        "Both": {"Type": "Parallel", "Branches": [branch(mine=1)], "Catch": CATCH, "End": True},
        "Caught": CAUGHT,
    }
    assert run(states, None).error == "States.Runtime"


def test_what_is_assigned_together_is_of_one_moment(run):
    states = {
        "One": {"Type": "Pass", "Assign": {"a": 1}, "Next": "Two"},
        "Two": {"Type": "Pass", "Assign": {"a": 2, "b": "{% $a %}"}, "Next": "Three"},
        "Three": {"Type": "Pass", "Output": "{% [$a, $b] %}", "End": True},
    }
    assert run(states, None).output == [2, 1]


def test_too_much_ends_the_execution(run):
    ended = run({"One": task(Catch=CATCH), "Caught": CAUGHT}, lambda _: "x" * MOST_BYTES)
    assert (ended.status, ended.error) == ("FAILED", "States.DataLimitExceeded")


def test_items_are_told_apart(run):
    states = {
        "One": {
            "Type": "Map",
            "Items": ["a", "b"],
            "ItemProcessor": {"StartAt": "Each", "States": {"Each": task(Output="{% $states.result.Payload %}")}},
            "End": True,
        }
    }
    ended = run(states, lambda event: [event["step"], len(client("dynamodb").list_tables()["TableNames"])])
    assert ended.output == [["a", 1], ["b", 1]]
    assert {(call.invocation.item, call.invocation.event["step"]) for call in ended.calls} == {(0, "a"), (1, "b")}
