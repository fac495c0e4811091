"""The case's snapshots of an instance as EC2 shows them, and their locks."""

from collections.abc import Sequence

from botocore.exceptions import ClientError

from lambdas.domain.containment.snapshot import GOVERNANCE, Snapshot, SnapshotLock, snapshots_from
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.tags import CASE_TAG, INSTANCE_TAG
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.domain.settings.function_config import ContainConfig
from lambdas.instance_clients import client_for
from lambdas.load_config import load_config


def read_snapshots(case: str, instance: Instance) -> tuple[Snapshot, ...]:
    """All snapshots with the tags of the case and the instance, in any state; copies, too."""
    pages = (
        client_for(instance, "ec2")
        .get_paginator("describe_snapshots")
        .paginate(
            OwnerIds=["self"],
            Filters=[
                {"Name": f"tag:{CASE_TAG}", "Values": [case]},
                {"Name": f"tag:{INSTANCE_TAG}", "Values": [instance.instance_id]},
            ],
        )
    )
    return snapshots_from(snapshot for page in pages for snapshot in page["Snapshots"])


def lock_snapshots(instance: Instance, snapshots: Sequence[Snapshot]) -> tuple[list[Phrase], list[Phrase]]:
    """Lock each for as long as the settings ask, or not at all; returns the state of each, and what EC2 refused.

    Governance mode can be undone by anyone with the permission. A snapshot may still be pending.
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_LockSnapshot.html
    """
    days = load_config(ContainConfig).snapshot_lock_days or 0
    wanted = [snapshot.snapshot_id for snapshot in snapshots if snapshot.is_usable] if days else []
    ec2 = client_for(instance, "ec2")
    shown = ec2.describe_locked_snapshots(SnapshotIds=wanted)["Snapshots"] if wanted else []
    locks = {lock["SnapshotId"]: SnapshotLock.from_aws(lock) for lock in shown}
    refused = []
    for snapshot in wanted:
        if snapshot in locks and locks[snapshot].satisfies(days):
            continue
        try:
            answer = ec2.lock_snapshot(SnapshotId=snapshot, LockMode=GOVERNANCE, LockDuration=days)
        except ClientError as error:  # the others can still be locked
            refused.append(phrase("snapshot:not_locked", snapshot=snapshot, why=verbatim(str(error))))
        else:
            locks[snapshot] = SnapshotLock.from_aws(answer)
    messages = [
        phrase("snapshot:locked", snapshot=entry.phrase, days=lock.days, mode=lock.state)
        if (lock := locks.get(entry.snapshot_id))
        else entry.phrase
        for entry in snapshots
    ]
    return messages, refused
