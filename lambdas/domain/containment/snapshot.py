"""The snapshots that a case has of an instance: how they stand, and for how long nobody can delete them.

https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_Snapshot.html
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from lambdas.domain.instance.tags import COPY_TAG
from lambdas.domain.phrase import Phrase, combined, phrase, verbatim

PENDING: Final = "pending"  # its data, those of the call that made it, are still being stored
COMPLETED: Final = "completed"
GOVERNANCE: Final = "governance"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A snapshot as EC2 shows it. `state` is EC2's name of it, `message` its words about an error.

    `copy_of` is the id of the snapshot that it is a copy of, empty for one of a volume.
    """

    snapshot_id: str
    volume_id: str
    state: str
    progress: str
    message: str
    copy_of: str

    @property
    def is_usable(self) -> bool:
        """Whether it holds the volume's data, or will."""
        return self.state in {PENDING, COMPLETED}

    @property
    def phrase(self) -> Phrase:
        """How it stands."""
        state: Phrase | str = self.state
        if self.state == PENDING and self.progress:
            state = phrase("snapshot:pending", state=self.state, progress=self.progress)
        if self.message:
            state = phrase("snapshot:error", state=state, why=verbatim(self.message))
        if self.copy_of:
            return phrase("snapshot:copy", copy=self.snapshot_id, snapshot=self.copy_of, state=state)
        return phrase("snapshot:of_volume", snapshot=self.snapshot_id, volume=self.volume_id, state=state)


def snapshots_from(described: Iterable[Mapping[str, Any]]) -> tuple[Snapshot, ...]:
    """The snapshots that DescribeSnapshots or CreateSnapshots show."""
    return tuple(
        Snapshot(
            snapshot_id=snapshot["SnapshotId"],
            volume_id=snapshot["VolumeId"],
            state=snapshot["State"],
            progress=snapshot.get("Progress", ""),
            message=snapshot.get("StateMessage", ""),
            copy_of={tag["Key"]: tag["Value"] for tag in snapshot.get("Tags", ())}.get(COPY_TAG, ""),
        )
        for snapshot in described
    )


def best_by_volume(snapshots: Iterable[Snapshot]) -> dict[str, Snapshot]:
    """The best snapshot of each volume: a completed one, else a pending one, else one that shows why there is none."""
    return _best((snapshot.volume_id, snapshot) for snapshot in snapshots if not snapshot.copy_of)


def best_copies(snapshots: Iterable[Snapshot]) -> dict[str, Snapshot]:
    """The best copy of each snapshot that has any, by the snapshot's id."""
    return _best((snapshot.copy_of, snapshot) for snapshot in snapshots if snapshot.copy_of)


def _best(named: Iterable[tuple[str, Snapshot]]) -> dict[str, Snapshot]:
    best: dict[str, Snapshot] = {}
    for name, snapshot in named:
        if name not in best or _rank(snapshot) > _rank(best[name]):
            best[name] = snapshot
    return best


def _rank(snapshot: Snapshot) -> int:
    return {COMPLETED: 2, PENDING: 1}.get(snapshot.state, 0)


@dataclass(frozen=True, slots=True)
class SnapshotLock:
    """A lock: `state` is "governance", "compliance", "compliance-cooloff" or "expired", `days` how long it lasts."""

    state: str
    days: int

    @classmethod
    def from_aws(cls, lock: Mapping[str, Any]) -> "SnapshotLock":
        """The lock in an answer of DescribeLockedSnapshots or LockSnapshot."""
        return cls(lock["LockState"], lock["LockDuration"])

    def satisfies(self, days: int) -> bool:
        """Whether there is nothing to do for a lock of so many days.

        A longer one is never made shorter. Nor is one in compliance mode touched, which cannot be turned back into
        governance mode: https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lock-concepts.html
        """
        return self.state.startswith("compliance") or (self.state == GOVERNANCE and self.days >= days)


class SnapshotAction(StrEnum):
    """What is to be done about the snapshots of an instance."""

    WAIT = "wait"
    COPY = "copy"
    TELL = "tell"  # something is wrong, and waiting will not mend it
    END = "end"  # all is there


@dataclass(frozen=True, slots=True)
class SnapshotProgress:
    """How far the snapshots of an instance are, and what is next."""

    next: SnapshotAction
    phrase: Phrase


def snapshot_progress(volumes: Sequence[str], snapshots: Iterable[Snapshot], *, copying: bool) -> SnapshotProgress:
    """First all are waited for, then what is completed is copied where that is asked for, then what is wrong is told.

    So the copies of good ones are made also where another one failed. A copy that failed is not made again: its key
    is missing or closed, and people have to see to that.
    """
    shown = tuple(snapshots)
    originals, copies = best_by_volume(shown), best_copies(shown)
    there = [originals[volume] for volume in volumes if volume in originals]
    missing = [phrase("snapshot:none", volume=volume) for volume in volumes if volume not in originals]
    ready = [snapshot.snapshot_id for snapshot in there if snapshot.state == COMPLETED] if copying else []
    made = [copies[snapshot] for snapshot in ready if snapshot in copies]
    told = combined(*(snapshot.phrase for snapshot in (*there, *made)), *missing)
    if any(snapshot.state == PENDING for snapshot in (*there, *made)):
        return SnapshotProgress(SnapshotAction.WAIT, told)
    if len(made) < len(ready):
        return SnapshotProgress(SnapshotAction.COPY, told)
    if missing or not all(snapshot.is_usable for snapshot in (*there, *made)):
        return SnapshotProgress(SnapshotAction.TELL, told)
    return SnapshotProgress(SnapshotAction.END, told if told.parts else phrase("snapshot:no_volume"))
