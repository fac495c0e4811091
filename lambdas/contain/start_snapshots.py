"""Start snapshots: one crash-consistent set of all volumes, made once for each case and instance."""

from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from lambdas import case_table
from lambdas.contain.snapshots import read_snapshots
from lambdas.contain.unless_protected import protected_now
from lambdas.domain.case.table_keys import SNAPSHOTS_PREFIX
from lambdas.domain.containment.snapshot import best_by_volume
from lambdas.domain.errors import SnapshotRateExceeded, SnapshotsInProgress
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.tags import CASE_TAG, INSTANCE_TAG
from lambdas.domain.phrase import phrase, verbatim
from lambdas.instance_clients import client_for
from lambdas.step_result import skipped, step_error, step_result

# Longer than the step with its retries can take.
_STALE_AFTER = timedelta(minutes=5)
# EC2 takes one snapshot of a volume every 15 seconds, for all callers together:
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshot.html
_TOO_SOON = "SnapshotCreationPerVolumeRateExceeded"


def start_snapshots(event: dict[str, Any]) -> dict[str, Any]:
    """Start the missing snapshots. Nothing waits for one to finish: its content is that of the moment of the call.

    CreateSnapshots has no client token, so a retry finds the set by its tags, and only one execution at a time may
    start it. https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshots.html
    """
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    if not instance.volumes:
        return skipped(phrase("snapshot:no_volume"), snapshots=[])
    alone = case_table.take_lock(
        case, f"{SNAPSHOTS_PREFIX}{instance.instance_id}", event["execution"], stale_after=_STALE_AFTER
    )
    started = _started(case, instance)
    refused: dict[str, ClientError] = {}
    if not alone and not started.keys() >= set(instance.volume_ids):
        raise step_error(SnapshotsInProgress, phrase("snapshot:being_started", instance=instance.instance_id))
    if not started.keys() & set(instance.volume_ids):
        refused |= _start_together(case, instance, started)
        # The call on the instance is denied by its tag, those on its volumes are not.
        if refused and (protected := protected_now(instance)):
            return skipped(protected, snapshots=[])
    for volume in instance.volume_ids:
        if volume not in started:
            refused |= _start_one(case, instance, volume, started)
    return _result(instance, started, refused)


def _started(case: str, instance: Instance) -> dict[str, str]:
    """The case's snapshots of the instance that EC2 shows and that did not fail: volume id to snapshot id."""
    shown = best_by_volume(read_snapshots(case, instance))
    return {volume: snapshot.snapshot_id for volume, snapshot in shown.items() if snapshot.is_usable}


def _start_together(case: str, instance: Instance, started: dict[str, str]) -> dict[str, ClientError]:
    """Start the set and add it to `started`."""
    try:
        answer = client_for(instance, "ec2").create_snapshots(
            InstanceSpecification={"InstanceId": instance.instance_id},
            Description=_description(case, instance),
            TagSpecifications=_tags(case, instance),
        )
    except ClientError as error:
        # EC2 refuses the whole call if one volume cannot be snapshotted now. The others are then tried alone.
        return {"all volumes together": error}
    started |= {snapshot["VolumeId"]: snapshot["SnapshotId"] for snapshot in answer["Snapshots"]}
    return {}


def _start_one(case: str, instance: Instance, volume: str, started: dict[str, str]) -> dict[str, ClientError]:
    try:
        answer = client_for(instance, "ec2").create_snapshot(
            VolumeId=volume, Description=_description(case, instance), TagSpecifications=_tags(case, instance)
        )
    except ClientError as error:
        return {volume: error}
    started[volume] = answer["SnapshotId"]
    return {}


def _result(instance: Instance, started: dict[str, str], refused: dict[str, ClientError]) -> dict[str, Any]:
    """Raises SnapshotRateExceeded where waiting helps. Other refusals are final."""
    missing = [volume for volume in instance.volume_ids if volume not in started]
    messages = [phrase("snapshot:started", snapshot=snapshot, volume=volume) for volume, snapshot in started.items()]
    messages += [phrase("snapshot:refused", volume=volume, why=verbatim(str(refused[volume]))) for volume in missing]
    if any(refused[volume].response["Error"]["Code"] == _TOO_SOON for volume in missing):
        raise step_error(SnapshotRateExceeded, *messages)
    if refused and not missing:
        messages.append(phrase("snapshot:apart"))
    return step_result("failed" if missing else "done", *messages, snapshots=list(started.values()))


def _description(case: str, instance: Instance) -> str:
    return f"abuse-responder: {instance.instance_id}, case {case}"


def _tags(case: str, instance: Instance) -> list[dict[str, Any]]:
    tags = [{"Key": CASE_TAG, "Value": case}, {"Key": INSTANCE_TAG, "Value": instance.instance_id}]
    return [{"ResourceType": "snapshot", "Tags": tags}]
