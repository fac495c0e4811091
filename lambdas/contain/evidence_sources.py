"""What is collected of an instance: one small function for each file. What it returns is what AWS said.

Another kind of evidence is another function and its line in the table `EVIDENCE_SOURCES`, with its right in
stacks/rights/containing.py.
"""

import base64
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import Any

from lambdas.aws import client
from lambdas.domain.containment.load_balancing import can_target
from lambdas.domain.instance.instance import Instance
from lambdas.trail_reader import lookup_events

Answer = Mapping[str, Any] | bytes | None
"""JSON of AWS, or the bytes of a file that is none; None where AWS has nothing to show."""

_GROUPS_AT_ONCE = 4  # target groups; "Leave load balancers" asks for the same at about the same time


@dataclass(frozen=True, slots=True)
class EvidenceSource:
    """One file: its name, the call that it comes from, and how it is read. Not every instance has an `optional` one."""

    name: str
    source: str
    read: Callable[[Instance], Answer]
    optional: bool = False


def description(instance: Instance) -> Answer:
    """The instance with its tags."""
    return _whole(instance, "ec2", "describe_instances", InstanceIds=[instance.instance_id])


def network_interfaces(instance: Instance) -> Answer:
    """Its interfaces as they are now: the quarantine may have come first. The state before has the former groups."""
    return _whole(instance, "ec2", "describe_network_interfaces", Filters=_attached_to(instance))


def security_groups(instance: Instance) -> Answer:
    """The groups that its interfaces carried when it was found, with their rules."""
    groups = sorted({group for interface in instance.interfaces for group in interface.groups})
    return _whole(instance, "ec2", "describe_security_groups", Filters=[{"Name": "group-id", "Values": groups}])


def subnets(instance: Instance) -> Answer:
    """The subnets of its interfaces."""
    filters = [{"Name": "subnet-id", "Values": _subnet_ids(instance)}]
    return _whole(instance, "ec2", "describe_subnets", Filters=filters)


def route_tables(instance: Instance) -> Answer:
    """The route tables of its subnets; a subnet that is associated with none has the VPC's main one.

    https://docs.aws.amazon.com/vpc/latest/userguide/subnet-route-tables.html
    """
    wanted = _subnet_ids(instance)
    filters = [{"Name": "association.subnet-id", "Values": wanted}]
    tables = _whole(instance, "ec2", "describe_route_tables", Filters=filters)["RouteTables"]
    associated = {association.get("SubnetId") for table in tables for association in table["Associations"]}
    if not associated.issuperset(wanted):
        filters = [{"Name": "vpc-id", "Values": [instance.vpc_id]}, {"Name": "association.main", "Values": ["true"]}]
        main = _whole(instance, "ec2", "describe_route_tables", Filters=filters)["RouteTables"]
        tables = [*tables, *(table for table in main if table not in tables)]
    return {"RouteTables": tables}


def network_acls(instance: Instance) -> Answer:
    """The network ACLs of its subnets; each subnet has one."""
    filters = [{"Name": "association.subnet-id", "Values": _subnet_ids(instance)}]
    return _whole(instance, "ec2", "describe_network_acls", Filters=filters)


def user_data(instance: Instance) -> Answer:
    """What it ran at its launch, in Base64. People put secrets there."""
    return _said(instance, "describe_instance_attribute", Attribute="userData")


def console_output(instance: Instance, **latest: bool) -> Answer:
    """What it wrote to its console: as EC2 kept it when it last started or stopped, or, with `Latest`, up to now.

    Only instances on Nitro have the latter: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleOutput.html
    """
    answer = _said(instance, "get_console_output", **latest)
    return answer if answer.get("Output") else None


def screenshot(instance: Instance) -> Answer:
    """What its screen shows, as a JPG. It is not woken up for it: that would be a keystroke.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetConsoleScreenshot.html
    """
    image = _said(instance, "get_console_screenshot").get("ImageData")
    return base64.b64decode(image) if image else None


def volumes(instance: Instance) -> Answer:
    """Its volumes with their tags."""
    return _whole(instance, "ec2", "describe_volumes", Filters=_attached_to(instance))


def profile_associations(instance: Instance) -> Answer:
    """Which instance profile it has now, and whether it is being exchanged."""
    filters = [{"Name": "instance-id", "Values": [instance.instance_id]}]
    return _whole(instance, "ec2", "describe_iam_instance_profile_associations", Filters=filters)


def instance_profile(instance: Instance) -> Answer:
    """The profile with which it was found, its role, and what that role may do: inline policies word for word."""
    if not instance.profile:
        return {"InstanceProfile": None, "Roles": []}
    profile = client("iam", None, instance.account_id).get_instance_profile(
        InstanceProfileName=instance.profile.rpartition("/")[2]
    )["InstanceProfile"]
    return {"InstanceProfile": profile, "Roles": [_rights(instance, role["RoleName"]) for role in profile["Roles"]]}


