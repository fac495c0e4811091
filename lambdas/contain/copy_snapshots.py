"""Copy snapshots: one copy of each under the key that the settings name, in the Region of the instance.

A copy outlives the key that its volume was encrypted with, and can be shared where one under EC2's own key cannot.
"""

from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from lambdas import case_table
from lambdas.contain.snapshots import lock_snapshots, read_snapshots
from lambdas.domain.case.table_keys import SNAPSHOT_COPIES_PREFIX
from lambdas.domain.containment.snapshot import COMPLETED, Snapshot, best_by_volume, best_copies
from lambdas.domain.errors import NotLocked
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.tags import CASE_TAG, COPY_TAG, INSTANCE_TAG
from lambdas.domain.phrase import phrase
from lambdas.domain.settings.function_config import ContainConfig
from lambdas.instance_clients import client_for
from lambdas.load_config import load_config
from lambdas.step_result import skipped, step_error, step_result

# Longer than the step with its retries can take.
_STALE_AFTER = timedelta(minutes=5)
# At most 20 copies into one Region may be in progress at once, including those of others.
# https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html
_TOO_MANY = "ResourceLimitExceeded"


def copy_snapshots(event: dict[str, Any]) -> dict[str, Any]:
    """Copy what has no copy yet, and lock each copy where the settings say so.

    CopySnapshot has no client token, so a retry finds a copy by its tags, and only one execution at a time copies. KMS
    is asked later: a key that is missing or closed shows as an error of the copy.
    """
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    if not case_table.take_lock(
        case, f"{SNAPSHOT_COPIES_PREFIX}{instance.instance_id}", event["execution"], stale_after=_STALE_AFTER
    ):
        return skipped(phrase("snapshot:being_copied"))
    shown = read_snapshots(case, instance)
    copied = best_copies(shown)
    put_off = [
        snapshot.snapshot_id
        for snapshot in best_by_volume(shown).values()
        if snapshot.state == COMPLETED and snapshot.snapshot_id not in copied and not _copied(case, instance, snapshot)
    ]
    messages, refused = lock_snapshots(instance, tuple(best_copies(read_snapshots(case, instance)).values()))
    messages += [phrase("snapshot:not_copied", snapshot=snapshot) for snapshot in put_off]
    if refused:
        raise step_error(NotLocked, *messages, *refused)
    return step_result("skipped" if put_off else "done", *messages)


def _copied(case: str, instance: Instance, snapshot: Snapshot) -> bool:
    """Ask for one copy. False where too many are in progress: the next check finds it missing."""
    tags = {CASE_TAG: case, INSTANCE_TAG: instance.instance_id, COPY_TAG: snapshot.snapshot_id}
    try:
        client_for(instance, "ec2").copy_snapshot(
            SourceRegion=instance.region,
            SourceSnapshotId=snapshot.snapshot_id,
            Description=f"abuse-responder: copy of {snapshot.snapshot_id}, {instance.instance_id}, case {case}",
            Encrypted=True,
            KmsKeyId=load_config(ContainConfig).snapshot_copy_key,
            TagSpecifications=[
                {"ResourceType": "snapshot", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
            ],
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != _TOO_MANY:
            raise
        return False
    return True
