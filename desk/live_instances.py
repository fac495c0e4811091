"""The instances of a case as AWS shows them now, read under the admin's own IAM identity."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.domain.containment.before_state import AutoScalingMembership, membership_in
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.managed_resources import with_managed_resources
from lambdas.domain.page.case_record import CaseRecord
from lambdas.domain.page.live_state import LiveState, unread_state, why_not_quarantined
from lambdas.domain.phrase import Phrase, phrase, verbatim

_AT_ONCE = 8
_REFUSALS = (ClientError, BotoCoreError)
_GONE = "InvalidInstanceID.NotFound"


def read_live_states(dossier: CaseRecord) -> dict[str, LiveState]:
    """Each instance of the case that was ever found, by its id. What cannot be read is said, and holds up no other."""
    known = {subject.name: subject.instance for subject in dossier.resources if subject.instance}
    account = boto3.client("sts").get_caller_identity()["Account"] if known else ""
    # boto3 makes clients safely in one thread only.
    clients = {
        region: (_ec2(region), boto3.client("autoscaling", region_name=region))
        for region in {instance.region for instance in known.values()}
    }
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        looks = {
            name: pool.submit(_look, *clients[instance.region], instance, account) for name, instance in known.items()
        }
    return {name: look.result() for name, look in looks.items()}


def _ec2(region: str) -> Any:
    client = boto3.client("ec2", region_name=region)
    client.meta.events.register("provide-client-params.ec2.DescribeInstances", with_managed_resources)
    return client


def _look(ec2: Any, autoscaling: Any, known: Instance, account: str) -> LiveState:
    if known.account_id != account:
        command = f"aws ec2 describe-instances --region {known.region} --instance-ids {known.instance_id}"
        return unread_state(phrase("live:other_account", account=known.account_id, command=command))
    try:
        answer = ec2.describe_instances(InstanceIds=[known.instance_id])
        (description,) = (instance for reservation in answer["Reservations"] for instance in reservation["Instances"])
    except ClientError as error:
        gone = error.response["Error"]["Code"] == _GONE
        return unread_state(phrase("watch:not_shown") if gone else verbatim(str(error)))
    except BotoCoreError as error:
        return unread_state(verbatim(str(error)))
    instance = Instance.from_description(description, region=known.region, account_id=account)
    unread: dict[str, Phrase] = {}
    groups = _groups(ec2, instance, unread)
    place = _place(autoscaling, instance, unread)
    return LiveState(
        instance=instance,
        violations=tuple(why_not_quarantined(instance.interfaces, groups))
        if "groups" not in unread
        else (unread["groups"],),
        groups={group["GroupId"]: group["GroupName"] for group in groups},
        auto_scaling=place,
        unread=unread,
    )


def _groups(ec2: Any, instance: Instance, unread: dict[str, Phrase]) -> list[Mapping[str, Any]]:
    """The security groups that its interfaces carry, with their rules."""
    carried = sorted({group for interface in instance.interfaces for group in interface.groups})
    if not carried:
        return []
    try:
        return list(ec2.describe_security_groups(GroupIds=carried)["SecurityGroups"])
    except _REFUSALS as error:
        unread["groups"] = verbatim(str(error))
        return []


def _place(autoscaling: Any, instance: Instance, unread: dict[str, Phrase]) -> AutoScalingMembership | None:
    """Its place in the Auto Scaling group that launched it."""
    if not instance.auto_scaling_group:
        return None
    try:
        answer = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[instance.auto_scaling_group])
    except _REFUSALS as error:
        unread["Auto Scaling"] = verbatim(str(error))
        return None
    places = [membership_in(group, instance.instance_id) for group in answer["AutoScalingGroups"]]
    return next((place for place in places if place), None)
