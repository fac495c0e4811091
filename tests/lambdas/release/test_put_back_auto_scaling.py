"""Its place in its group: AWS adds one to the group, and the responder never takes one away."""

import pytest

from lambdas.domain.errors import NotPutBack
from tests.lambdas.release.drifts import FULL, INTO_SERVICE
from tests.samples import INSTANCE, ending

STEP = "Put back Auto Scaling"
PLACE, DESIRED = "place of web-asg", "desired of web-asg"


def sizes(stage):
    look = stage.look()
    return look[PLACE], look[DESIRED]


def test_out_of_standby_restores_the_size_exactly_where_it_was_taken_down(stage_of):
    stage = stage_of(scaling=(0, 3))
    assert sizes(stage) == ("Standby", 0)
    stage.step("Put back network")
    assert ending(stage.step(STEP)) == {"outcome": "done", "words": "as before: place in Auto Scaling group web-asg"}
    assert sizes(stage) == (stage.before[PLACE], stage.before[DESIRED]) == ("InService", 1)


def test_where_another_one_was_started_the_group_ends_one_larger(stage_of):
    stage = stage_of(scaling=(1, 3))
    assert sizes(stage) == ("Standby", 1)
    stage.step(STEP)
    assert sizes(stage) == ("InService", 2)


@pytest.mark.parametrize("scaling", [(1, 1), (0, 3)])
def test_a_full_group_is_not_made_larger_and_the_command_is_named(stage_of, calls, scaling):
    stage = stage_of(scaling=scaling)
    if scaling == (0, 3):
        FULL.make(stage)
    exits = calls(stage.service("autoscaling"), "ExitStandby")
    result = stage.step(STEP, force=True)
    assert result["outcome"] == "skipped"
    largest = sizes(stage)[1]
    assert f"has reached its maximum ({largest}): `aws autoscaling update-auto-scaling-group" in result["words"]
    assert f"--max-size {largest + 1}`, then release again" in result["words"]
    assert exits == []
    stage.service("autoscaling").update_auto_scaling_group(AutoScalingGroupName="web-asg", MaxSize=largest + 1)
    assert stage.step(STEP)["outcome"] == "done"
    assert sizes(stage) == ("InService", largest + 1)


def test_what_was_detached_as_standby_was_refused_is_attached_again(stage_of):
    stage = stage_of(scaling=(0, 3))
    stage.service("autoscaling").detach_instances(
        AutoScalingGroupName="web-asg", InstanceIds=[INSTANCE], ShouldDecrementDesiredCapacity=False
    )
    assert stage.look()[PLACE] is None
    assert stage.step(STEP)["outcome"] == "done"
    assert sizes(stage)[0] == "InService"
    assert stage.fleet.now().auto_scaling_group == "web-asg"


def test_a_stopped_instance_stays_out_because_its_group_would_terminate_it(stage_of, calls):
    stage = stage_of(scaling=(0, 3))
    stage.fleet.ec2.stop_instances(InstanceIds=[INSTANCE])
    exits = calls(stage.service("autoscaling"), "ExitStandby")
    assert "the group would terminate it: `aws ec2 start-instances" in stage.step(STEP, force=True)["words"]
    assert exits == []


def test_back_by_hand_or_in_standby_before_it_needs_nothing(stage_of):
    stage = stage_of(scaling=(0, 3))
    INTO_SERVICE.make(stage)
    assert ending(stage.step(STEP)) == {"outcome": "skipped", "words": "it is as before"}
    other = stage_of(scaling=(0, 3), standby=True)
    assert ending(other.step(STEP)) == {"outcome": "skipped", "words": "it is as before"}


def test_what_auto_scaling_refuses_is_named_in_its_words(stage_of, refusing):
    stage = stage_of(scaling=(0, 3))
    refusing(stage, "autoscaling", "ExitStandby", "ResourceContention")
    with pytest.raises(NotPutBack, match=r"web-asg was not put back: .*ResourceContention said AWS"):
        stage.step(STEP)


def test_in_no_group_there_is_nothing_to_do(stage_of):
    assert ending(stage_of().step(STEP)) == {"outcome": "skipped", "words": "it is as before"}
