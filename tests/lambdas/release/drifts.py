"""What people may do to an instance while it is contained."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import ClientError

from lambdas.domain.instance.tags import CASE_TAG, QUARANTINE, ROLE_TAG, STATE_TAG
from tests.lambdas.release.stage import REGION, Stage, Topology
from tests.samples import INSTANCE


@dataclass(frozen=True)
class Drift:
    """A change by somebody else; `fits` says of which instances it can be made."""

    name: str
    make: Callable[[Stage], None]
    fits: Callable[[Topology], bool] = lambda _: True

    def __repr__(self):
        return self.name


def _interfaces(stage):
    """The interfaces by the order of their devices."""
    shown = stage.fleet.ec2.describe_network_interfaces(
        Filters=[{"Name": "attachment.instance-id", "Values": [INSTANCE]}]
    )["NetworkInterfaces"]
    return sorted(shown, key=lambda one: one["Attachment"]["DeviceIndex"])


def _own_groups(stage):
    group = stage.fleet.group("own")
    stage.fleet.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=_interfaces(stage)[0]["NetworkInterfaceId"], Groups=[group]
    )


def _one_more_group(stage):
    last = _interfaces(stage)[-1]
    stage.fleet.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=last["NetworkInterfaceId"],
        Groups=[*(group["GroupId"] for group in last["Groups"]), stage.fleet.group("more")],
    )


def _attach_interface(stage):
    """As the watch over a contained instance leaves it: in quarantine."""
    ours = stage.fleet.ec2.describe_security_groups(Filters=[{"Name": f"tag:{ROLE_TAG}", "Values": [QUARANTINE]}])
    made = stage.fleet.ec2.create_network_interface(
        SubnetId=stage.fleet.subnet, Groups=[ours["SecurityGroups"][0]["GroupId"]]
    )
    stage.fleet.ec2.attach_network_interface(
        DeviceIndex=9, InstanceId=INSTANCE, NetworkInterfaceId=made["NetworkInterface"]["NetworkInterfaceId"]
    )


def _detach_interface(stage):
    last = [one for one in _interfaces(stage) if one["Attachment"]["DeviceIndex"] != 9][-1]
    stage.fleet.ec2.detach_network_interface(AttachmentId=last["Attachment"]["AttachmentId"])


def _tag(key, value):
    return lambda stage: stage.fleet.ec2.create_tags(Resources=[INSTANCE], Tags=[{"Key": key, "Value": value}])


def _untag(stage):
    stage.fleet.ec2.delete_tags(Resources=[INSTANCE], Tags=[{"Key": STATE_TAG}])


def _attribute(**parameters):
    return lambda stage: stage.fleet.ec2.modify_instance_attribute(InstanceId=INSTANCE, **parameters)


def _volumes_go(stage):
    for volume in stage.fleet.now().volumes:
        _attribute(BlockDeviceMappings=[{"DeviceName": volume.device, "Ebs": {"DeleteOnTermination": True}}])(stage)


def _attach_volume(stage):
    made = stage.fleet.ec2.create_volume(AvailabilityZone=f"{REGION}a", Size=1)["VolumeId"]
    stage.fleet.ec2.attach_volume(Device="/dev/sdx", InstanceId=INSTANCE, VolumeId=made)


def _detach_volume(stage):
    stage.fleet.ec2.detach_volume(VolumeId=stage.fleet.now().volumes[0].volume_id, InstanceId=INSTANCE)


def _other_profile(stage):
    stage.profiles.give(stage.profiles.make("shop"))


def _no_profile(stage):
    for one in stage.fleet.ec2.describe_iam_instance_profile_associations()["IamInstanceProfileAssociations"]:
        if one["InstanceId"] == INSTANCE:
            stage.fleet.ec2.disassociate_iam_instance_profile(AssociationId=one["AssociationId"])


def _into_service(stage):
    with contextlib.suppress(ClientError):  # a full group refuses it
        stage.service("autoscaling").exit_standby(AutoScalingGroupName="web-asg", InstanceIds=[INSTANCE])


def _full(stage):
    scaling = stage.service("autoscaling")
    (group,) = scaling.describe_auto_scaling_groups()["AutoScalingGroups"]
    scaling.update_auto_scaling_group(AutoScalingGroupName="web-asg", MaxSize=group["DesiredCapacity"])


def _register_more(stage):
    elb = stage.service("elbv2")
    (group,) = elb.describe_target_groups(Names=["by-id"])["TargetGroups"]
    elb.register_targets(TargetGroupArn=group["TargetGroupArn"], Targets=[{"Id": INSTANCE, "Port": 9999}])


def _register_again(stage):
    stage.service("elb").register_instances_with_load_balancer(
        LoadBalancerName="old", Instances=[{"InstanceId": INSTANCE}]
    )


def _delete_target_group(stage):
    elb = stage.service("elbv2")
    (group,) = elb.describe_target_groups(Names=["by-address"])["TargetGroups"]
    elb.delete_target_group(TargetGroupArn=group["TargetGroupArn"])


def _left_standby(topology):
    return bool(topology.scaling) and not topology.standby and topology.scaling[1] > 1


OWN_GROUPS = Drift("own groups", _own_groups)
ATTACHED_INTERFACE = Drift("an interface attached", _attach_interface)
DETACHED_INTERFACE = Drift("an interface detached", _detach_interface, lambda one: len(one.interfaces) > 1)
FULL = Drift("a full group", _full, lambda one: bool(one.scaling) and not one.standby)
INTO_SERVICE = Drift("in service by hand", _into_service, _left_standby)
NO_TARGET_GROUP = Drift("no target group", _delete_target_group, lambda one: bool(one.by_address))

DRIFTS = (
    OWN_GROUPS,
    Drift("one more group", _one_more_group),
    ATTACHED_INTERFACE,
    DETACHED_INTERFACE,
    Drift("another state tag", _tag(STATE_TAG, "mine")),
    Drift("another case tag", _tag(CASE_TAG, "TICKET-7")),
    Drift("a tag of their own", _tag("Owner", "ops")),
    Drift("no state tag", _untag),
    Drift("no protection", _attribute(DisableApiTermination={"Value": False})),
    Drift("a shutdown that ends it", _attribute(InstanceInitiatedShutdownBehavior={"Value": "terminate"})),
    Drift("volumes that go", _volumes_go, lambda one: bool(one.volumes)),
    Drift("a volume attached", _attach_volume),
    Drift("a volume detached", _detach_volume, lambda one: bool(one.volumes)),
    Drift("another profile", _other_profile),
    Drift("no profile", _no_profile, lambda one: one.profile),
    INTO_SERVICE,
    FULL,
    Drift("one more registration", _register_more, lambda one: bool(one.by_id)),
    Drift("registered again by hand", _register_again, lambda one: one.classic),
    NO_TARGET_GROUP,
)
