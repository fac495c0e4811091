"""The quarantine group of a VPC: found by its tag, created where there is none, and without any rule."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from botocore.exceptions import ClientError

from lambdas.domain.containment.quarantine import ALLOW_ALL_RULES, GROUP_NAME
from lambdas.domain.errors import ForeignQuarantineGroup
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG
from lambdas.domain.phrase import phrase
from lambdas.instance_clients import client_for, reader_of
from lambdas.step_result import step_error


def ensure_quarantine_group(instance: Instance) -> str:
    """The id of the group, after every rule is removed from it."""
    reader = reader_of(instance)
    groups = reader.quarantine_groups()
    if groups:
        return _stripped(instance, groups[0])
    try:
        group_id = client_for(instance, "ec2").create_security_group(
            GroupName=GROUP_NAME,
            Description="Quarantine of abuse-responder: no rule, in or out",
            VpcId=instance.vpc_id,
            TagSpecifications=[{"ResourceType": "security-group", "Tags": [{"Key": ROLE_TAG, "Value": QUARANTINE}]}],
        )["GroupId"]
    except ClientError as error:
        # Another execution may have created it between our two calls.
        if error.response["Error"]["Code"] != "InvalidGroup.Duplicate":
            raise
        groups = reader.quarantine_groups()
        if not groups:
            tag = f"{ROLE_TAG}={QUARANTINE}"
            foreign = phrase("quarantine:foreign", group=GROUP_NAME, vpc=instance.vpc_id, tag=tag)
            raise step_error(ForeignQuarantineGroup, foreign) from error
        return _stripped(instance, groups[0])
    _strip_new(instance, group_id)
    return str(group_id)


def _stripped(instance: Instance, group: dict[str, Any]) -> str:
    ec2 = client_for(instance, "ec2")
    if group["IpPermissions"]:
        ec2.revoke_security_group_ingress(GroupId=group["GroupId"], IpPermissions=group["IpPermissions"])
    if group["IpPermissionsEgress"]:
        ec2.revoke_security_group_egress(GroupId=group["GroupId"], IpPermissions=group["IpPermissionsEgress"])
    return str(group["GroupId"])


def _strip_new(instance: Instance, group_id: str) -> None:
    """Remove the rules that EC2 gives a new group. Reading them first would cost another call."""

    def revoke(rule: dict[str, Any]) -> None:
        try:
            client_for(instance, "ec2").revoke_security_group_egress(GroupId=group_id, IpPermissions=[rule])
        except ClientError as error:
            # A VPC without IPv6 gives the group no rule for it.
            if error.response["Error"]["Code"] != "InvalidPermission.NotFound":
                raise

    with ThreadPoolExecutor(max_workers=len(ALLOW_ALL_RULES)) as pool:
        list(pool.map(revoke, ALLOW_ALL_RULES))
