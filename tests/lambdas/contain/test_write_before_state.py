"""The state before anything was changed: written once, never overwritten, never the quarantine itself."""

import pytest
from botocore.exceptions import ClientError

from lambdas import case_table
from lambdas.domain.containment.before_state import AutoScalingMembership, BeforeState
from lambdas.domain.errors import InterfacesNotMoved
from tests.samples import CASE, INSTANCE

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Write before-state"


def kept(case=CASE, again=""):
    return BeforeState.from_json(case_table.read_items(case)[f"before#{INSTANCE}{again}"]["before"])


def quarantine(contain, instance, case=CASE):
    for step in (STEP, "Quarantine network", "Verify quarantine", "Tag instance"):
        contain(step, instance, case_id=case)


def put_back(fleet, before):
    for interface in before.interfaces:
        fleet.ec2.modify_network_interface_attribute(
            NetworkInterfaceId=interface.interface_id, Groups=list(interface.groups)
        )


def test_it_stands_in_the_case(fleet, contain):
    fleet.launch(tags={"Team": "shop"})
    fleet.scale(largest=4)
    fleet.ec2.modify_instance_attribute(InstanceId=INSTANCE, DisableApiTermination={"Value": True})
    instance = fleet.now()
    result = contain(STEP, instance)
    assert result["outcome"] == "done"
    assert result["words"].startswith("stored in the case since ")
    assert kept() == BeforeState.from_json(result["before"])
    assert kept() == BeforeState(
        instance,
        termination_protection=True,
        shutdown_behaviour="stop",
        auto_scaling=AutoScalingMembership("web-asg", "InService", 0, 4, 1),
        unread={},
    )
    assert instance.interfaces
    assert instance.volumes


def test_what_cannot_be_read_is_named_and_the_rest_is_kept(fleet, contain, refuse):
    instance = fleet.launch()
    refuse(
        fleet.ec2,
        "DescribeInstanceAttribute",
        "UnauthorizedOperation",
        lambda params: params["Attribute"] == "disableApiTermination",
    )
    result = contain(STEP, instance)
    assert result["outcome"] == "done"
    assert "; not read: termination protection: " in result["words"]
    assert (kept().termination_protection, kept().shutdown_behaviour) == (None, "stop")
    assert list(kept().unread) == ["termination protection"]


def test_f12_a_replay_after_the_quarantine_changes_nothing(fleet, contain):
    """F12: a peer's replay overwrites the before-state with the state of the quarantine."""
    before = fleet.launch()
    quarantine(contain, before)
    as_written = kept()
    after = fleet.now()
    assert after.interfaces != before.interfaces
    result = contain(STEP, after)
    assert BeforeState.from_json(result["before"]) == kept() == as_written
    assert kept().instance == before


def test_f12_a_second_case_keeps_no_before_state_of_the_quarantine(fleet, contain):
    quarantine(contain, fleet.launch())
    result = contain(STEP, fleet.now(), case_id="99")
    assert result["outcome"] == "skipped"
    assert result["words"] == f"already in quarantine: case {CASE} has the before-state"
    assert case_table.read_items("99") == {}


def test_f12_what_an_earlier_case_moved_in_part_is_no_before_state(fleet, contain, refuse):
    """F12: the first case could not move every interface, so it left no tag; the second must not keep its work."""
    before = fleet.launch([("web",), ("ssh",)])
    moved, stuck = (one.interface_id for one in before.interfaces)
    contain(STEP, before)
    undo = refuse(
        fleet.ec2, "ModifyNetworkInterfaceAttribute", "InternalError", lambda p: p["NetworkInterfaceId"] == stuck
    )
    with pytest.raises(InterfacesNotMoved):
        contain("Quarantine network", before)
    undo()
    result = contain(STEP, fleet.now(), case_id="99")
    assert result["outcome"] == "failed"
    assert result["words"].startswith(f"{moved} already in quarantine")
    assert case_table.read_items("99") == {}
    assert contain(STEP, fleet.now())["outcome"] == "done"  # the first case has it
    assert kept().instance == before


def test_tags_that_no_longer_tell_the_truth_hold_nothing(fleet, contain):
    """Somebody released the instance by hand and left the tags on it."""
    before = fleet.launch()
    quarantine(contain, before)
    put_back(fleet, before)
    assert contain(STEP, fleet.now(), case_id="99")["outcome"] == "done"
    assert kept("99").instance.interfaces == before.interfaces


def test_what_was_released_and_is_contained_again_has_a_newer_state_before(fleet, contain):
    first = fleet.launch([("web",)])
    quarantine(contain, first)
    put_back(fleet, first)
    case_table.write_once(CASE, f"release#{INSTANCE}#1", {"at": "2026-11-18T10:00:00+00:00"})
    fleet.ec2.modify_network_interface_attribute(
        NetworkInterfaceId=first.interfaces[0].interface_id, Groups=[fleet.group("new")]
    )
    second = fleet.now()
    contain(STEP, second)
    assert kept().instance == first
    assert kept(again="#1").instance == second


def test_a_table_that_refuses_is_a_failure(fleet, contain, table, refuse):
    refuse(table, "PutItem", "ProvisionedThroughputExceededException")
    with pytest.raises(ClientError, match="ProvisionedThroughputExceeded"):
        contain(STEP, fleet.launch())


def test_what_was_changed_without_a_state_before_is_not_taken_for_it(fleet, contain, refuse):
    """The state could not be written, and the instance was protected all the same: that is not how it was."""
    instance = fleet.launch()
    undo = refuse(fleet.ec2, "DescribeSecurityGroups", "UnauthorizedOperation")
    with pytest.raises(ClientError):
        contain(STEP, instance)
    contain("Protect instance", instance, before_state={"Error": "ClientError"})
    undo()
    case_table.write(CASE, f"outcome#mail/1#{INSTANCE}", {"verdict": "contain"})
    result = contain(STEP, fleet.now())
    assert result["outcome"] == "failed"
    assert result["words"].startswith("an earlier notice of the case changed it")
    assert f"before#{INSTANCE}" not in case_table.read_items(CASE)
