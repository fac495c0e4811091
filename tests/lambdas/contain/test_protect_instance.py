"""What keeps an instance from being lost is asked for at once, before its network is cut."""

import pytest
from moto.autoscaling.models import autoscaling_backends
from moto.core import DEFAULT_ACCOUNT_ID

from desk.rehearsal.auto_scaling import check_health
from lambdas.domain.errors import NotProtected
from lambdas.domain.instance.instance import Instance
from tests.samples import INSTANCE

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Protect instance"


@pytest.fixture
def protect(contain):
    """Write the before-state and protect, as the state machine does; `written` stands for the former's result."""

    def step(instance, written=None):
        return contain(STEP, instance, before_state=written or contain("Write before-state", instance))

    return step


def attribute(fleet, name):
    answer = fleet.ec2.describe_instance_attribute(InstanceId=INSTANCE, Attribute=name)
    return answer[name[0].upper() + name[1:]]["Value"]


def judged(fleet):
    """The ids that Auto Scaling terminates when it looks at their health."""
    return check_health(autoscaling_backends[DEFAULT_ACCOUNT_ID][fleet.region])


def test_it_stays_whatever_happens_in_it(fleet, protect):
    instance = fleet.launch(kept=False)
    assert any(volume.delete_on_termination for volume in instance.volumes)
    fleet.ec2.modify_instance_attribute(InstanceId=INSTANCE, InstanceInitiatedShutdownBehavior={"Value": "terminate"})
    result = protect(instance)
    assert result["outcome"] == "done"
    assert attribute(fleet, "disableApiTermination") is True
    assert attribute(fleet, "instanceInitiatedShutdownBehavior") == "stop"
    assert not any(volume.delete_on_termination for volume in fleet.now().volumes)


def test_in_a_group_with_room_it_goes_into_standby_and_nothing_is_started(fleet, protect):
    fleet.launch()
    look = fleet.scale()
    result = protect(fleet.now())
    assert look() == (0, {INSTANCE: "Standby"})
    assert result["words"].endswith("standby in Auto Scaling group web-asg")


def test_in_a_group_at_its_smallest_another_one_is_started_in_its_place(fleet, protect):
    fleet.launch()
    look = fleet.scale(smallest=1)
    result = protect(fleet.now())
    desired, members = look()
    assert desired == 1
    assert members.pop(INSTANCE) == "Standby"
    assert list(members.values()) == ["InService"]
    assert "starts a replacement" in result["words"]


def test_f14_auto_scaling_does_not_terminate_what_is_isolated(fleet, protect, contain):
    """Isolation looks unhealthy; what is in standby is not looked at."""
    fleet.launch()
    fleet.scale()
    instance = fleet.now()
    protect(instance)
    contain("Quarantine network", instance)
    assert judged(fleet) == []
    assert fleet.now().state == "running"


def test_without_the_standby_auto_scaling_would_terminate_it(fleet, contain):
    """Or the test above says nothing."""
    fleet.launch()
    fleet.scale()
    contain("Quarantine network", fleet.now())
    assert judged(fleet) == [INSTANCE]


def test_where_standby_is_refused_it_is_detached(fleet, protect, refuse, moto):
    fleet.launch()
    look = fleet.scale()
    refuse(moto("autoscaling", fleet.region), "EnterStandby", "ValidationError")
    result = protect(fleet.now())
    assert look() == (0, {})
    assert "detached from Auto Scaling group web-asg: it is InService, standby was refused" in result["words"]


def test_again_changes_nothing(fleet, protect, contain, calls, moto):
    fleet.launch()
    look = fleet.scale()
    instance = fleet.now()
    written = contain("Write before-state", instance)
    protect(instance, written)
    detached = calls(moto("autoscaling", fleet.region), "DetachInstances")
    result = protect(instance, written)
    assert result["outcome"] == "done"
    assert "in standby in Auto Scaling group web-asg" in result["words"]
    assert look() == (0, {INSTANCE: "Standby"})
    assert detached == []


def test_what_somebody_took_out_of_the_group_meanwhile_is_out(fleet, protect, contain, moto):
    fleet.launch()
    fleet.scale()
    instance = fleet.now()
    written = contain("Write before-state", instance)
    moto("autoscaling", fleet.region).detach_instances(
        InstanceIds=[INSTANCE], AutoScalingGroupName="web-asg", ShouldDecrementDesiredCapacity=True
    )
    assert "out of Auto Scaling group web-asg" in protect(instance, written)["words"]


def test_spot_is_no_failure_and_is_said(fleet, protect, calls):
    spot = Instance.from_json({**fleet.launch().to_json(), "lifecycle": "spot"})
    asked = calls(fleet.ec2, "ModifyInstanceAttribute")
    result = protect(spot)
    assert result["outcome"] == "done"
    assert "a Spot Instance has no termination protection" in result["words"]
    assert [set(one) - {"InstanceId"} for one in asked] == [{"BlockDeviceMappings"}]


@pytest.mark.parametrize("code", ["UnauthorizedOperation", "UnsupportedOperation"])
def test_a_final_refusal_ends_the_step_with_its_words_and_holds_up_nothing_else(fleet, protect, refuse, code):
    instance = fleet.launch(kept=False)
    refuse(fleet.ec2, "ModifyInstanceAttribute", code, lambda params: "DisableApiTermination" in params)
    result = protect(instance)
    assert result["outcome"] == "failed"
    assert f"{code} said AWS" in result["words"]
    assert not any(volume.delete_on_termination for volume in fleet.now().volumes)


def test_a_passing_refusal_is_tried_again(fleet, protect, refuse):
    instance = fleet.launch(kept=False)
    refuse(
        fleet.ec2, "ModifyInstanceAttribute", "RequestLimitExceeded", lambda params: "BlockDevice" not in str(params)
    )
    with pytest.raises(NotProtected, match="RequestLimitExceeded"):
        protect(instance)
    assert not any(volume.delete_on_termination for volume in fleet.now().volumes)


def test_without_a_written_state_it_reads_for_itself_where_the_instance_is(fleet, protect):
    fleet.launch()
    look = fleet.scale()
    protect(fleet.now(), {"Error": "States.Timeout"})
    assert look() == (0, {INSTANCE: "Standby"})


def test_a_place_that_could_not_be_read_before_is_looked_for_now(fleet, protect, contain, refuse, moto):
    """One refused call must not leave it to a group that terminates what is isolated."""
    fleet.launch()
    look = fleet.scale()
    instance = fleet.now()
    readable_again = refuse(moto("autoscaling", fleet.region), "DescribeAutoScalingGroups", "Throttling")
    written = contain("Write before-state", instance)
    assert written["outcome"] == "done"
    with pytest.raises(NotProtected, match="Throttling"):
        protect(instance, written)
    assert attribute(fleet, "disableApiTermination") is True
    readable_again()
    assert protect(instance, written)["outcome"] == "done"
    assert look() == (0, {INSTANCE: "Standby"})
