"""Verify snapshots: read back from EC2 that there is one of each volume, and lock them where the settings say so."""

from typing import Any

from lambdas.contain.snapshots import locked, snapshots_of
from lambdas.domain.errors import NotLocked, SnapshotsMissing
from lambdas.domain.instance import Instance
from lambdas.domain.snapshot import of_volumes


def verify_snapshots(event: dict[str, Any]) -> dict[str, Any]:
    """A pending one is enough: it holds the data of the moment at which it was asked for.

    Raises SnapshotsMissing where EC2 shows none of a volume, as it may show a new one late, and NotLocked where it
    refuses a lock: both are tried again. All that can be locked is locked before.
    """
    instance = Instance.from_json(event["instance"])
    if not instance.volumes:
        return {"outcome": "skipped", "words": "the instance has no EBS volume"}
    shown = of_volumes(snapshots_of(event["case"]["id"], instance))
    best = [shown[volume] for volume in instance.volume_ids if volume in shown]
    words, refused = locked(instance, best)
    missing = [f"none of {volume}" for volume in instance.volume_ids if volume not in shown]
    if missing:
        raise SnapshotsMissing("; ".join((*words, *missing)))
    if refused:
        raise NotLocked("; ".join((*words, *refused)))
    return {"outcome": "done" if all(one.stands for one in best) else "failed", "words": "; ".join(words)}
