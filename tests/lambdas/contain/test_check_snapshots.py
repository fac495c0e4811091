"""How far the snapshots are, some time later, and what is next: read back, written down, and nothing is changed."""

import pytest

from lambdas import case_table
from tests.recording import Invocation, made_by, recording
from tests.samples import CASE, INSTANCE

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Check snapshots"
KEY = "alias/forensics"


@pytest.fixture
def started(fleet, contain):
    """An instance of two volumes, and its snapshots."""
    instance = fleet.launch()
    return instance, contain("Start snapshots", instance)["snapshots"]


@pytest.fixture
def copying(fleet, configure):  # noqa: ARG001  it sets the environment as it is by default
    """The settings ask for copies."""
    configure(snapshot_copy_key=KEY)


def test_completed_ones_end_it(started, contain):
    instance, (first, second) = started
    result = contain(STEP, instance)
    assert (result["outcome"], result["next"]) == ("done", "end")
    one, other = instance.volume_ids
    assert result["words"] == f"{first} of {one}: completed; {second} of {other}: completed"
    kept = case_table.read_item(CASE, f"watch#{INSTANCE}#snapshots")
    assert {name: kept[name] for name in result} == result


def test_a_pending_one_is_waited_for(started, contain, fleet):
    instance, (first, _) = started
    fleet.show_snapshot(first, "pending", progress="37%")
    result = contain(STEP, instance)
    assert (result["outcome"], result["next"]) == ("done", "wait")
    assert ": pending, 37%" in result["words"]


def test_one_that_failed_is_told_once_nothing_is_pending(started, contain, fleet):
    instance, (first, second) = started
    fleet.show_snapshot(first, "error", message="Client.InternalError")
    fleet.show_snapshot(second, "pending", progress="99%")
    assert contain(STEP, instance)["next"] == "wait"
    fleet.show_snapshot(second, "completed")
    result = contain(STEP, instance)
    assert (result["outcome"], result["next"]) == ("failed", "tell")
    assert f"{first} of {instance.volume_ids[0]}: error (Client.InternalError)" in result["words"]


def test_one_that_somebody_deleted_is_told(started, contain, fleet):
    instance, (first, _) = started
    fleet.ec2.delete_snapshot(SnapshotId=first)
    result = contain(STEP, instance)
    assert (result["outcome"], result["next"]) == ("failed", "tell")
    assert result["words"].endswith(f"none of {instance.volume_ids[0]}")


def test_an_instance_without_volume_has_none_to_wait_for(fleet, contain):
    bare = type(instance := fleet.launch()).from_json({**instance.to_json(), "volumes": []})
    result = contain(STEP, bare)
    assert (result["outcome"], result["next"], result["words"]) == ("done", "end", "the instance has no EBS volume")


@pytest.mark.usefixtures("copying")
def test_completed_ones_are_to_be_copied_where_the_settings_ask(started, contain, fleet):
    instance, (first, _) = started
    fleet.show_snapshot(first, "pending", progress="37%")
    assert contain(STEP, instance)["next"] == "wait"
    fleet.show_snapshot(first, "completed")
    assert contain(STEP, instance)["next"] == "copy"


@pytest.mark.usefixtures("copying")
def test_a_copy_is_waited_for_and_then_it_ends(started, contain, fleet):
    instance, _ = started
    contain("Copy snapshots", instance)
    copy, _ = fleet.copies().values()
    fleet.show_snapshot(copy, "pending", progress="4%")
    assert contain(STEP, instance)["next"] == "wait"
    fleet.show_snapshot(copy, "completed")
    result = contain(STEP, instance)
    assert (result["next"], result["words"].count(" copy of ")) == ("end", 2)


@pytest.mark.usefixtures("copying")
def test_a_copy_that_failed_is_told_and_not_made_again(started, contain, fleet):
    """KMS is asked after the call: a closed key shows here."""
    instance, (first, _) = started
    contain("Copy snapshots", instance)
    copy = fleet.copies()[first]
    fleet.show_snapshot(copy, "error", message="Given key ID is not accessible")
    result = contain(STEP, instance)
    assert (result["outcome"], result["next"]) == ("failed", "tell")
    assert f"{copy} copy of {first}: error (Given key ID is not accessible)" in result["words"]


@pytest.mark.usefixtures("copying")
def test_a_good_one_is_copied_where_another_one_failed(started, contain, fleet):
    instance, (first, second) = started
    fleet.show_snapshot(first, "error")
    assert contain(STEP, instance)["next"] == "copy"
    contain("Copy snapshots", instance)
    assert list(fleet.copies()) == [second]
    assert contain(STEP, instance)["next"] == "tell"


def test_it_only_looks(started, contain):
    with recording() as calls, made_by(Invocation("contain", STEP)):
        contain(STEP, started[0])
    assert [call.operation for call in calls] == ["DescribeSnapshots", "PutItem"]
