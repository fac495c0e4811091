"""Our two tags, and nobody else's; while an interface stands in quarantine they stay."""

import pytest

from lambdas.domain.instance.tags import CASE_TAG, STATE_TAG
from tests.samples import CASE, INSTANCE, ending

STEP = "Remove tags"


@pytest.fixture
def open_again(stage_of):
    """A contained instance whose network is put back."""

    def make(**changes):
        stage = stage_of(**changes)
        stage.step("Put back network")
        return stage

    return make


def test_they_are_taken_off_and_no_other(open_again):
    stage = open_again()
    stage.fleet.ec2.create_tags(Resources=[INSTANCE], Tags=[{"Key": "Owner", "Value": "ops"}])
    assert stage.step(STEP)["outcome"] == "done"
    assert stage.fleet.now().tags == {"Name": "web-1", "Owner": "ops"}
    assert ending(stage.step(STEP)) == {"outcome": "skipped", "words": "it is as before"}


def test_one_that_was_there_before_gets_its_value_back(open_again):
    stage = open_again(tags=((CASE_TAG, "an older case"),))
    stage.step(STEP)
    assert stage.fleet.now().tags == {"Name": "web-1", CASE_TAG: "an older case"}


def test_a_changed_value_stays_unless_it_is_forced(open_again):
    stage = open_again()
    stage.fleet.ec2.create_tags(Resources=[INSTANCE], Tags=[{"Key": STATE_TAG, "Value": "mine"}])
    stage.step(STEP)
    assert stage.fleet.now().tags == {"Name": "web-1", STATE_TAG: "mine"}
    stage.step(STEP, force=True)
    assert stage.fleet.now().tags == {"Name": "web-1"}


def test_as_long_as_an_interface_stands_in_quarantine_they_stay(stage_of):
    stage = stage_of()
    result = stage.step(STEP)
    assert result["outcome"] == "skipped"
    assert result["words"].startswith("its network is not put back: groups of eni-")
    assert stage.fleet.now().tags == {"Name": "web-1", CASE_TAG: CASE, STATE_TAG: "quarantine"}
