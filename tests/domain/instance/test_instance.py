"""What DescribeInstances shows, as the responder keeps it."""

import json
from dataclasses import asdict, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.instance.address import HeldAddress, HeldDuringAbuse
from lambdas.domain.instance.history import InstanceHistory
from lambdas.domain.instance.instance import (
    Instance,
    Interface,
    MissingInstance,
    UnassignedAddress,
    Volume,
    found_resource_from,
    interfaces_from,
)
from lambdas.domain.instance.search import AccountRegion
from lambdas.domain.instance.successors import Successors
from lambdas.domain.phrase import phrase, verbatim
from tests.samples import ACCOUNT, RUNNING, SEARCH

DESCRIPTION = {
    "InstanceId": "i-0a7b1dd0e3f94c256",
    "State": {"Code": 16, "Name": "running"},
    "VpcId": "vpc-0aa",
    "PublicIpAddress": "203.0.113.77",
    "IamInstanceProfile": {"Arn": f"arn:aws:iam::{ACCOUNT}:instance-profile/web/web-server", "Id": "AIPA0"},
    "RootDeviceType": "ebs",
    "Tags": [{"Key": "Name", "Value": "web-1"}, {"Key": "Team", "Value": "shop"}],
    "BlockDeviceMappings": [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-0a1", "DeleteOnTermination": True}},
        {"DeviceName": "/dev/sdb"},
        {"DeviceName": "/dev/sdf", "Ebs": {"VolumeId": "vol-0a2", "DeleteOnTermination": False}},
    ],
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": "eni-0a2",
            "Groups": [{"GroupId": "sg-web", "GroupName": "web"}],
            "Ipv6Addresses": [{"Ipv6Address": "2001:db8::1"}, {"Ipv6Address": "2001:db8::2"}],
            "PrivateIpAddresses": [{"PrivateIpAddress": "10.1.1.5"}],
        },
        {
            "NetworkInterfaceId": "eni-0a1",
            "Groups": [{"GroupId": "sg-web"}, {"GroupId": "sg-ssh"}],
            "Association": {"PublicIp": "203.0.113.77"},
            "Ipv6Addresses": [],
            "PrivateIpAddresses": [{"PrivateIpAddress": "10.1.1.4"}],
        },
    ],
}


def read(**changes):
    description = {key: value for key, value in {**DESCRIPTION, **changes}.items() if value is not None}
    return Instance.from_description(description, region="eu-west-1", account_id=ACCOUNT)


def test_a_running_instance_with_two_interfaces():
    assert read() == Instance(
        instance_id="i-0a7b1dd0e3f94c256",
        region="eu-west-1",
        account_id=ACCOUNT,
        state="running",
        vpc_id="vpc-0aa",
        tags={"Name": "web-1", "Team": "shop"},
        interfaces=(Interface("eni-0a1", ("sg-ssh", "sg-web")), Interface("eni-0a2", ("sg-web",))),
        volumes=(Volume("vol-0a1", "/dev/xvda", True), Volume("vol-0a2", "/dev/sdf", False)),
        addresses=("203.0.113.77", "2001:db8::1", "2001:db8::2"),
        private_addresses=("10.1.1.5", "10.1.1.4"),
        profile=f"arn:aws:iam::{ACCOUNT}:instance-profile/web/web-server",
    )


def test_a_terminated_instance_shows_next_to_nothing():
    gone = read(
        State={"Name": "terminated"},
        VpcId=None,
        PublicIpAddress=None,
        Tags=None,
        BlockDeviceMappings=None,
        NetworkInterfaces=None,
    )
    assert (gone.state, gone.vpc_id, gone.name) == ("terminated", "", "")
    assert gone.interfaces == gone.volumes == gone.addresses == ()


def test_a_stopped_instance_keeps_its_interfaces_and_loses_its_address():
    interfaces = [{"NetworkInterfaceId": "eni-0a1", "Groups": [{"GroupId": "sg-web"}]}]
    stopped = read(State={"Name": "stopped"}, PublicIpAddress=None, NetworkInterfaces=interfaces)
    assert stopped.interfaces == (Interface("eni-0a1", ("sg-web",)),)
    assert stopped.addresses == ()


def test_an_elastic_ip_of_a_secondary_address_is_one_of_its_addresses():
    secondary = {"PrivateIpAddress": "10.1.1.6", "Association": {"PublicIp": "203.0.113.78"}}
    interfaces = [{"NetworkInterfaceId": "eni-0a1", "PrivateIpAddresses": [secondary]}]
    assert read(NetworkInterfaces=interfaces).addresses == ("203.0.113.77", "203.0.113.78")


