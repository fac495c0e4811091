"""Start snapshots: one crash-consistent set of all volumes, made once for each case and instance."""

from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from lambdas import casebook
from lambdas.aws import client
from lambdas.domain.errors import SnapshotsBeingStarted
from lambdas.domain.instance import Instance
from lambdas.domain.quarantine import CASE_TAG, INSTANCE_TAG

# Longer than the step with its retries can take.
_STALE_AFTER = timedelta(minutes=5)


def start_snapshots(event: dict[str, Any]) -> dict[str, Any]:
    """Start what is not there yet; nothing waits for a snapshot to finish, its content is that of the call.

    CreateSnapshots has no client token, so a retry finds the set by its tags, and only one execution at a time may
    start it. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html
    """
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    if not instance.volumes:
        return {"outcome": "skipped", "words": "the instance has no EBS volume", "snapshots": []}
    if not casebook.lock(case, f"snapshots#{instance.instance_id}", event["execution"], stale_after=_STALE_AFTER):
        started = _started(case, instance)
        if set(instance.volumes) <= set(started):
            return _result(instance, started, {})
        raise SnapshotsBeingStarted(f"another execution is starting the snapshots of {instance.instance_id}")
    started = _started(case, instance)
    missing = [volume for volume in instance.volumes if volume not in started]
    refused: dict[str, str] = {}
    if missing == list(instance.volumes):
        refused = _start_together(case, instance)
        started = _started(case, instance)
        missing = [volume for volume in instance.volumes if volume not in started]
    if missing:
        refused |= _start_one_by_one(case, instance, missing)
        started = _started(case, instance)
    return _result(instance, started, refused)


def _started(case: str, instance: Instance) -> dict[str, str]:
    """The case's snapshots of the instance as EC2 shows them: volume id to snapshot id."""
    pages = (
        client("ec2", instance.region)
        .get_paginator("describe_snapshots")
        .paginate(
            OwnerIds=["self"],
            Filters=[
                {"Name": f"tag:{CASE_TAG}", "Values": [case]},
                {"Name": f"tag:{INSTANCE_TAG}", "Values": [instance.instance_id]},
                {"Name": "status", "Values": ["pending", "completed"]},
            ],
        )
    )
    return {snapshot["VolumeId"]: snapshot["SnapshotId"] for page in pages for snapshot in page["Snapshots"]}


def _start_together(case: str, instance: Instance) -> dict[str, str]:
    try:
        client("ec2", instance.region).create_snapshots(
            InstanceSpecification={"InstanceId": instance.instance_id},
            Description=_description(case, instance),
            TagSpecifications=_tags(case, instance),
        )
    except ClientError as error:
        # The call is refused as a whole when a single volume cannot be snapshotted now: the others still can.
        return {"all volumes together": str(error)}
    return {}


def _start_one_by_one(case: str, instance: Instance, volumes: list[str]) -> dict[str, str]:
    refused = {}
    for volume in volumes:
        try:
            client("ec2", instance.region).create_snapshot(
                VolumeId=volume, Description=_description(case, instance), TagSpecifications=_tags(case, instance)
            )
        except ClientError as error:
            refused[volume] = str(error)
    return refused


def _result(instance: Instance, started: dict[str, str], refused: dict[str, str]) -> dict[str, Any]:
    missing = [volume for volume in instance.volumes if volume not in started]
    words = [f"{snapshot} of {volume}" for volume, snapshot in started.items()]
    words += [f"none of {volume}: {refused.get(volume, 'EC2 does not show one')}" for volume in missing]
    if refused and not missing:
        words.append("each by itself, as EC2 refused them together: not from the very same instant")
    return {
        "outcome": "failed" if missing else "done",
        "words": "; ".join(words),
        "snapshots": list(started.values()),
    }


def _description(case: str, instance: Instance) -> str:
    return f"abuse-responder: {instance.instance_id}, case {case}"


def _tags(case: str, instance: Instance) -> list[dict[str, Any]]:
    tags = [{"Key": CASE_TAG, "Value": case}, {"Key": INSTANCE_TAG, "Value": instance.instance_id}]
    return [{"ResourceType": "snapshot", "Tags": tags}]
