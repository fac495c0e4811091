"""What the quarantine does to EC2: every interface, one group, no rule."""

import pytest

from lambdas.domain.containment.quarantine import GROUP_NAME
from lambdas.domain.errors import ForeignQuarantineGroup, InterfacesNotMoved
from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG
from lambdas.step_result import error_phrase
from tests.lambdas.contain.fleet import ALL_OUT, HTTPS_IN
from tests.samples import english

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Quarantine network"
OURS = [(ROLE_TAG, QUARANTINE)]


def test_every_interface_is_moved_into_a_group_without_rules(fleet, contain):
    instance = fleet.launch([("web", "ssh"), ("web",), ("db",)])
    result = contain(STEP, instance)
    assert set(fleet.carried().values()) == {(result["group"],)}
    assert len(fleet.carried()) == 3
    assert fleet.rules(result["group"]) == []
    assert result["outcome"] == "done"
    came = [f"{one.interface_id} came from {' '.join(one.groups)}" for one in instance.interfaces]
    assert result["words"] == "; ".join((f"3 of 3 interface(s) moved to {result['group']}", *came))


def test_the_ipv6_egress_rule_of_a_dual_stack_vpc_is_stripped(fleet, contain):
    instance = fleet.launch()
    assert "::/0" in str(fleet.rules(fleet.groups_named("web")[0]["GroupId"]))  # what a new group has here
    assert fleet.rules(contain(STEP, instance)["group"]) == []


def test_f2_several_interfaces_are_moved_one_by_one(fleet, contain, calls):
    """F2: ModifyInstanceAttribute fails where there are two interfaces."""
    instance = fleet.launch([("web",), ("web",)])
    by_instance = calls(fleet.ec2, "ModifyInstanceAttribute")
    assert contain(STEP, instance)["outcome"] == "done"
    assert by_instance == []


def test_f11_a_group_of_ours_that_somebody_opened_is_closed_again(fleet, contain):
    """F11: reused by its tag, but only without its rules."""
    group = fleet.group("opened-by-hand", OURS, inbound=HTTPS_IN)
    instance = fleet.launch()
    assert fleet.rules(group)
    assert contain(STEP, instance)["group"] == group
    assert fleet.rules(group) == []


def test_f11_a_foreign_group_with_our_name_is_not_used(fleet, contain):
    """F11: the name proves nothing."""
    group = fleet.group(GROUP_NAME, inbound=HTTPS_IN)
    instance = fleet.launch()
    before = fleet.carried()
    with pytest.raises(ForeignQuarantineGroup, match=f"{fleet.vpc}.*rename or delete"):
        contain(STEP, instance)
    assert fleet.carried() == before
    assert fleet.rules(group)  # and it is left as it is


def test_a_group_that_another_execution_makes_meanwhile_is_taken(fleet, contain, hook):
    instance = fleet.launch()

    def make_it_first(_):
        unhook()
        fleet.group(GROUP_NAME, OURS)

    unhook = hook(fleet.ec2, "CreateSecurityGroup", make_it_first)
    group = contain(STEP, instance)["group"]
    assert [one["GroupId"] for one in fleet.groups_named(GROUP_NAME)] == [group]
    assert set(fleet.carried().values()) == {(group,)}
    assert fleet.rules(group) == []


def test_one_refused_interface_holds_up_no_other_and_is_named(fleet, contain, refuse):
    instance = fleet.launch([("web",), ("web",), ("web",)])
    first, stuck, last = (interface.interface_id for interface in instance.interfaces)
    undo = refuse(
        fleet.ec2,
        "ModifyNetworkInterfaceAttribute",
        "OperationNotPermitted",
        lambda params: params["NetworkInterfaceId"] == stuck,
    )
    with pytest.raises(InterfacesNotMoved) as caught:
        contain(STEP, instance)
    words = english(error_phrase(caught.value))
    assert f"{stuck} was not moved" in words
    assert "OperationNotPermitted" in words
    assert first not in words
    assert last not in words
    (group,) = fleet.carried()[first]
    assert fleet.rules(group) == []
    assert fleet.carried() == {first: (group,), stuck: instance.interfaces[1].groups, last: (group,)}
    undo()
    assert contain(STEP, instance)["words"].startswith(f"1 of 3 interface(s) moved to {group}; {stuck} came from ")
    assert set(fleet.carried().values()) == {(group,)}


def test_an_interface_attached_since_the_look_is_moved_too(fleet, contain):
    seen = fleet.launch([("web",)])
    late = fleet.ec2.create_network_interface(SubnetId=fleet.subnet)["NetworkInterface"]["NetworkInterfaceId"]
    fleet.ec2.attach_network_interface(DeviceIndex=1, InstanceId=seen.instance_id, NetworkInterfaceId=late)
    group = contain(STEP, seen)["group"]
    assert fleet.carried()[late] == (group,)
    assert set(fleet.carried().values()) == {(group,)}


def test_other_instances_and_their_groups_are_not_touched(fleet, contain):
    instance = fleet.launch()
    other = fleet.launch([("web",), ("ssh",)], instance_id="i-0b57a4de7b57a4de7")
    rules = {name: fleet.rules(fleet.groups_named(name)[0]["GroupId"]) for name in ("web", "ssh")}
    contain(STEP, instance)
    assert fleet.now(other.instance_id) == other
    assert rules == {name: fleet.rules(fleet.groups_named(name)[0]["GroupId"]) for name in ("web", "ssh")}


def test_each_vpc_has_a_group_of_its_own(fleet, fleet_in, contain):
    there = fleet_in("eu-central-1", ipv6=False)
    here, other = fleet.launch(), there.launch(instance_id="i-0b57a4de7b57a4de7")
    groups = [contain(STEP, here)["group"], contain(STEP, other)["group"]]
    assert len(set(groups)) == 2
    assert set(there.carried(other.instance_id).values()) == {(groups[1],)}


def test_again_moves_nothing(fleet, contain, calls):
    instance = fleet.launch()
    first = contain(STEP, instance)
    moves = calls(fleet.ec2, "ModifyNetworkInterfaceAttribute")
    again = contain(STEP, instance)
    assert moves == []
    assert again["words"] == f"0 of 2 interface(s) moved to {first['group']}"


def test_an_open_rule_added_after_the_quarantine_is_taken_away_by_the_next_try(fleet, contain):
    instance = fleet.launch()
    group = contain(STEP, instance)["group"]
    fleet.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=ALL_OUT)
    contain(STEP, instance)
    assert fleet.rules(group) == []
