"""Quarantine network: every interface into a group of the VPC that lets nothing in and nothing out."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.domain.errors import ForeignQuarantineGroup, NotMoved
from lambdas.domain.instance import Instance, Interface, interfaces_from
from lambdas.domain.quarantine import GROUP_NAME, QUARANTINE, ROLE_TAG


def quarantine_network(event: dict[str, Any]) -> dict[str, Any]:
    """Move each interface that the instance has now. What EC2 refuses of one does not hold up the others.

    A refusal may be a passing one, such as a throttled call: raised after all the others were moved, it is tried again.
    """
    instance = Instance.from_json(event["instance"])
    with ThreadPoolExecutor(max_workers=2) as pool:
        client("ec2", instance.region)  # boto3 makes clients safely in one thread only
        group = pool.submit(_closed_group, instance)
        interfaces = pool.submit(interfaces_of, instance)
    group_id, attached = group.result(), interfaces.result()
    to_move = [interface for interface in attached if interface.groups != (group_id,)]
    with ThreadPoolExecutor(max_workers=max(len(to_move), 1)) as pool:
        refusals = list(pool.map(lambda interface: _move(instance, interface, group_id), to_move))
    refused = [refusal for refusal in refusals if refusal]
    if refused:
        raise NotMoved("; ".join(refused))
    return {
        "outcome": "done",
        "words": f"{len(to_move)} of {len(attached)} interface(s) moved to {group_id}",
        "group": group_id,
    }


def interfaces_of(instance: Instance) -> tuple[Interface, ...]:
    """The interfaces that the instance has at this moment."""
    pages = (
        client("ec2", instance.region)
        .get_paginator("describe_network_interfaces")
        .paginate(Filters=[{"Name": "attachment.instance-id", "Values": [instance.instance_id]}])
    )
    return interfaces_from([interface for page in pages for interface in page["NetworkInterfaces"]])


def groups_of_ours(instance: Instance) -> list[dict[str, Any]]:
    """The quarantine groups of the instance's VPC, with their rules."""
    answer = client("ec2", instance.region).describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [instance.vpc_id]},
            {"Name": f"tag:{ROLE_TAG}", "Values": [QUARANTINE]},
        ]
    )
    groups: list[dict[str, Any]] = sorted(answer["SecurityGroups"], key=lambda group: group["GroupId"])
    return groups


def _closed_group(instance: Instance) -> str:
    """The id of the VPC's quarantine group, made if there is none, and stripped of every rule that it has."""
    groups = groups_of_ours(instance) or _made_group(instance)
    group, ec2 = groups[0], client("ec2", instance.region)
    if group["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=group["IpPermissions"])
    if group["IpPermissionsEgress"]:
        ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"])
    return str(group["GroupId"])


def _made_group(instance: Instance) -> list[dict[str, Any]]:
    try:
        client("ec2", instance.region).create_security_group(
            GroupName=GROUP_NAME,
            Description="Quarantine of abuse-responder: no rule, in or out",
            VpcId=instance.vpc_id,
            TagSpecifications=[
                {"ResourceType": "security-group", "Tags": [{"Key": ROLE_TAG, "Value": QUARANTINE}]},
            ],
        )
    except ClientError as error:
        # Another execution may have made it between our two calls.
        if error.response["Error"]["Code"] != "InvalidGroup.Duplicate":
            raise
    groups = groups_of_ours(instance)
    if not groups:
        raise ForeignQuarantineGroup(
            f"a group {GROUP_NAME!r} in {instance.vpc_id} has no tag {ROLE_TAG}={QUARANTINE}: rename or delete it"
        )
    return groups


def _move(instance: Instance, interface: Interface, group_id: str) -> str:
    """Move one interface; returns EC2's words where it refuses.

    ModifyInstanceAttribute would refuse an instance with several interfaces:
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
    """
    try:
        client("ec2", instance.region).modify_network_interface_attribute(
            NetworkInterfaceId=interface.interface_id, Groups=[group_id]
        )
    except ClientError as error:
        return f"{interface.interface_id} was not moved: {error}"
    return ""
