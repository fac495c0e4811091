"""Which snapshot counts for a volume, and when a lock is long enough."""

from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.containment.snapshot import (
    COMPLETED,
    GOVERNANCE,
    PENDING,
    Snapshot,
    SnapshotAction,
    SnapshotLock,
    best_by_volume,
    best_copies,
    snapshot_progress,
    snapshots_from,
)
from lambdas.domain.instance.tags import COPY_TAG
from tests.samples import english

STATES = (COMPLETED, PENDING, "error", "recoverable", "recovering")


@st.composite
def described(draw):
    """Snapshots as DescribeSnapshots shows them, some of them copies of others."""
    shown = []
    for number in range(draw(st.integers(0, 8))):
        of = draw(st.sampled_from(["", *(one["SnapshotId"] for one in shown)]))
        shown.append(
            {
                "SnapshotId": f"snap-{number}",
                "VolumeId": "vol-ffffffff" if of else f"vol-{draw(st.integers(0, 2))}",
                "State": draw(st.sampled_from(STATES)),
                "Progress": "37%",
                **({"Tags": [{"Key": COPY_TAG, "Value": of}]} if of else {}),
            }
        )
    return draw(st.permutations(shown))


@given(described())
def test_the_best_one_counts_whatever_the_order(shown):
    snapshots = snapshots_from(shown)
    for best, group in ((best_by_volume(snapshots), "volume_id"), (best_copies(snapshots), "copy_of")):
        for name, one in best.items():
            rivals = [
                other
                for other in snapshots
                if getattr(other, group) == name and bool(other.copy_of) == bool(one.copy_of)
            ]
            assert one in rivals
            assert min(STATES.index(rival.state) for rival in rivals) == STATES.index(one.state) or not one.is_usable
            assert one.is_usable or not any(rival.is_usable for rival in rivals)


@given(described())
def test_a_copy_stands_for_its_snapshot_and_for_no_volume(shown):
    snapshots = snapshots_from(shown)
    assert not any(one.copy_of for one in best_by_volume(snapshots).values())
    assert all(one.copy_of == name for name, one in best_copies(snapshots).items())


@given(st.sampled_from([GOVERNANCE, "compliance", "compliance-cooloff", "expired"]), *2 * [st.integers(1, 36500)])
def test_a_lock_that_is_to_be_made_shortens_none(state, there, asked):
    lock = SnapshotLock(state, there)
    if not lock.satisfies(asked):
        assert state == "expired" or there < asked
    elif state != "expired":
        assert there >= asked or state.startswith("compliance")


def test_what_is_said_of_a_snapshot():
    pending, failed, copy = snapshots_from(
        [
            {"SnapshotId": "snap-1", "VolumeId": "vol-1", "State": PENDING, "Progress": "37%"},
            {"SnapshotId": "snap-2", "VolumeId": "vol-2", "State": "error", "StateMessage": "Client.InvalidKey"},
            {"SnapshotId": "snap-3", "VolumeId": "vol-ffffffff", "State": COMPLETED, "Progress": "100%"}
            | {"Tags": [{"Key": COPY_TAG, "Value": "snap-1"}]},
        ]
    )
    assert english(pending.phrase) == "snap-1 of vol-1: pending, 37%"
    assert english(failed.phrase) == "snap-2 of vol-2: error (Client.InvalidKey)"
    assert english(copy.phrase) == "snap-3 copy of snap-1: completed"


@given(described(), st.booleans())
def test_nothing_is_given_up_while_anything_is_pending_and_nothing_ends_while_anything_is_wrong(shown, copying):
    volumes = ("vol-0", "vol-1", "vol-2")
    snapshots = snapshots_from(shown)
    progress = snapshot_progress(volumes, snapshots, copying=copying)
    originals, copies = best_by_volume(snapshots), best_copies(snapshots)
    completed = [one.snapshot_id for one in originals.values() if one.state == COMPLETED]
    looked_at = [*originals.values(), *([copies[one] for one in completed if one in copies] if copying else [])]
    wrong = len(originals) < len(volumes) or not all(one.is_usable for one in looked_at)
    to_copy = copying and any(one not in copies for one in completed)
    pending = any(one.state == PENDING for one in looked_at)
    assert (progress.next is SnapshotAction.WAIT) == pending
    assert (progress.next is SnapshotAction.COPY) == (not pending and to_copy)
    assert (progress.next is SnapshotAction.TELL) == (not pending and not to_copy and wrong)
    for volume in volumes:
        words = english(progress.phrase)
        assert f" of {volume}:" in words or f"none of {volume}" in words


@given(described())
def test_copying_comes_to_an_end(shown):
    """Whatever becomes of a copy, it is not made a second time."""
    snapshots = list(snapshots_from(shown))
    if snapshot_progress(("vol-0",), snapshots, copying=True).next is SnapshotAction.COPY:
        (source,) = (best_by_volume(snapshots)["vol-0"].snapshot_id,)
        for state in STATES:
            copy = Snapshot("snap-copy", "vol-ffffffff", state, "", "", source)
            assert snapshot_progress(("vol-0",), [*snapshots, copy], copying=True).next is not SnapshotAction.COPY
