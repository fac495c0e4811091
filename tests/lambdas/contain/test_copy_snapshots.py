"""One copy of each snapshot under the key that the settings name, whatever is run again."""

from datetime import timedelta

import pytest
from botocore.exceptions import ClientError

from lambdas import case_table
from lambdas.domain.errors import NotLocked
from tests.samples import CASE, INSTANCE, ending

pytestmark = pytest.mark.usefixtures("table", "buckets", "copying")

STEP = "Copy snapshots"
KEY = "alias/forensics"
OTHER = "arn:aws:states:eu-central-1:552071934480:execution:watch:other"


@pytest.fixture
def copying(fleet, configure):  # noqa: ARG001  it sets the environment as it is by default
    """The settings ask for copies."""
    configure(snapshot_copy_key=KEY)


@pytest.fixture
def started(fleet, contain):
    """An instance of two volumes, and its snapshots."""
    instance = fleet.launch()
    return instance, contain("Start snapshots", instance)["snapshots"]


@pytest.fixture
def asked(fleet, calls):
    """The copies that EC2 was asked for."""
    return calls(fleet.ec2, "CopySnapshot")


def test_each_is_copied_in_its_region_under_the_key(started, contain, fleet, asked):
    instance, snapshots = started
    result = contain(STEP, instance)
    assert result["outcome"] == "done"
    assert sorted(fleet.copies()) == sorted(snapshots)
    for snapshot, copy in fleet.copies().items():
        assert f"{copy} copy of {snapshot}: completed" in result["words"]
    assert {one["SourceSnapshotId"] for one in asked} == set(snapshots)
    for one in asked:
        assert (one["SourceRegion"], one["Encrypted"], one["KmsKeyId"]) == (fleet.region, True, KEY)
    shown = fleet.ec2.describe_snapshots(SnapshotIds=list(fleet.copies().values()))["Snapshots"]
    assert all(one["Encrypted"] for one in shown)


def test_a_replay_makes_no_second_copy(started, contain, asked):
    instance, _ = started
    first = contain(STEP, instance)
    assert contain(STEP, instance) == first
    assert len(asked) == 2


def test_what_a_crash_left_out_is_made_up_for(started, contain, fleet, refuse, asked):
    instance, (first, second) = started
    undo = refuse(fleet.ec2, "CopySnapshot", "InternalError", lambda params: params["SourceSnapshotId"] == second)
    with pytest.raises(ClientError, match="InternalError"):
        contain(STEP, instance)
    undo()
    assert contain(STEP, instance)["outcome"] == "done"
    assert [one["SourceSnapshotId"] for one in asked] == [first, second, second]
    assert sorted(fleet.copies()) == sorted((first, second))


def test_too_many_copies_at_once_are_put_off(started, contain, fleet, refuse):
    """Twenty of them may be under way in a Region; the next look finds what is missing."""
    instance, (first, second) = started
    limit = "ResourceLimitExceeded"
    undo = refuse(fleet.ec2, "CopySnapshot", limit, lambda params: params["SourceSnapshotId"] == second)
    result = contain(STEP, instance)
    assert (result["outcome"], list(fleet.copies())) == ("skipped", [first])
    assert result["words"].endswith(f"{second} is not copied yet: too many copies are in progress")
    assert contain("Check snapshots", instance)["next"] == "copy"
    undo()
    assert contain(STEP, instance)["outcome"] == "done"
    assert contain("Check snapshots", instance)["next"] == "end"


def test_while_another_execution_copies_this_one_leaves_it(started, contain, asked):
    instance, _ = started
    case_table.take_lock(CASE, f"snapshot-copies#{INSTANCE}", OTHER, stale_after=timedelta(minutes=5))
    assert ending(contain(STEP, instance)) == {"outcome": "skipped", "words": "another execution is copying them"}
    assert asked == []


def test_a_pending_one_cannot_be_copied_yet(started, contain, fleet):
    instance, (first, second) = started
    fleet.show_snapshot(first, "pending")
    contain(STEP, instance)
    assert list(fleet.copies()) == [second]


def test_a_copy_is_locked_like_what_it_is_of(started, contain, fleet, configure):
    configure(snapshot_lock_days=90)
    instance, _ = started
    result = contain(STEP, instance)
    locked = {one["SnapshotId"] for one in fleet.ec2.describe_locked_snapshots()["Snapshots"]}
    assert locked == set(fleet.copies().values())
    assert result["words"].count("locked for 90 days (governance)") == 2


def test_a_copy_that_was_not_locked_is_a_failure_that_is_tried_again(started, contain, fleet, configure, refuse):
    configure(snapshot_lock_days=90)
    instance, _ = started
    undo = refuse(fleet.ec2, "LockSnapshot", "InternalError")
    with pytest.raises(NotLocked, match=r"was not locked: .*InternalError"):
        contain(STEP, instance)
    undo()
    assert contain(STEP, instance)["outcome"] == "done"
    assert len(fleet.copies()) == 2
