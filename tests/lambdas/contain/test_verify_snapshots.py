"""What EC2 shows of the snapshots, read back; and locks, which are made where the settings ask and never shortened."""

import pytest

from lambdas.domain.errors import NotLocked, SnapshotsMissing
from tests.samples import ending

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Verify snapshots"


@pytest.fixture
def started(fleet, contain):
    """An instance of two volumes whose snapshots were started; the volumes and their snapshots, in their order."""
    instance = fleet.launch()
    made = dict(zip(instance.volume_ids, contain("Start snapshots", instance)["snapshots"], strict=True))
    return instance, made


@pytest.fixture
def ninety_days(fleet, configure):  # noqa: ARG001  it sets the environment as it is by default
    """The settings ask for locks of so many days."""
    configure(snapshot_lock_days=90)


def locks(fleet):
    """Each lock as EC2 shows it: the snapshot with its mode and its days."""
    shown = fleet.ec2.describe_locked_snapshots()["Snapshots"]
    return {one["SnapshotId"]: (one["LockState"], one["LockDuration"]) for one in shown}


def test_every_volume_has_one(fleet, started, contain):
    instance, made = started
    result = contain(STEP, instance)
    assert ending(result) == {
        "outcome": "done",
        "words": "; ".join(f"{snapshot} of {volume}: completed" for volume, snapshot in made.items()),
    }
    assert locks(fleet) == {}, "nobody asked for locks"


def test_a_pending_one_is_enough_and_its_progress_is_said(fleet, started, contain):
    instance, made = started
    first, second = made
    fleet.show_snapshot(made[first], "pending", progress="37%")
    words = f"{made[first]} of {first}: pending, 37%; {made[second]} of {second}: completed"
    assert ending(contain(STEP, instance)) == {"outcome": "done", "words": words}


def test_one_that_failed_is_a_failure_in_the_words_of_ec2(fleet, started, contain):
    instance, made = started
    first, second = made
    fleet.show_snapshot(made[first], "error", message="Client.InternalError")
    assert ending(contain(STEP, instance)) == {
        "outcome": "failed",
        "words": f"{made[first]} of {first}: error (Client.InternalError); {made[second]} of {second}: completed",
    }


def test_a_volume_without_one_is_named_and_asked_for_again(fleet, started, contain):
    """EC2 shows a new snapshot late, so the state machine asks again before it believes that there is none."""
    instance, made = started
    first, second = made
    fleet.ec2.delete_snapshot(SnapshotId=made[first])
    with pytest.raises(SnapshotsMissing, match=f"{made[second]} of {second}: completed; none of {first}"):
        contain(STEP, instance)


def test_the_snapshots_of_another_case_do_not_count(started, contain):
    instance, made = started
    first, second = made
    with pytest.raises(SnapshotsMissing, match=f"none of {first}; none of {second}"):
        contain(STEP, instance, case_id="99")


def test_an_instance_without_volume_has_nothing_to_verify(fleet, contain):
    bare = type(instance := fleet.launch()).from_json({**instance.to_json(), "volumes": []})
    assert ending(contain(STEP, bare)) == {"outcome": "skipped", "words": "the instance has no EBS volume"}


@pytest.mark.usefixtures("ninety_days")
def test_each_is_locked_in_governance_mode_where_the_settings_ask(fleet, started, contain):
    instance, made = started
    fleet.show_snapshot(made[instance.volume_ids[0]], "pending", progress="0%")
    result = contain(STEP, instance)
    assert locks(fleet) == dict.fromkeys(made.values(), ("governance", 90))
    assert result["outcome"] == "done"
    assert result["words"].count("locked for 90 days (governance)") == 2


@pytest.mark.usefixtures("ninety_days")
def test_locking_again_asks_ec2_for_nothing(started, contain, calls, fleet):
    instance, _ = started
    first = contain(STEP, instance)
    asked = calls(fleet.ec2, "LockSnapshot")
    assert contain(STEP, instance) == first
    assert asked == []


@pytest.mark.parametrize(
    ("was", "stays"),
    [
        (("governance", 30), ("governance", 90)),  # made longer
        (("governance", 365), ("governance", 365)),
        (("compliance", 30), ("compliance", 30)),  # this mode cannot be left
        (("compliance", 365), ("compliance", 365)),
        (("compliance-cooloff", 365), ("compliance-cooloff", 365)),
        (("expired", 365), ("governance", 90)),
    ],
)
@pytest.mark.usefixtures("ninety_days")
def test_a_lock_is_never_shortened(fleet, started, contain, was, stays):
    instance, made = started
    snapshot = made[instance.volume_ids[0]]
    fleet.ec2.lock_snapshot(SnapshotId=snapshot, LockMode=was[0], LockDuration=was[1])
    result = contain(STEP, instance)
    assert locks(fleet)[snapshot] == stays
    assert f"locked for {stays[1]} days ({stays[0]})" in result["words"]


@pytest.mark.usefixtures("ninety_days")
def test_a_refused_lock_holds_up_no_other_and_is_tried_again(fleet, started, contain, refuse):
    instance, made = started
    first, second = made.values()
    refuse(fleet.ec2, "LockSnapshot", "UnauthorizedOperation", lambda params: params["SnapshotId"] == first)
    with pytest.raises(NotLocked, match=f"{first} was not locked: .*UnauthorizedOperation"):
        contain(STEP, instance)
    assert locks(fleet) == {second: ("governance", 90)}


@pytest.mark.usefixtures("ninety_days")
def test_what_failed_is_not_locked(fleet, started, contain):
    instance, made = started
    first, second = made.values()
    fleet.show_snapshot(first, "error")
    assert contain(STEP, instance)["outcome"] == "failed"
    assert list(locks(fleet)) == [second]


@pytest.mark.usefixtures("ninety_days")
def test_what_is_there_is_locked_even_if_another_is_missing(fleet, started, contain):
    instance, made = started
    first, second = made.values()
    fleet.ec2.delete_snapshot(SnapshotId=first)
    with pytest.raises(SnapshotsMissing):
        contain(STEP, instance)
    assert list(locks(fleet)) == [second]
