"""One set of snapshots for each case and instance, whatever is run again and whatever EC2 refuses."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdas import case_table
from lambdas.domain.errors import SnapshotRateExceeded, SnapshotsInProgress
from lambdas.domain.instance.tags import CASE_TAG, COPY_TAG, INSTANCE_TAG
from tests.recording import Invocation, made_by, recording
from tests.samples import CASE, INSTANCE

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Start snapshots"
OTHER = "arn:aws:states:eu-central-1:552071934480:execution:respond:other"


@pytest.fixture
def sets(fleet, calls):
    """The sets that EC2 was asked for."""
    return calls(fleet.ec2, "CreateSnapshots")


@pytest.fixture
def singles(fleet, calls):
    """The single snapshots that EC2 was asked for."""
    return calls(fleet.ec2, "CreateSnapshot")


def test_all_volumes_are_snapshotted_together(fleet, contain, sets, singles):
    instance = fleet.launch(volumes=3)
    result = contain(STEP, instance)
    assert fleet.snapshots() == sorted(instance.volume_ids)
    assert (len(sets), singles) == (1, [])
    assert result["outcome"] == "done"
    assert len(result["snapshots"]) == 3
    for volume in instance.volume_ids:
        assert f" of {volume}" in result["words"]
    assert "not from exactly the same moment" not in result["words"]


def test_the_first_run_waits_for_three_answers(fleet, contain):
    """The quarantine waits for them too: the lock, the search, the set."""
    instance = fleet.launch()
    with recording() as calls, made_by(Invocation("contain", STEP)):
        contain(STEP, instance)
    assert [call.operation for call in calls] == ["PutItem", "DescribeSnapshots", "CreateSnapshots"]


def test_an_instance_without_volume_has_nothing_to_keep(fleet, contain, sets):
    instance = fleet.launch()
    bare = type(instance).from_json({**instance.to_json(), "volumes": []})
    result = contain(STEP, bare)
    assert (result["outcome"], result["snapshots"], sets) == ("skipped", [], [])
    assert "no EBS volume" in result["words"]


def test_f12_a_replay_makes_no_second_set(fleet, contain, sets, singles):
    instance = fleet.launch()
    first = contain(STEP, instance)
    again = contain(STEP, instance)
    assert sorted(again["snapshots"]) == sorted(first["snapshots"])
    assert again["outcome"] == "done"
    assert (len(sets), singles) == (1, [])


def test_f12_a_later_notice_of_the_case_makes_no_second_set(fleet, contain, sets):
    """Another execution, whose predecessor's lock has not even gone stale."""
    instance = fleet.launch()
    first = contain(STEP, instance)
    again = contain(STEP, instance, execution=OTHER)
    assert sorted(again["snapshots"]) == sorted(first["snapshots"])
    assert len(sets) == 1


def test_another_case_has_a_set_of_its_own(fleet, contain, sets):
    instance = fleet.launch()
    contain(STEP, instance)
    contain(STEP, instance, case_id="99")
    assert fleet.snapshots("99") == fleet.snapshots(CASE) == sorted(instance.volume_ids)
    assert len(sets) == 2


def test_while_another_execution_starts_them_this_one_waits_for_its_retry(fleet, contain, sets, singles):
    instance = fleet.launch()
    case_table.take_lock(CASE, f"snapshots#{INSTANCE}", OTHER, stale_after=timedelta(minutes=5))
    with pytest.raises(SnapshotsInProgress, match=INSTANCE):
        contain(STEP, instance)
    assert (sets, singles) == ([], [])


def test_a_lock_that_was_left_behind_does_not_hold_for_ever(fleet, contain, table, sets):
    instance = fleet.launch()
    case_table.take_lock(CASE, f"snapshots#{INSTANCE}", OTHER, stale_after=timedelta(minutes=5))
    past = int((datetime.now(UTC) - timedelta(minutes=6)).timestamp())
    table.update_item(
        TableName="cases",
        Key={"pk": {"S": CASE}, "sk": {"S": f"snapshots#{INSTANCE}"}},
        UpdateExpression="SET since = :past",
        ExpressionAttributeValues={":past": {"N": str(past)}},
    )
    assert contain(STEP, instance)["outcome"] == "done"
    assert len(sets) == 1


