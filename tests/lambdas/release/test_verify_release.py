"""Only what is read back as it was before may be called released."""

from datetime import UTC, datetime

import pytest

from lambdas.domain.errors import NotPutBack, NotReleased
from lambdas.domain.release import ReleasePart
from tests.lambdas.release.drifts import ATTACHED_INTERFACE, FULL
from tests.samples import INSTANCE, ending

STEP = "Verify release"


@pytest.fixture
def put_back(stage_of):
    """A contained instance of which all parts but some are put back."""

    def make(*without, **changes):
        stage = stage_of(**changes)
        for part in ReleasePart:
            if part not in without:
                stage.step(part)
        return stage

    return make


def test_everything_as_before_is_released(put_back):
    stage = put_back(profile=True, scaling=(0, 3), by_id=(80,))
    assert stage.look() == stage.before
    began = datetime.now(UTC).replace(microsecond=0)
    result = stage.step(STEP)
    assert result["outcome"] == "done"
    assert result["words"] == f"{len(result['actions'])} of {len(result['actions'])} as before"
    assert {one["verdict"] for one in result["actions"]} == {"nothing to do"}
    assert began <= datetime.fromisoformat(result["at"]) <= datetime.now(UTC)


@pytest.mark.parametrize("part", [part for part in ReleasePart if part is not ReleasePart.TAGS])
def test_a_part_that_is_not_put_back_keeps_it_from_being_released(put_back, part):
    stage = put_back(part, profile=True, scaling=(0, 3), by_id=(80,), volumes=(True,))
    with pytest.raises(NotReleased, match="is still"):
        stage.step(STEP)


def test_what_somebody_changed_and_what_cannot_be_put_back_does_not(put_back):
    stage = put_back(scaling=(0, 3))
    stage.contain()
    ATTACHED_INTERFACE.make(stage)
    FULL.make(stage)
    for part in ReleasePart:
        stage.step(part)
    result = stage.step(STEP)
    assert result["outcome"] == "done"
    assert sorted(one["verdict"] for one in result["actions"] if one["verdict"] != "nothing to do") == [
        "cannot",
        "left",
    ]


def test_an_interface_that_stays_in_quarantine_does(stage_of):
    """Its groups are gone: nobody can put it back as it was, and it is not open."""
    stage = stage_of(interfaces=(("web",),))
    stage.fleet.ec2.delete_security_group(GroupId=stage.fleet.groups_named("web")[0]["GroupId"])
    for part in ReleasePart:
        stage.step(part)
    with pytest.raises(NotReleased, match="groups of eni-"):
        stage.step(STEP)
    assert "AbuseResponder:Case" in stage.fleet.now().tags


def test_what_cannot_be_read_back_is_not_released(put_back, refusing):
    stage = put_back()
    refusing(stage, "ec2", "DescribeInstanceAttribute", "RequestLimitExceeded")
    with pytest.raises(NotPutBack, match="it cannot be read"):
        stage.step(STEP)


def test_of_a_terminated_instance_nothing_is_said_to_be_released(put_back):
    stage = put_back()
    stage.fleet.ec2.terminate_instances(InstanceIds=[INSTANCE])
    assert ending(stage.step(STEP)) == {"outcome": "skipped", "words": "the instance is terminated"}


def test_what_another_case_holds_since_is_not_released(put_back):
    """Its quarantine is that case's: this one's groups would open it."""
    stage = put_back(profile=True)
    stage.contain(case="777")
    held = stage.look()
    for part in ReleasePart:
        assert stage.step(part, force=True)["outcome"] == "skipped"
    assert stage.look() == held
    assert ending(stage.step(STEP)) == {
        "outcome": "skipped",
        "words": "case 777 has contained the instance since: release that case",
    }
