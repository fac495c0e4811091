"""Only what AWS shows counts as protected."""

import pytest
from botocore.exceptions import ClientError

from lambdas.domain.errors import NotProtected
from lambdas.domain.instance.instance import Instance
from lambdas.step_result import error_phrase
from tests.samples import INSTANCE, english

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Verify protection"


@pytest.fixture
def protected(fleet, contain):
    """An instance in an Auto Scaling group, protected."""
    fleet.launch(kept=False)
    fleet.scale()
    instance = fleet.now()
    contain("Protect instance", instance, before_state=contain("Write before-state", instance))
    return instance


def test_what_is_protected_is_said_as_read_back(protected, contain):
    result = contain(STEP, protected)
    assert result["outcome"] == "done"
    assert result["words"] == (
        "termination protection; a shutdown from inside stops it; 2 volume(s) are kept when it ends; "
        "Standby in its Auto Scaling group"
    )


def test_each_lack_is_named(protected, fleet, contain, moto):
    fleet.ec2.modify_instance_attribute(InstanceId=INSTANCE, DisableApiTermination={"Value": False})
    fleet.ec2.modify_instance_attribute(InstanceId=INSTANCE, InstanceInitiatedShutdownBehavior={"Value": "terminate"})
    volume = protected.volumes[0]
    fleet.ec2.modify_instance_attribute(
        InstanceId=INSTANCE, BlockDeviceMappings=[{"DeviceName": volume.device, "Ebs": {"DeleteOnTermination": True}}]
    )
    moto("autoscaling", fleet.region).exit_standby(InstanceIds=[INSTANCE], AutoScalingGroupName="web-asg")
    with pytest.raises(NotProtected) as caught:
        contain(STEP, protected)
    assert english(error_phrase(caught.value).parts) == [
        "no termination protection",
        "a shutdown from inside would terminate",
        f"{volume.volume_id} would be deleted with the instance",
        "its Auto Scaling group has it as InService and may terminate it",
    ]


def test_what_a_spot_instance_lacks_is_no_failure(fleet, contain):
    spot = Instance.from_json({**fleet.launch().to_json(), "lifecycle": "spot"})
    contain("Protect instance", spot, before_state={})
    assert "EC2 may take it back at any time" in contain(STEP, spot)["words"]


def test_f4_what_was_refused_is_not_called_protected(fleet, contain, refuse):
    """F4: the reading back does not ask what was tried."""
    instance = fleet.launch(kept=False)
    refuse(fleet.ec2, "ModifyInstanceAttribute", "UnauthorizedOperation")
    assert contain("Protect instance", instance, before_state={})["outcome"] == "failed"
    with pytest.raises(NotProtected, match=r"no termination protection; .* would be deleted with the instance"):
        contain(STEP, instance)


@pytest.mark.parametrize("operation", ["DescribeInstanceAttribute", "DescribeInstances"])
def test_what_cannot_be_read_is_not_called_protected(protected, fleet, contain, refuse, operation):
    refuse(fleet.ec2, operation, "UnauthorizedOperation")
    with pytest.raises(ClientError, match=operation):
        contain(STEP, protected)