def target_groups(instance: Instance) -> Answer:
    """The target groups of its VPC in which it is a target, by its id or an address of it, with its health there."""
    elb = client("elbv2", instance.region, instance.account_id)
    groups = [
        group
        for group in _whole(instance, "elbv2", "describe_target_groups")["TargetGroups"]
        if can_target(group, instance)
    ]
    with ThreadPoolExecutor(max_workers=_GROUPS_AT_ONCE) as pool:
        answers = list(
            pool.map(lambda group: elb.describe_target_health(TargetGroupArn=group["TargetGroupArn"]), groups)
        )
    ours = {instance.instance_id, *instance.private_addresses}
    health = [
        [target for target in answer["TargetHealthDescriptions"] if target["Target"]["Id"] in ours]
        for answer in answers
    ]
    return {
        "TargetGroups": [
            {**group, "TargetHealthDescriptions": here} for group, here in zip(groups, health, strict=True) if here
        ]
    }


def classic_load_balancers(instance: Instance) -> Answer:
    """The classic load balancers in which it is registered."""
    balancers = _whole(instance, "elb", "describe_load_balancers")["LoadBalancerDescriptions"]
    registered = [
        balancer
        for balancer in balancers
        if instance.instance_id in {member["InstanceId"] for member in balancer["Instances"]}
    ]
    return {"LoadBalancerDescriptions": registered}


def auto_scaling_group(instance: Instance) -> Answer:
    """The Auto Scaling group that launched it, whether or not it is in it still."""
    if not instance.auto_scaling_group:
        return {"AutoScalingGroups": []}
    names = [instance.auto_scaling_group]
    return _whole(instance, "autoscaling", "describe_auto_scaling_groups", AutoScalingGroupNames=names)


def cloudtrail_events(instance: Instance) -> Answer:
    """The newest events that name it; `More` says whether there are older ones."""
    trail = client("cloudtrail", instance.region, instance.account_id)
    events, complete = lookup_events(trail, "ResourceName", instance.instance_id, pages=3)
    return {"Events": events, "More": not complete}


EVIDENCE_SOURCES = (
    # The slowest first.
    EvidenceSource("cloudtrail-events.json", "cloudtrail:LookupEvents", cloudtrail_events, optional=True),
    EvidenceSource("instance-profile.json", "iam:GetInstanceProfile, iam:GetRolePolicy", instance_profile),
    EvidenceSource("target-groups.json", "elasticloadbalancing:DescribeTargetHealth", target_groups),
    EvidenceSource("route-tables.json", "ec2:DescribeRouteTables", route_tables),
    EvidenceSource("subnets.json", "ec2:DescribeSubnets", subnets),
    EvidenceSource("network-acls.json", "ec2:DescribeNetworkAcls", network_acls),
    EvidenceSource("screenshot.jpg", "ec2:GetConsoleScreenshot", screenshot, optional=True),
    EvidenceSource("console-output.json", "ec2:GetConsoleOutput", console_output, optional=True),
    EvidenceSource("console-latest.json", "ec2:GetConsoleOutput", partial(console_output, Latest=True), optional=True),
    EvidenceSource("instance.json", "ec2:DescribeInstances", description),
    EvidenceSource("network-interfaces.json", "ec2:DescribeNetworkInterfaces", network_interfaces),
    EvidenceSource("security-groups.json", "ec2:DescribeSecurityGroups", security_groups),
    EvidenceSource("user-data.json", "ec2:DescribeInstanceAttribute", user_data),
    EvidenceSource("volumes.json", "ec2:DescribeVolumes", volumes),
    EvidenceSource("profile-associations.json", "ec2:DescribeIamInstanceProfileAssociations", profile_associations),
    EvidenceSource("classic-load-balancers.json", "elasticloadbalancing:DescribeLoadBalancers", classic_load_balancers),
    EvidenceSource("auto-scaling-group.json", "autoscaling:DescribeAutoScalingGroups", auto_scaling_group),
)


def _whole(instance: Instance, service: str, operation: str, **parameters: Any) -> dict[str, Any]:
    """All pages of an answer as one."""
    pages = client(service, instance.region, instance.account_id).get_paginator(operation).paginate(**parameters)
    answer: dict[str, Any] = pages.build_full_result()
    return answer


def _said(instance: Instance, operation: str, **parameters: Any) -> dict[str, Any]:
    """What EC2 answers to a call about the instance that has no pages."""
    ec2 = client("ec2", instance.region, instance.account_id)
    answer: dict[str, Any] = getattr(ec2, operation)(InstanceId=instance.instance_id, **parameters)
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def _attached_to(instance: Instance) -> list[dict[str, Any]]:
    return [{"Name": "attachment.instance-id", "Values": [instance.instance_id]}]


def _subnet_ids(instance: Instance) -> list[str]:
    """The subnets of its interfaces, asked for by each file that needs them: so each can fail alone."""
    interfaces = _whole(instance, "ec2", "describe_network_interfaces", Filters=_attached_to(instance))
    return sorted({interface["SubnetId"] for interface in interfaces["NetworkInterfaces"]})


def _rights(instance: Instance, role: str) -> dict[str, Any]:
    iam = client("iam", None, instance.account_id)
    attached = iam.get_paginator("list_attached_role_policies").paginate(RoleName=role).build_full_result()
    inline = iam.get_paginator("list_role_policies").paginate(RoleName=role).build_full_result()
    documents = {
        name: iam.get_role_policy(RoleName=role, PolicyName=name)["PolicyDocument"] for name in inline["PolicyNames"]
    }
    return {"RoleName": role, "AttachedPolicies": attached["AttachedPolicies"], "InlinePolicies": documents}