def test_when_it_last_started():
    assert read(LaunchTime=datetime(2026, 11, 1, tzinfo=UTC)).started_at == "2026-11-01T00:00:00+00:00"


def test_an_address_that_ec2_shows_twice_stands_once():
    assert read().addresses.count("203.0.113.77") == 1


def test_an_interface_without_groups_is_no_error():
    assert interfaces_from([{"NetworkInterfaceId": "eni-0a1"}]) == (Interface("eni-0a1", ()),)


def test_the_order_of_interfaces_and_groups_means_nothing():
    described = DESCRIPTION["NetworkInterfaces"]
    turned = [{**one, "Groups": one["Groups"][::-1]} for one in described[::-1]]
    assert interfaces_from(turned) == interfaces_from(described)


NAMES = st.text(max_size=20)
SAYINGS = NAMES.map(verbatim)
INSTANCES = st.builds(
    Instance,
    instance_id=NAMES,
    region=NAMES,
    account_id=NAMES,
    state=NAMES,
    vpc_id=NAMES,
    tags=st.dictionaries(NAMES, NAMES, max_size=3),
    interfaces=st.lists(
        st.builds(Interface, NAMES, st.lists(NAMES, max_size=3).map(tuple)),
        max_size=4,
    ).map(tuple),
    volumes=st.lists(st.builds(Volume, NAMES, NAMES, st.booleans()), max_size=3).map(tuple),
    private_addresses=st.lists(NAMES, max_size=3).map(tuple),
    profile=NAMES,
    lifecycle=NAMES,
    root_device=NAMES,
    addresses=st.lists(NAMES, max_size=3).map(tuple),
    operator=NAMES,
    started_at=NAMES,
    successors=st.none()
    | st.builds(
        Successors,
        NAMES,
        st.tuples(NAMES, NAMES),
        st.tuples(SAYINGS),
        template=st.none() | SAYINGS,
        problem=st.none() | SAYINGS,
    ),
    found_by=st.lists(
        st.builds(HeldAddress, NAMES, st.booleans(), st.sampled_from(HeldDuringAbuse), SAYINGS), max_size=2
    ).map(tuple),
)


@given(INSTANCES)
def test_the_state_machine_hands_on_exactly_the_instance(instance):
    assert Instance.from_json(json.loads(json.dumps(instance.to_json()))) == instance


@pytest.mark.parametrize(
    "found",
    [
        RUNNING,
        MissingInstance("i-0", SEARCH),
        MissingInstance("i-0", SEARCH, InstanceHistory(SEARCH)),
        MissingInstance(
            "i-0",
            SEARCH,
            InstanceHistory(
                SEARCH, AccountRegion(ACCOUNT, "eu-west-1"), successors=Successors("web", (), (), verbatim("lt-0"))
            ),
        ),
        UnassignedAddress("203.0.113.77", phrase("holder:some_nat"), SEARCH),
        UnassignedAddress("203.0.113.77", None, SEARCH),
    ],
)
def test_what_was_found_is_known_by_its_json(found):
    again = found_resource_from(json.loads(json.dumps(asdict(found))))
    assert (type(again), again) == (type(found), found)


@pytest.mark.parametrize(
    ("region", "partition"), [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")]
)
def test_its_arn_is_of_its_region_s_partition(region, partition):
    arn = replace(RUNNING, region=region).arn
    assert arn == f"arn:{partition}:ec2:{region}:{ACCOUNT}:instance/{RUNNING.instance_id}"


def test_a_spot_instance_with_an_instance_store_in_a_group():
    tags = [{"Key": "aws:autoscaling:groupName", "Value": "web-asg"}]
    spot = read(InstanceLifecycle="spot", RootDeviceType="instance-store", Tags=tags)
    assert (spot.lifecycle, spot.root_device, spot.auto_scaling_group) == ("spot", "instance-store", "web-asg")
    assert (RUNNING.lifecycle, RUNNING.root_device, RUNNING.auto_scaling_group) == ("", "ebs", "")


def test_an_instance_that_a_service_manages():
    """EKS Auto Mode, ECS and others run instances of ours that only they may change."""
    assert read(Operator={"Managed": True, "Principal": "eks.amazonaws.com"}).operator == "eks.amazonaws.com"
    assert read(Operator={"Managed": False}).operator == ""


def test_the_name_is_the_name_tag():
    assert RUNNING.name == "web-1"
