"""Reads the instances of a case from AWS now, with the admin's own IAM identity."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.managed_resources import include_managed_resources
from lambdas.domain.page.case_record import CaseRecord
from lambdas.domain.page.live_state import LiveState, unread_state, why_not_quarantined
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.instance_reader import InstanceReader

_AT_ONCE = 8


def read_live_states(record: CaseRecord) -> dict[str, LiveState]:
    """Each known instance of the case by its id. If AWS refuses to show one, the others are still read."""
    known = {resource.name: resource.instance for resource in record.resources if resource.instance}
    account = boto3.client("sts").get_caller_identity()["Account"] if known else ""
    # boto3 makes clients safely in one thread only.
    clients = {region: _clients(region) for region in {instance.region for instance in known.values()}}
    with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
        answers = {
            name: pool.submit(_live_state, InstanceReader(instance, clients[instance.region]), account)
            for name, instance in known.items()
        }
    return {name: answer.result() for name, answer in answers.items()}


def _clients(region: str) -> Callable[[str], Any]:
    clients = {service: boto3.client(service, region_name=region) for service in ("ec2", "autoscaling")}
    include_managed_resources(clients["ec2"])
    return clients.__getitem__


def _live_state(reader: InstanceReader, account: str) -> LiveState:
    known = reader.known
    if known.account_id != account:
        command = f"aws ec2 describe-instances --region {known.region} --instance-ids {known.instance_id}"
        return unread_state(phrase("live:other_account", account=known.account_id, command=command))
    unread: dict[str, Phrase] = {}
    instance: Instance | None = _read("instance", reader.find_instance, unread)
    if instance is None:
        return unread_state(unread.get("instance", phrase("watch:not_shown")))
    reader = InstanceReader(instance, reader.clients)
    groups = _read("groups", lambda: reader.security_groups(instance.interfaces), unread) or []
    violations = [unread["groups"]] if "groups" in unread else why_not_quarantined(instance.interfaces, groups)
    return LiveState(
        instance=instance,
        violations=tuple(violations),
        groups={group["GroupId"]: group["GroupName"] for group in groups},
        auto_scaling=_read("Auto Scaling", reader.membership, unread),
        unread=unread,
    )


def _read(part: str, read: Callable[[], Any], unread: dict[str, Phrase]) -> Any:
    """What a call returns. Where AWS refuses, `unread` gets the reason."""
    try:
        return read()
    except (ClientError, BotoCoreError) as error:
        unread[part] = verbatim(str(error))
        return None
