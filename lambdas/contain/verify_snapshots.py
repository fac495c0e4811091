"""Verify snapshots: read back from EC2 that there is one of each volume, and lock them where the settings say so."""

from typing import Any

from lambdas.contain.snapshots import locked, snapshots_of
from lambdas.domain.containment.snapshot import of_volumes
from lambdas.domain.errors import NotLocked, SnapshotsMissing
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import said
from lambdas.step_result import ended, refusal, skipped


def verify_snapshots(event: dict[str, Any]) -> dict[str, Any]:
    """A pending one is enough: it holds the data of the moment at which it was asked for.

    Raises SnapshotsMissing where EC2 shows none of a volume, as it may show a new one late, and NotLocked where it
    refuses a lock: both are tried again. All that can be locked is locked before.
    """
    instance = Instance.from_json(event["instance"])
    if not instance.volumes:
        return skipped(said("snapshot:no_volume"))
    shown = of_volumes(snapshots_of(event["case"]["id"], instance))
    best = [shown[volume] for volume in instance.volume_ids if volume in shown]
    told, refused = locked(instance, best)
    missing = [said("snapshot:none", volume=volume) for volume in instance.volume_ids if volume not in shown]
    if missing:
        raise refusal(SnapshotsMissing, *told, *missing)
    if refused:
        raise refusal(NotLocked, *told, *refused)
    return ended("done" if all(one.stands for one in best) else "failed", *told)
