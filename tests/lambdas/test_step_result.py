"""How a step ends: what it says for the messages, and the same in English."""

import json

import pytest

from lambdas.domain.containment.outcome import said_of, step_from
from lambdas.domain.errors import NotMoved
from lambdas.domain.phrase import quoted, said, several
from lambdas.step_result import done, failed, reason_of, refusal, skipped

NO_GROUP, LEAK = said("watch:no_group"), said("quarantine:no_interface")


@pytest.mark.parametrize(("ending", "outcome"), [(done, "done"), (failed, "failed"), (skipped, "skipped")])
def test_a_result_says_it_twice(ending, outcome):
    result = ending(NO_GROUP, LEAK, group="sg-q")
    assert (result["outcome"], result["group"]) == (outcome, "sg-q")
    assert result["words"] == (
        "its VPC has no quarantine group any more; EC2 shows no network interface of the instance"
    )
    assert said_of(result) == step_from("Verify quarantine", result).said == several(NO_GROUP, LEAK)


def test_an_error_of_ours_is_read_as_it_was_said_and_one_of_aws_as_it_came():
    assert reason_of(refusal(NotMoved, LEAK)) == LEAK
    assert reason_of(ValueError("An error occurred (Throttling)")) == quoted("An error occurred (Throttling)")
    assert reason_of(ValueError('{"said": 1}')) == quoted('{"said": 1}')


def test_what_aws_says_at_length_is_cut_so_that_thirty_instances_fit():
    refused = quoted("An error occurred (UnauthorizedOperation): " + "x" * 5_000)
    result = failed(said("quarantine:not_moved", interface="eni-0", why=refused), refused)
    assert len(json.dumps(result)) < 2_500  # two refusals, each said twice
    assert "UnauthorizedOperation" in result["words"]
    assert len(str(refusal(NotMoved, refused))) < 1_200
