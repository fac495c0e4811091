"""Only what is read back from EC2 may be called contained: one test for each way of leaking."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from botocore.exceptions import ClientError

from lambdas.domain.containment.quarantine import GROUP_NAME
from lambdas.domain.errors import InterfacesNotMoved, NotQuarantined
from lambdas.step_result import error_phrase
from tests.lambdas.contain.fleet import ALL_OUT, HTTPS_IN
from tests.samples import english

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Verify quarantine"
IPV6_OUT = [{"IpProtocol": "-1", "Ipv6Ranges": [{"CidrIpv6": "::/0"}]}]


@pytest.fixture
def quarantined(fleet, contain):
    """An instance whose network was quarantined, and the group."""
    instance = fleet.launch()
    return instance, contain("Quarantine network", instance)["group"]


def test_a_quarantined_instance_is_contained(quarantined, fleet, contain):
    instance, group = quarantined
    result = contain(STEP, instance)
    assert result["outcome"] == "done"
    assert result["words"] == f"2 interface(s) have only {group}, which has no rules"
    assert {one["id"]: tuple(one["groups"]) for one in result["interfaces"]} == fleet.carried()
    at = datetime.fromisoformat(result["at"])
    assert at.utcoffset() == UTC.utcoffset(None)  # F9: not a local time that calls itself UTC


def test_where_there_is_no_group_nothing_is_contained(fleet, contain):
    with pytest.raises(NotQuarantined, match=f"{fleet.vpc} has no quarantine group"):
        contain(STEP, fleet.launch())


def test_an_interface_that_was_not_moved(quarantined, fleet, contain):
    instance, group = quarantined
    web = fleet.groups_named("web")[0]["GroupId"]
    eni = instance.interfaces[1].interface_id
    fleet.ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=[web])
    with pytest.raises(NotQuarantined) as caught:
        contain(STEP, instance)
    assert english(error_phrase(caught.value)) == f"{eni} has {web} instead of {group} alone"


def test_a_second_group_beside_ours(quarantined, fleet, contain):
    instance, group = quarantined
    web = fleet.groups_named("web")[0]["GroupId"]
    eni = instance.interfaces[0].interface_id
    fleet.ec2.modify_network_interface_attribute(NetworkInterfaceId=eni, Groups=[group, web])
    with pytest.raises(NotQuarantined, match=f"{eni} has .*{web}.* instead of {group} alone"):
        contain(STEP, instance)


def test_an_inbound_rule(quarantined, fleet, contain):
    instance, group = quarantined
    fleet.ec2.authorize_security_group_ingress(GroupId=group, IpPermissions=HTTPS_IN)
    with pytest.raises(NotQuarantined, match=f"{group} has 1 inbound rule"):
        contain(STEP, instance)


@pytest.mark.parametrize("rule", [ALL_OUT, IPV6_OUT])
def test_an_outbound_rule(quarantined, fleet, contain, rule):
    instance, group = quarantined
    fleet.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=rule)
    with pytest.raises(NotQuarantined, match=f"{group} has 1 outbound rule"):
        contain(STEP, instance)


def test_an_interface_attached_after_the_quarantine(quarantined, fleet, contain):
    instance, _ = quarantined
    late = fleet.ec2.create_network_interface(SubnetId=fleet.subnet)["NetworkInterface"]["NetworkInterfaceId"]
    fleet.ec2.attach_network_interface(DeviceIndex=2, InstanceId=instance.instance_id, NetworkInterfaceId=late)
    with pytest.raises(NotQuarantined, match=late):
        contain(STEP, instance)


def test_an_instance_of_which_ec2_shows_no_interface(quarantined, contain):
    """It was terminated meanwhile, or EC2 shows it late: either way nothing was read back."""
    instance = replace(quarantined[0], instance_id="i-0b57a4de7b57a4de7")
    with pytest.raises(NotQuarantined, match="no network interface"):
        contain(STEP, instance)


def test_f4_where_ec2_refuses_to_move_the_reading_back_says_no(fleet, contain, refuse):
    """F4: peers report "isolated" although every change was denied."""
    instance = fleet.launch()
    refuse(fleet.ec2, "ModifyNetworkInterfaceAttribute", "UnauthorizedOperation")
    with pytest.raises(InterfacesNotMoved):
        contain("Quarantine network", instance)
    with pytest.raises(NotQuarantined) as caught:
        contain(STEP, instance)
    for interface in instance.interfaces:
        assert interface.interface_id in str(caught.value)


def test_f4_a_group_that_could_not_be_closed_contains_nothing(fleet, contain, refuse):
    """F4: the group was made and keeps the egress rules that EC2 gave it."""
    instance = fleet.launch()
    refuse(fleet.ec2, "RevokeSecurityGroupEgress", "UnauthorizedOperation")
    with pytest.raises(ClientError, match="UnauthorizedOperation"):
        contain("Quarantine network", instance)
    assert fleet.groups_named(GROUP_NAME)
    with pytest.raises(NotQuarantined, match="outbound"):
        contain(STEP, instance)


@pytest.mark.parametrize("operation", ["DescribeSecurityGroups", "DescribeNetworkInterfaces"])
def test_what_cannot_be_read_back_is_not_contained(quarantined, fleet, contain, refuse, operation):
    instance, _ = quarantined
    refuse(fleet.ec2, operation, "UnauthorizedOperation")
    with pytest.raises(ClientError, match=operation):
        contain(STEP, instance)
