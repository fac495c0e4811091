"""How an instance stands beside its network: its attributes, and its place in an Auto Scaling group."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.aws import client
from lambdas.domain.containment.before_state import AutoScalingMembership, BeforeState, membership_in
from lambdas.domain.containment.protection import ProtectionState
from lambdas.domain.instance.instance import Instance

# The part of the before-state that says where it stands in Auto Scaling.
MEMBERSHIP = "group"


def read_before_state(instance: Instance) -> BeforeState:
    """The instance as it was found, with what else a release puts back. What cannot be read is named."""
    read, unread = _read(
        instance, {"termination protection": _termination, "shutdown": _shutdown, MEMBERSHIP: read_membership}
    )
    return BeforeState(
        instance=instance,
        termination_protection=read.get("termination protection"),
        shutdown_behaviour=read.get("shutdown", ""),
        auto_scaling=read.get(MEMBERSHIP),
        unread=unread,
    )


def read_protection_state(instance: Instance) -> ProtectionState:
    """What EC2 and Auto Scaling show at this moment. Raises what AWS says where it does not show it."""
    with ThreadPoolExecutor(max_workers=4) as pool:
        _clients(instance)
        termination, shutdown = pool.submit(_termination, instance), pool.submit(_shutdown, instance)
        place, described = pool.submit(read_membership, instance), pool.submit(_described, instance)
    now, where = described.result(), place.result()
    return ProtectionState(
        termination_protection=termination.result(),
        shutdown_behaviour=shutdown.result(),
        volumes=now.volumes,
        lifecycle=where.lifecycle if where else "",
    )


def read_membership(instance: Instance) -> AutoScalingMembership | None:
    """The place of the instance in the Auto Scaling group that launched it; None where it is in none now."""
    if not instance.auto_scaling_group:
        return None
    answer = client("autoscaling", instance.region, instance.account_id).describe_auto_scaling_groups(
        AutoScalingGroupNames=[instance.auto_scaling_group]
    )
    places = [membership_in(group, instance.instance_id) for group in answer["AutoScalingGroups"]]
    return next((place for place in places if place), None)


def _termination(instance: Instance) -> bool:
    return bool(_attribute(instance, "disableApiTermination", "DisableApiTermination"))


def _shutdown(instance: Instance) -> str:
    return str(_attribute(instance, "instanceInitiatedShutdownBehavior", "InstanceInitiatedShutdownBehavior"))


def _attribute(instance: Instance, name: str, key: str) -> Any:
    """One attribute, as only one can be asked for at a time.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html
    """
    answer = client("ec2", instance.region, instance.account_id).describe_instance_attribute(
        InstanceId=instance.instance_id, Attribute=name
    )
    return answer[key]["Value"]


def _described(instance: Instance) -> Instance:
    answer = client("ec2", instance.region, instance.account_id).describe_instances(InstanceIds=[instance.instance_id])
    (reservation,) = answer["Reservations"]
    return Instance.from_description(
        reservation["Instances"][0], region=instance.region, account_id=instance.account_id
    )


def _read(instance: Instance, readers: dict[str, Callable[[Instance], Any]]) -> tuple[dict[str, Any], dict[str, str]]:
    with ThreadPoolExecutor(max_workers=len(readers)) as pool:
        _clients(instance)
        answers: dict[str, Future[Any]] = {name: pool.submit(reader, instance) for name, reader in readers.items()}
    read, unread = {}, {}
    for name, answer in answers.items():
        try:
            read[name] = answer.result()
        except (ClientError, BotoCoreError) as error:  # what is not known is left alone by a release
            unread[name] = str(error)
    return read, unread


def _clients(instance: Instance) -> None:
    """Made here, because boto3 makes clients safely in one thread only."""
    for service in ("ec2", "autoscaling"):
        client(service, instance.region, instance.account_id)
