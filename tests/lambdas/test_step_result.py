"""How a step ends: what it says for the messages, and the same in English."""

import json

import pytest

from lambdas.domain.containment.outcome import StepResult, result_phrase
from lambdas.domain.errors import InterfacesNotMoved
from lambdas.domain.phrase import combined, phrase, verbatim
from lambdas.step_result import done, error_phrase, failed, skipped, step_error

NO_GROUP, LEAK = phrase("watch:no_group"), phrase("quarantine:no_interface")


@pytest.mark.parametrize(("ending", "outcome"), [(done, "done"), (failed, "failed"), (skipped, "skipped")])
def test_a_result_says_it_twice(ending, outcome):
    result = ending(NO_GROUP, LEAK, group="sg-q")
    assert (result["outcome"], result["group"]) == (outcome, "sg-q")
    assert result["words"] == (
        "its VPC no longer has a quarantine group; EC2 shows no network interface of the instance"
    )
    assert result_phrase(result) == StepResult.from_json("Verify quarantine", result).phrase == combined(NO_GROUP, LEAK)


def test_an_error_of_ours_is_read_as_it_was_said_and_one_of_aws_as_it_came():
    assert error_phrase(step_error(InterfacesNotMoved, LEAK)) == LEAK
    assert error_phrase(ValueError("An error occurred (Throttling)")) == verbatim("An error occurred (Throttling)")
    assert error_phrase(ValueError('{"phrase": 1}')) == verbatim('{"phrase": 1}')


def test_what_aws_says_at_length_is_cut_so_that_thirty_instances_fit():
    refused = verbatim("An error occurred (UnauthorizedOperation): " + "x" * 5_000)
    result = failed(phrase("quarantine:not_moved", interface="eni-0", why=refused), refused)
    assert len(json.dumps(result)) < 2_500  # two refusals, each said twice
    assert "UnauthorizedOperation" in result["words"]
    assert len(str(step_error(InterfacesNotMoved, refused))) < 1_200