def test_where_the_set_is_refused_each_volume_is_asked_for_by_itself(fleet, contain, refuse, singles):
    instance = fleet.launch()
    refuse(fleet.ec2, "CreateSnapshots", "IncorrectState")
    result = contain(STEP, instance)
    assert fleet.snapshots() == sorted(instance.volume_ids)
    assert len(singles) == 2
    assert result["outcome"] == "done"
    assert (
        "taken one by one, because EC2 refused to take them together: not from exactly the same moment"
        in result["words"]
    )


def test_a_volume_that_is_refused_is_named_and_the_others_are_kept(fleet, contain, refuse):
    instance = fleet.launch(volumes=3)
    bad, *good = instance.volume_ids
    refuse(fleet.ec2, "CreateSnapshots", "IncorrectState")
    refuse(fleet.ec2, "CreateSnapshot", "ConcurrentSnapshotLimitExceeded", lambda p: p["VolumeId"] == bad)
    result = contain(STEP, instance)
    assert fleet.snapshots() == sorted(good)
    assert result["outcome"] == "failed"
    assert f"none of {bad}: " in result["words"]
    assert "ConcurrentSnapshotLimitExceeded" in result["words"]
    for volume in good:
        assert f" of {volume}" in result["words"]
    assert "not from exactly the same moment" not in result["words"]


def test_a_volume_that_somebody_has_just_snapshotted_is_tried_again(fleet, contain, refuse):
    """EC2 wants 15 seconds between two of them: the state machine waits, and the others are there already."""
    instance = fleet.launch()
    bad, good = instance.volume_ids
    soon = "SnapshotCreationPerVolumeRateExceeded"
    undo = [
        refuse(fleet.ec2, "CreateSnapshots", soon),
        refuse(fleet.ec2, "CreateSnapshot", soon, lambda params: params["VolumeId"] == bad),
    ]
    with pytest.raises(SnapshotRateExceeded, match=f"of {good}; none of {bad}: .*{soon}"):
        contain(STEP, instance)
    assert fleet.snapshots() == [good]
    for one in undo:
        one()
    assert contain(STEP, instance)["outcome"] == "done"
    assert fleet.snapshots() == sorted(instance.volume_ids)


def test_a_snapshot_that_failed_is_none(fleet, contain):
    instance = fleet.launch()
    made = contain(STEP, instance)
    fleet.show_snapshot(made["snapshots"][0], "error")
    assert contain(STEP, instance)["outcome"] == "done"
    assert fleet.snapshots() == sorted((instance.volume_ids[0], *instance.volume_ids))


