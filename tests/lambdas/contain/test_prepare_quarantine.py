"""The group is closed, and what belongs into it is listed, before anything is moved."""

import pytest

from lambdas.domain.containment.quarantine import GROUP_NAME
from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG
from tests.lambdas.contain.fleet import HTTPS_IN

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Prepare quarantine"


def test_it_names_the_closed_group_and_the_interfaces_of_now(fleet, contain):
    seen = fleet.launch([("web",)])
    late = fleet.ec2.create_network_interface(SubnetId=fleet.subnet)["NetworkInterface"]["NetworkInterfaceId"]
    fleet.ec2.attach_network_interface(DeviceIndex=1, InstanceId=seen.instance_id, NetworkInterfaceId=late)
    before = fleet.carried()
    result = contain(STEP, seen)
    assert result["outcome"] == "done"
    assert fleet.rules(result["group"]) == []
    assert {one["interface_id"]: tuple(one["groups"]) for one in result["interfaces"]} == before
    assert fleet.carried() == before  # nothing is moved yet


@pytest.mark.parametrize("ipv6", [True, False])
def test_a_new_group_keeps_none_of_the_rules_that_ec2_gives_it(fleet_in, contain, ipv6):
    fleet = fleet_in("eu-central-1", ipv6=ipv6)
    given = str(fleet.rules(fleet.group("as-it-comes")))
    assert ("::/0" in given) is ipv6
    assert fleet.rules(contain(STEP, fleet.launch())["group"]) == []


def test_f11_a_group_that_was_opened_meanwhile_is_closed_at_each_use(fleet, contain):
    """F11: peers reuse a group by its name and look at none of its rules."""
    instance = fleet.launch()
    group = contain(STEP, instance)["group"]
    fleet.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=HTTPS_IN)
    assert contain(STEP, instance)["group"] == group
    assert fleet.rules(group) == []


def test_of_several_groups_of_ours_one_and_the_same_is_taken(fleet, contain):
    tags = [(ROLE_TAG, QUARANTINE)]
    groups = [fleet.group("one", tags), fleet.group("two", tags)]
    instance = fleet.launch()
    assert {contain(STEP, instance)["group"] for _ in range(2)} == {min(groups)}
    assert fleet.groups_named(GROUP_NAME) == []
