"""The first of two steps, only where the settings ask for it: all is let through, so that open flows can be cut.

A flow is cut by a change of groups only if it was not tracked, that is if all was let through both ways. Whether a
flow that is tracked already loses its tracking so is disputed; docs/threat-model.md says what it costs.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
"""

import time
from collections.abc import Sequence
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.aws import client
from lambdas.contain.interfaces import move_interfaces
from lambdas.domain.containment.quarantine import ALLOW_ALL_RULES, TWO_STEP_NAME
from lambdas.domain.instance.instance import Instance, Interface
from lambdas.domain.instance.tags import ROLE_TAG, TWO_STEP
from lambdas.domain.phrase import Phrase, combined, phrase, verbatim


def allow_all_traffic(instance: Instance, interfaces: Sequence[Interface], seconds: int) -> Phrase | None:
    """Move the interfaces into a group that is open both ways, for so many seconds; returns what is said of it.

    Whatever AWS refuses here, the quarantine follows: it must not wait for the extra.
    """
    if not interfaces:
        return None
    try:
        group = _open_group(instance)
        refused = move_interfaces(instance, interfaces, group)
    except (ClientError, BotoCoreError) as error:
        return phrase("quarantine:first_refused", why=verbatim(str(error)))
    time.sleep(seconds)
    if refused:
        return phrase("quarantine:first_refused", why=combined(*refused))
    return phrase("quarantine:open_before", seconds=seconds)


def _open_group(instance: Instance) -> str:
    ec2 = client("ec2", instance.region, instance.account_id)
    found: list[dict[str, Any]] = ec2.describe_security_groups(
        Filters=[
            {"Name": "vpc-id", "Values": [instance.vpc_id]},
            {"Name": f"tag:{ROLE_TAG}", "Values": [TWO_STEP]},
        ]
    )["SecurityGroups"]
    group_id = (
        found[0]["GroupId"]
        if found
        else ec2.create_security_group(
            GroupName=TWO_STEP_NAME,
            Description="First of two steps of abuse-responder: all is let through, for seconds",
            VpcId=instance.vpc_id,
            TagSpecifications=[{"ResourceType": "security-group", "Tags": [{"Key": ROLE_TAG, "Value": TWO_STEP}]}],
        )["GroupId"]
    )
    for authorize in (ec2.authorize_security_group_ingress, ec2.authorize_security_group_egress):
        for rule in ALLOW_ALL_RULES:
            try:
                authorize(GroupId=group_id, IpPermissions=[rule])
            except ClientError as error:
                if error.response["Error"]["Code"] != "InvalidPermission.Duplicate":
                    raise
    return str(group_id)
