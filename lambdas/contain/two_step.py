"""The first of two steps, only where the settings ask for it: allow all traffic, so that open connections can be cut.

A change of groups cuts a connection only if EC2 did not track it, that is if all traffic was allowed both ways. It is
disputed whether a tracked connection loses its tracking in this way; docs/threat-model.md tells the cost.
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/security-group-connection-tracking.html
"""

import time
from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.contain.interfaces import move_interfaces
from lambdas.domain.containment.quarantine import ALLOW_ALL_RULES, TWO_STEP_NAME
from lambdas.domain.instance.instance import Instance, Interface
from lambdas.domain.instance.tags import ROLE_TAG, TWO_STEP
from lambdas.domain.phrase import Phrase, combined, phrase, verbatim
from lambdas.instance_clients import client_for, reader_of


def allow_all_traffic(instance: Instance, interfaces: Sequence[Interface], seconds: int) -> Phrase | None:
    """Move the interfaces into a group that is open both ways and wait; returns what the report says about it.

    The quarantine follows even where AWS refuses something here.
    """
    if not interfaces:
        return None
    try:
        refused = move_interfaces(instance, interfaces, _open_group(instance))
    except (ClientError, BotoCoreError) as error:
        return phrase("quarantine:first_refused", why=verbatim(str(error)))
    time.sleep(seconds)
    if refused:
        return phrase("quarantine:first_refused", why=combined(*refused))
    return phrase("quarantine:open_before", seconds=seconds)


def _open_group(instance: Instance) -> str:
    ec2, groups = client_for(instance, "ec2"), reader_of(instance).role_groups(TWO_STEP)
    group_id = (
        groups[0]["GroupId"]
        if groups
        else ec2.create_security_group(
            GroupName=TWO_STEP_NAME,
            Description="First of two steps of abuse-responder: allows all traffic for some seconds",
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
