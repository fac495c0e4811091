"""The VPC's quarantine group: found by its tag, made if there is none, without any rule."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.domain.containment.quarantine import ALLOW_ALL_RULES, GROUP_NAME
from lambdas.domain.errors import ForeignQuarantineGroup
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG
from lambdas.domain.phrase import phrase
from lambdas.step_result import step_error


def read_quarantine_groups(instance: Instance) -> list[dict[str, Any]]:
    """The quarantine groups of the instance's VPC, with their rules."""
    answer = client("ec2", instance.region, instance.account_id).describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [instance.vpc_id]},
            {"Name": f"tag:{ROLE_TAG}", "Values": [QUARANTINE]},
        ]
    )
    groups: list[dict[str, Any]] = sorted(answer["SecurityGroups"], key=lambda group: group["GroupId"])
    return groups


def ensure_quarantine_group(instance: Instance) -> str:
    """The id of the group, stripped of every rule that it has."""
    groups = read_quarantine_groups(instance)
    if groups:
        return _stripped(instance, groups[0])
    try:
        made = client("ec2", instance.region, instance.account_id).create_security_group(
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
        groups = read_quarantine_groups(instance)
        if not groups:
            tag = f"{ROLE_TAG}={QUARANTINE}"
            foreign = phrase("quarantine:foreign", group=GROUP_NAME, vpc=instance.vpc_id, tag=tag)
            raise step_error(ForeignQuarantineGroup, foreign) from error
        return _stripped(instance, groups[0])
    _strip_new(instance, made["GroupId"])
    return str(made["GroupId"])


def _stripped(instance: Instance, group: dict[str, Any]) -> str:
    ec2 = client("ec2", instance.region, instance.account_id)
    if group["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=group["IpPermissions"])
    if group["IpPermissionsEgress"]:
        ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"])
    return str(group["GroupId"])


def _strip_new(instance: Instance, group_id: str) -> None:
    """Take away the rules that EC2 gives a new group; looking for them first would cost a call more."""

    def revoke(rule: dict[str, Any]) -> None:
        try:
            client("ec2", instance.region, instance.account_id).revoke_security_group_egress(
                GroupId=group_id, IpPermissions=[rule]
            )
        except ClientError as error:
            # A VPC without IPv6 gives no rule for it.
            if error.response["Error"]["Code"] != "InvalidPermission.NotFound":
                raise

    with ThreadPoolExecutor(max_workers=len(ALLOW_ALL_RULES)) as pool:
        list(pool.map(revoke, ALLOW_ALL_RULES))
