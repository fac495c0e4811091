"""Copy snapshots: one copy of each under the key that the settings name, in the Region of the instance.

A copy outlives the key that its volume was encrypted with, and can be shared where one under EC2's own key cannot.
"""

import os
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from lambdas import case_table as casebook
from lambdas.aws import client
from lambdas.contain.snapshots import locked, snapshots_of
from lambdas.domain.containment.quarantine import CASE_TAG, COPY_TAG, INSTANCE_TAG
from lambdas.domain.containment.snapshot import COMPLETED, Snapshot, copies_of, of_volumes
from lambdas.domain.errors import NotLocked
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import said
from lambdas.step_result import ended, refusal, skipped

# Longer than the step with its retries can take.
_STALE_AFTER = timedelta(minutes=5)
# So many copies into one Region may be under way at once, whoever makes them: 20.
# https://docs.aws.amazon.com/ebs/latest/userguide/ebs-copy-snapshot.html
_TOO_MANY = "ResourceLimitExceeded"


def copy_snapshots(event: dict[str, Any]) -> dict[str, Any]:
    """Copy what has no copy yet, and lock each copy where the settings say so.

    CopySnapshot has no client token, so a retry finds a copy by its tags, and only one execution at a time copies. KMS
    is asked later: a key that is missing or closed shows as an error of the copy.
    """
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    if not casebook.lock(case, f"copies#{instance.instance_id}", event["execution"], stale_after=_STALE_AFTER):
        return skipped(said("snapshot:being_copied"))
    shown = snapshots_of(case, instance)
    copied = copies_of(shown)
    put_off = [
        one.snapshot_id
        for one in of_volumes(shown).values()
        if one.state == COMPLETED and one.snapshot_id not in copied and not _copied(case, instance, one)
    ]
    told, refused = locked(instance, tuple(copies_of(snapshots_of(case, instance)).values()))
    told += [said("snapshot:not_copied", snapshot=snapshot) for snapshot in put_off]
    if refused:
        raise refusal(NotLocked, *told, *refused)
    return ended("skipped" if put_off else "done", *told)


def _copied(case: str, instance: Instance, snapshot: Snapshot) -> bool:
    """Ask for one copy; False where as many as may be are under way already: the next look finds it missing."""
    tags = {CASE_TAG: case, INSTANCE_TAG: instance.instance_id, COPY_TAG: snapshot.snapshot_id}
    try:
        client("ec2", instance.region, instance.account_id).copy_snapshot(
            SourceRegion=instance.region,
            SourceSnapshotId=snapshot.snapshot_id,
            Description=f"abuse-responder: copy of {snapshot.snapshot_id}, {instance.instance_id}, case {case}",
            Encrypted=True,
            KmsKeyId=os.environ["SNAPSHOT_COPY_KEY"],
            TagSpecifications=[
                {"ResourceType": "snapshot", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
            ],
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != _TOO_MANY:
            raise
        return False
    return True
