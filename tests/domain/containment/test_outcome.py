"""What the state machine hands on about an instance, and what a Catch caught, in words."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.containment.outcome import Outcome, StepResult, failure_phrase, failure_phrases, failure_text
from lambdas.domain.errors import NotQuarantined
from lambdas.domain.instance.instance import MissingInstance
from lambdas.domain.phrase import combined, phrase, verbatim
from lambdas.domain.policy import Verdict
from lambdas.step_result import step_error
from tests.samples import INSTANCE, RUNNING, SEARCH, as_json, english

DECISION = {
    "instance_id": INSTANCE,
    "verdict": "contain",
    "reasons": ["it is from AWS", "the settings allow it"],
    "stop": False,
}
DONE = {"outcome": "done", "words": "2 interface(s) have only sg-q", "at": "2026-11-16T07:42:15+00:00"}
REFUSED = {
    "Error": "NotQuarantined",
    "Cause": json.dumps(
        {
            "errorMessage": "eni-0a1 has sg-web instead of sg-q alone",
            "errorType": "NotQuarantined",
            "requestId": "00000000-0000-0000-0000-000000000000",
            "stackTrace": ['  File "/var/task/lambdas/contain/verify_quarantine.py", line 24'],
        }
    ),
}


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (REFUSED, "NotQuarantined: eni-0a1 has sg-web instead of sg-q alone"),
        ({"Error": "States.Timeout"}, "States.Timeout"),
        ({"Error": "States.Timeout", "Cause": ""}, "States.Timeout"),
        ({"Error": "Lambda.Unknown", "Cause": "The function went away"}, "Lambda.Unknown: The function went away"),
        ({"Error": "X", "Cause": "{not JSON"}, "X: {not JSON"),
        ({"Error": "X", "Cause": '{"other": 1}'}, 'X: {"other": 1}'),
        ({"Error": "X", "Cause": '["a"]'}, 'X: ["a"]'),
        ({"Error": "X", "Cause": '"a"'}, 'X: "a"'),
        ({"Error": "X", "Cause": "null"}, "X: null"),
        ({"Error": "X", "Cause": '{"errorMessage": ""}'}, "X"),
        ({}, "unknown error"),
    ],
)
def test_the_words_of_a_failure(error, words):
    assert failure_text(error) == words
    assert english(failure_phrase(error)) == words


@given(st.fixed_dictionaries({}, optional={"Error": st.text(), "Cause": st.text() | st.none()}))
def test_there_are_always_words(error):
    assert isinstance(failure_text(error), str)


def test_an_error_of_ours_brings_what_it_says():
    leak = phrase("quarantine:carries", interface="eni-0a1", groups=["sg-web"], group="sg-q")
    ours = str(step_error(NotQuarantined, leak, phrase("quarantine:no_interface")))
    error = {"Error": "NotQuarantined", "Cause": json.dumps({"errorMessage": ours})}
    assert failure_phrase(error) == phrase(
        "failure", error="NotQuarantined", why=combined(leak, phrase("quarantine:no_interface"))
    )
    assert (
        failure_text(error)
        == english(failure_phrase(error))
        == ("NotQuarantined: eni-0a1 has sg-web instead of sg-q alone; EC2 shows no network interface of the instance")
    )
    assert english(failure_phrases([{"state": "Decide", "error": error}]))[0].startswith(
        "Decide: NotQuarantined: eni-0a1"
    )


def test_a_contained_instance_with_a_failed_step():
    outcome = Outcome.from_json(
        {
            "found": RUNNING.to_json(),
            "decision": DECISION,
            "steps": {
                "Verify quarantine": DONE,
                "Start snapshots": {"Error": "SnapshotsInProgress", "Cause": "another execution"},
                "Quarantine network": {"outcome": "done", "words": "2 of 2", "group": "sg-q"},
            },
        }
    )
    assert outcome.found == RUNNING
    assert outcome.decision.verdict is Verdict.CONTAIN
    assert outcome.contained
    assert [step.name for step in outcome.steps] == ["Start snapshots", "Quarantine network", "Verify quarantine"]
    why = phrase("failure", error="SnapshotsInProgress", why=verbatim("another execution"))
    assert outcome.failed == (StepResult("Start snapshots", "failed", why),)


def test_a_quarantine_that_could_not_be_read_back_is_none():
    """F4: the network step says that it moved all; only the reading back counts."""
    steps = {"Quarantine network": {"outcome": "done", "words": "2 of 2"}, "Verify quarantine": REFUSED}
    outcome = Outcome.from_json({"found": RUNNING.to_json(), "decision": DECISION, "steps": steps})
    assert not outcome.contained
    assert [step.name for step in outcome.failed] == ["Verify quarantine"]


def test_no_verification_no_containment():
    """F4: also where the step never ran."""
    steps = {"Quarantine network": {"outcome": "done", "words": "2 of 2"}}
    assert not Outcome.from_json({"found": RUNNING.to_json(), "decision": DECISION, "steps": steps}).contained


def test_a_missing_instance():
    told = {**DECISION, "verdict": "tell"}
    outcome = Outcome.from_json({"found": as_json(MissingInstance(INSTANCE, SEARCH)), "decision": told, "steps": {}})
    assert outcome.found == MissingInstance(INSTANCE, SEARCH)
    assert (outcome.contained, outcome.failed) == (False, ())
