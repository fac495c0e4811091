"""How an instance stands now, part by part, against what a release may put back."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas import case_table
from lambdas.aws import client
from lambdas.credentials import iam_client, read_profile_association, roles_that_deny
from lambdas.domain.containment.before_state import AutoScalingMembership, BeforeState, membership_in
from lambdas.domain.containment.credentials import name_from_arn
from lambdas.domain.containment.load_balancing import Registrations, Target, targets_of
from lambdas.domain.errors import NotAMember
from lambdas.domain.instance.instance import TERMINATED_STATES, Instance, interfaces_from
from lambdas.domain.instance.tags import CASE_TAG, ROLE_TAG
from lambdas.domain.phrase import Phrase
from lambdas.domain.release import CurrentState, ReleasePart, contained_record
from lambdas.step_result import error_phrase


def read_current_state(
    case: str,
    before: BeforeState,
    registrations: Registrations | None,
    parts: Sequence[ReleasePart] = tuple(ReleasePart),
) -> CurrentState:
    """Read these parts. What AWS refuses to show of one stands in `unread`, and hides no other."""
    try:
        instance = _described(before.instance)
        held_by_case = _other_holder(case, instance) if instance else ""
    except (ClientError, BotoCoreError, NotAMember) as error:
        return CurrentState(instance=None, unread=dict.fromkeys((ReleasePart.NETWORK, *parts), error_phrase(error)))
    if instance is None or instance.state in TERMINATED_STATES or held_by_case:
        return CurrentState(instance=instance, held_by_case=held_by_case)
    readers: dict[ReleasePart, Callable[[], dict[str, Any]]] = {
        ReleasePart.CREDENTIALS: partial(_credentials, before.instance),
        ReleasePart.NETWORK: partial(_network, before.instance),
        ReleasePart.AUTO_SCALING: partial(_auto_scaling, before),
        ReleasePart.LOAD_BALANCERS: partial(_load_balancers, registrations, instance),
        ReleasePart.PROTECTION: partial(_protection, instance),
        ReleasePart.TAGS: dict,  # the description has them
    }
    read: dict[str, Any] = {}
    unread: dict[ReleasePart, Phrase] = {}
    for part in parts:
        try:
            read |= readers[part]()
        except (ClientError, BotoCoreError) as error:
            unread[part] = error_phrase(error)
    return CurrentState(instance=instance, unread=unread, **read)


def _described(instance: Instance) -> Instance | None:
    """By filter, because by id one that is gone would be an error."""
    answer = client("ec2", instance.region, instance.account_id).describe_instances(
        Filters=[{"Name": "instance-id", "Values": [instance.instance_id]}]
    )
    for reservation in answer["Reservations"]:
        for description in reservation["Instances"]:
            return Instance.from_description(description, region=instance.region, account_id=instance.account_id)
    return None


def _other_holder(case: str, instance: Instance) -> str:
    """Another case that contained the instance and did not release it yet, by the tag that it left."""
    tagged = instance.tags.get(CASE_TAG, case)
    if tagged == case:
        return ""
    state = contained_record(case_table.read_items(tagged), instance.instance_id)
    return tagged if state and state.held else ""


def _network(instance: Instance) -> dict[str, Any]:
    """The interfaces that it has, what became of those it had, and which of all their groups exist."""
    ec2 = client("ec2", instance.region, instance.account_id)
    wanted = [one.interface_id for one in instance.interfaces]
    attached = _interfaces(ec2, "attachment.instance-id", [instance.instance_id])
    known = _interfaces(ec2, "network-interface-id", wanted) if wanted else []
    have = {one["NetworkInterfaceId"] for one in attached}
    interfaces = interfaces_from(attached)
    ids = {group for one in (*instance.interfaces, *interfaces) for group in one.groups}
    groups = ec2.describe_security_groups(Filters=[{"Name": "group-id", "Values": sorted(ids)}]) if ids else {}
    return {
        "interfaces": interfaces,
        "detached_interfaces": {
            one["NetworkInterfaceId"]: one.get("Attachment", {}).get("InstanceId", "")
            for one in known
            if one["NetworkInterfaceId"] not in have
        },
        "groups": {
            group["GroupId"]: next((tag["Value"] for tag in group.get("Tags", ()) if tag["Key"] == ROLE_TAG), "")
            for group in groups.get("SecurityGroups", ())
        },
    }


def _interfaces(ec2: Any, filtered_by: str, values: list[str]) -> list[dict[str, Any]]:
    pages = ec2.get_paginator("describe_network_interfaces").paginate(Filters=[{"Name": filtered_by, "Values": values}])
    return [interface for page in pages for interface in page["NetworkInterfaces"]]


def _credentials(instance: Instance) -> dict[str, Any]:
    association, exists, iam = read_profile_association(instance), True, iam_client(instance)
    if instance.profile:
        try:
            iam.get_instance_profile(InstanceProfileName=name_from_arn(instance.profile))
        except iam.exceptions.NoSuchEntityException:
            exists = False
    return {
        "profile": association.profile if association else "",
        "profile_exists": exists,
        "credentials_denied": bool(roles_that_deny(instance)),
    }


def _auto_scaling(before: BeforeState) -> dict[str, Any]:
    place, instance = before.auto_scaling, before.instance
    if place is None:
        return {}
    answer = client("autoscaling", instance.region, instance.account_id).describe_auto_scaling_groups(
        AutoScalingGroupNames=[place.group]
    )
    for group in answer["AutoScalingGroups"]:
        outside = AutoScalingMembership(place.group, "", group["MinSize"], group["MaxSize"], group["DesiredCapacity"])
        return {"auto_scaling": membership_in(group, instance.instance_id) or outside}
    return {}


def _load_balancers(registrations: Registrations | None, instance: Instance) -> dict[str, Any]:
    """The target groups and classic load balancers of before: which exist, and what they send to the instance."""
    if registrations is None:
        return {}
    elb = client("elbv2", instance.region, instance.account_id)
    registered: list[Target] = []
    there = []
    for group in dict.fromkeys(target.group for target in registrations.targets):
        try:
            health = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        except elb.exceptions.TargetGroupNotFoundException:
            continue
        there.append(group)
        registered += targets_of(group, health, instance)
    classic = {name: now for name in registrations.classic if (now := _in_classic(name, instance)) is not None}
    return {"registered": tuple(registered), "target_groups": frozenset(there), "classic": classic}


def _in_classic(name: str, instance: Instance) -> bool | None:
    """Whether it is registered there, None where the load balancer is gone."""
    elb = client("elb", instance.region, instance.account_id)
    try:
        (balancer,) = elb.describe_load_balancers(LoadBalancerNames=[name])["LoadBalancerDescriptions"]
    except elb.exceptions.AccessPointNotFoundException:
        return None
    return any(one["InstanceId"] == instance.instance_id for one in balancer["Instances"])


def _protection(instance: Instance) -> dict[str, Any]:
    """One attribute a call: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html."""
    ask = partial(
        client("ec2", instance.region, instance.account_id).describe_instance_attribute, InstanceId=instance.instance_id
    )
    return {
        "termination_protection": ask(Attribute="disableApiTermination")["DisableApiTermination"]["Value"],
        "shutdown_behaviour": ask(Attribute="instanceInitiatedShutdownBehavior")["InstanceInitiatedShutdownBehavior"][
            "Value"
        ],
    }