def test_a_copy_of_a_snapshot_stands_for_no_volume(fleet, contain, sets):
    """It carries the case's tags as well, and EC2 invents a volume for it."""
    instance = fleet.launch(volumes=1)
    (snapshot,) = contain(STEP, instance)["snapshots"]
    tags = {CASE_TAG: CASE, INSTANCE_TAG: INSTANCE, COPY_TAG: snapshot}
    fleet.ec2.copy_snapshot(
        SourceRegion=fleet.region,
        SourceSnapshotId=snapshot,
        TagSpecifications=[
            {"ResourceType": "snapshot", "Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}
        ],
    )
    again = contain(STEP, instance)
    assert (again["snapshots"], len(sets)) == ([snapshot], 1)


def test_what_a_crash_left_out_is_made_up_for(fleet, contain, refuse, sets):
    """F5: what was refused once is tried again, and what is there already is not made twice."""
    instance = fleet.launch()
    bad = instance.volume_ids[0]
    undo = [
        refuse(fleet.ec2, "CreateSnapshots", "IncorrectState"),
        refuse(fleet.ec2, "CreateSnapshot", "InternalError", lambda params: params["VolumeId"] == bad),
    ]
    assert contain(STEP, instance)["outcome"] == "failed"
    for one in undo:
        one()
    assert contain(STEP, instance)["outcome"] == "done"
    assert fleet.snapshots() == sorted(instance.volume_ids)
    assert len(sets) == 1  # the one that was refused


def test_all_refused_is_a_failure_with_every_volume_named(fleet, contain, refuse):
    instance = fleet.launch()
    for operation in ("CreateSnapshots", "CreateSnapshot"):
        refuse(fleet.ec2, operation, "UnauthorizedOperation")
    result = contain(STEP, instance)
    assert (result["outcome"], result["snapshots"], fleet.snapshots()) == ("failed", [], [])
    for volume in instance.volume_ids:
        assert f"none of {volume}: " in result["words"]


def test_what_cannot_be_looked_at_is_not_started_twice(fleet, contain, refuse, sets):
    instance = fleet.launch()
    refuse(fleet.ec2, "DescribeSnapshots", "RequestLimitExceeded")
    with pytest.raises(ClientError, match="RequestLimitExceeded"):
        contain(STEP, instance)
    assert sets == []


def test_f1_a_refused_snapshot_leaves_the_quarantine_as_it_is(fleet, contain, refuse):
    """F1: a peer puts the instance back online when a later step fails."""
    instance = fleet.launch()
    group = contain("Quarantine network", instance, prepared={})["group"]
    for operation in ("CreateSnapshots", "CreateSnapshot"):
        refuse(fleet.ec2, operation, "UnauthorizedOperation")
    contain(STEP, instance)
    refuse(fleet.ec2, "CreateTags", "UnauthorizedOperation")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        contain("Tag instance", instance)
    assert set(fleet.carried().values()) == {(group,)}
    assert contain("Verify quarantine", instance)["outcome"] == "done"


EVERY_STEP = (
    "Write before-state",
    STEP,
    "Prepare quarantine",
    "Quarantine network",
    "Verify quarantine",
    "Verify snapshots",
    "Archive before-state",
    "Tag instance",
)


@pytest.fixture
def whole(fleet, contain, buckets):
    """An instance after one whole containment, and everything that can be seen of it."""
    found = fleet.launch()
    for step in EVERY_STEP:
        contain(step, found, prepared={})

    def seen():
        items = {key: item for key, item in case_table.read_items(CASE).items() if not key.startswith("snapshots#")}
        objects = buckets.list_object_versions(Bucket="evidence")["Versions"]
        groups = fleet.ec2.describe_security_groups()["SecurityGroups"]
        return fleet.now(), fleet.snapshots(), items, [one["VersionId"] for one in objects], groups

    return found, seen


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(replayed=st.lists(st.tuples(st.sampled_from(EVERY_STEP), st.booleans(), st.booleans()), max_size=8))
def test_any_step_again_in_any_order_changes_nothing_more(whole, fleet, contain, replayed):
    """By the same execution or a later one, with the instance as it was found first or as it is now."""
    found, seen = whole
    before = seen()
    for step, by_another, looked_again in replayed:
        later = {"execution": OTHER} if by_another else {}
        contain(step, fleet.now() if looked_again else found, prepared={}, **later)
    assert seen() == before


def test_the_volumes_of_a_protected_instance_are_not_tried_alone(fleet, contain, calls, refuse):
    """Attack 10: IAM refuses the call on the instance by its tag, and would allow those on its volumes."""
    instance = fleet.launch()
    fleet.ec2.create_tags(Resources=[INSTANCE], Tags=[{"Key": "AbuseResponder:Protect", "Value": ""}])
    refuse(fleet.ec2, "CreateSnapshots", "UnauthorizedOperation")
    alone = calls(fleet.ec2, "CreateSnapshot")
    result = contain("Start snapshots", instance)
    assert (result["outcome"], result["snapshots"], alone) == ("skipped", [], [])
    assert "AbuseResponder:Protect" in result["words"]
