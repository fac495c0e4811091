"""The state before anything was changed: written once, never overwritten, never the quarantine itself."""

import json

import pytest
from botocore.exceptions import ClientError

from lambdas import casebook
from lambdas.domain.errors import NotMoved
from lambdas.domain.instance import Instance
from tests.lambdas.conftest import EVIDENCE
from tests.samples import CASE, INSTANCE

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Write before-state"
KEY = f"cases/{CASE}/{INSTANCE}/before-state.json"


def evidence(s3, key=KEY):
    return json.loads(s3.get_object(Bucket=EVIDENCE, Key=key)["Body"].read())


def versions(s3):
    return s3.list_object_versions(Bucket=EVIDENCE).get("Versions", [])


def kept(case=CASE):
    return Instance.from_json(casebook.items(case)[f"before#{INSTANCE}"]["instance"])


def quarantine(contain, instance, case=CASE):
    for step in (STEP, "Quarantine network", "Verify quarantine", "Tag instance"):
        contain(step, instance, case_id=case)


def test_it_stands_in_the_case_and_in_the_evidence(fleet, contain, buckets):
    instance = fleet.launch(tags={"Team": "shop"})
    result = contain(STEP, instance)
    assert result["outcome"] == "done"
    assert result["words"] == f"s3://{EVIDENCE}/{KEY}"
    assert kept() == Instance.from_json(evidence(buckets)["instance"]) == instance
    assert instance.interfaces
    assert instance.volumes


def test_f12_a_replay_after_the_quarantine_changes_nothing(fleet, contain, buckets):
    """F12: a peer's replay overwrites the before-state with the state of the quarantine."""
    before = fleet.launch()
    quarantine(contain, before)
    as_written = evidence(buckets)
    after = fleet.now()
    assert after.interfaces != before.interfaces
    result = contain(STEP, after)
    assert Instance.from_json(result["instance"]) == kept() == before
    assert evidence(buckets) == as_written
    assert len(versions(buckets)) == 1


def test_f12_a_second_case_keeps_no_before_state_of_the_quarantine(fleet, contain, buckets):
    quarantine(contain, fleet.launch())
    result = contain(STEP, fleet.now(), case_id="99")
    assert result["outcome"] == "skipped"
    assert result["words"] == f"in quarantine already: case {CASE} keeps the state before"
    assert casebook.items("99") == {}
    assert len(versions(buckets)) == 1


def test_f12_what_an_earlier_case_moved_in_part_is_no_before_state(fleet, contain, buckets, refuse):
    """F12: the first case could not move every interface, so it left no tag; the second must not keep its work."""
    before = fleet.launch([("web",), ("ssh",)])
    moved, stuck = (one.interface_id for one in before.interfaces)
    contain(STEP, before)
    undo = refuse(
        fleet.ec2, "ModifyNetworkInterfaceAttribute", "InternalError", lambda p: p["NetworkInterfaceId"] == stuck
    )
    with pytest.raises(NotMoved):
        contain("Quarantine network", before)
    undo()
    result = contain(STEP, fleet.now(), case_id="99")
    assert result["outcome"] == "failed"
    assert result["words"].startswith(f"{moved} in quarantine already")
    assert casebook.items("99") == {}
    assert len(versions(buckets)) == 1
    assert contain(STEP, fleet.now())["outcome"] == "done"  # the first case has it
    assert kept() == before


def test_tags_that_no_longer_tell_the_truth_hold_nothing(fleet, contain):
    """Somebody released the instance by hand and left the tags on it."""
    before = fleet.launch()
    quarantine(contain, before)
    for interface in before.interfaces:
        fleet.ec2.modify_network_interface_attribute(
            NetworkInterfaceId=interface.interface_id, Groups=list(interface.groups)
        )
    assert contain(STEP, fleet.now(), case_id="99")["outcome"] == "done"
    assert kept("99").interfaces == before.interfaces


def test_an_object_that_an_earlier_try_wrote_stays(fleet, contain, buckets):
    buckets.put_object(Bucket=EVIDENCE, Key=KEY, Body=b'{"written": "first"}')
    assert contain(STEP, fleet.launch())["outcome"] == "done"
    assert evidence(buckets) == {"written": "first"}
    assert len(versions(buckets)) == 1


def test_a_bucket_that_refuses_is_a_failure_and_the_case_keeps_the_state(fleet, contain, buckets, refuse):
    instance = fleet.launch()
    undo = refuse(buckets, "PutObject", "AccessDenied")
    with pytest.raises(ClientError, match="AccessDenied"):
        contain(STEP, instance)
    assert kept() == instance
    undo()
    assert contain(STEP, fleet.now())["outcome"] == "done"  # the next try makes up for it
    assert Instance.from_json(evidence(buckets)["instance"]) == instance


def test_a_table_that_refuses_is_a_failure(fleet, contain, buckets, table, refuse):
    refuse(table, "PutItem", "ProvisionedThroughputExceededException")
    with pytest.raises(ClientError, match="ProvisionedThroughputExceeded"):
        contain(STEP, fleet.launch())
    assert versions(buckets) == []
