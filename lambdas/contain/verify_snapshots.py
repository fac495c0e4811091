"""Verify snapshots: read back from EC2 that there is one of each volume, and lock them where the settings say so."""

from typing import Any

from lambdas.contain.snapshots import lock_snapshots, read_snapshots
from lambdas.domain.containment.snapshot import best_by_volume
from lambdas.domain.errors import NotLocked, SnapshotsMissing
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import phrase
from lambdas.step_result import skipped, step_error, step_result


def verify_snapshots(event: dict[str, Any]) -> dict[str, Any]:
    """A pending one is enough: it holds the data of the moment at which it was asked for.

    Raises SnapshotsMissing where EC2 shows none of a volume, as it may show a new one late, and NotLocked where it
    refuses a lock: both are tried again. All that can be locked is locked before.
    """
    instance = Instance.from_json(event["instance"])
    if not instance.volumes:
        return skipped(phrase("snapshot:no_volume"))
    shown = best_by_volume(read_snapshots(event["case"]["id"], instance))
    best = [shown[volume] for volume in instance.volume_ids if volume in shown]
    messages, refused = lock_snapshots(instance, best)
    missing = [phrase("snapshot:none", volume=volume) for volume in instance.volume_ids if volume not in shown]
    if missing:
        raise step_error(SnapshotsMissing, *messages, *missing)
    if refused:
        raise step_error(NotLocked, *messages, *refused)
    return step_result("done" if all(snapshot.is_usable for snapshot in best) else "failed", *messages)
