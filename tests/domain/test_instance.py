"""What DescribeInstances shows, as the responder keeps it."""

import json
from dataclasses import asdict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.address import Held, Holding
from lambdas.domain.instance import Instance, Interface, Missing, Unheld, found_from, interfaces_from
from tests.samples import ACCOUNT, RUNNING

DESCRIPTION = {
    "InstanceId": "i-0a7b1dd0e3f94c256",
    "State": {"Code": 16, "Name": "running"},
    "VpcId": "vpc-0aa",
    "PublicIpAddress": "203.0.113.77",
    "Tags": [{"Key": "Name", "Value": "web-1"}, {"Key": "Team", "Value": "shop"}],
    "BlockDeviceMappings": [
        {"DeviceName": "/dev/xvda", "Ebs": {"VolumeId": "vol-0a1", "Status": "attached"}},
        {"DeviceName": "/dev/sdb"},
        {"DeviceName": "/dev/sdf", "Ebs": {"VolumeId": "vol-0a2", "Status": "attached"}},
    ],
    "NetworkInterfaces": [
        {
            "NetworkInterfaceId": "eni-0a2",
            "Groups": [{"GroupId": "sg-web", "GroupName": "web"}],
            "Ipv6Addresses": [{"Ipv6Address": "2001:db8::1"}, {"Ipv6Address": "2001:db8::2"}],
        },
        {
            "NetworkInterfaceId": "eni-0a1",
            "Groups": [{"GroupId": "sg-web"}, {"GroupId": "sg-ssh"}],
            "Association": {"PublicIp": "203.0.113.77"},
            "Ipv6Addresses": [],
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
        volumes=("vol-0a1", "vol-0a2"),
        addresses=("203.0.113.77", "2001:db8::1", "2001:db8::2"),
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


def test_an_address_that_ec2_shows_twice_stands_once():
    assert read().addresses.count("203.0.113.77") == 1


def test_an_interface_without_groups_is_no_error():
    assert interfaces_from([{"NetworkInterfaceId": "eni-0a1"}]) == (Interface("eni-0a1", ()),)


def test_the_order_of_interfaces_and_groups_means_nothing():
    described = DESCRIPTION["NetworkInterfaces"]
    turned = [{**one, "Groups": one["Groups"][::-1]} for one in described[::-1]]
    assert interfaces_from(turned) == interfaces_from(described)


NAMES = st.text(max_size=20)
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
    volumes=st.lists(NAMES, max_size=3).map(tuple),
    addresses=st.lists(NAMES, max_size=3).map(tuple),
    found_by=st.lists(st.builds(Holding, NAMES, st.booleans(), st.sampled_from(Held), NAMES), max_size=2).map(tuple),
)


@given(INSTANCES)
def test_the_state_machine_hands_on_exactly_the_instance(instance):
    assert Instance.from_json(json.loads(json.dumps(instance.to_json()))) == instance


def test_a_before_state_from_before_addresses_were_looked_for_can_be_read():
    data = RUNNING.to_json()
    del data["found_by"]
    assert Instance.from_json(data) == RUNNING


@pytest.mark.parametrize(
    "found",
    [
        RUNNING,
        Missing("i-0", ["eu-west-1"], {"us-east-1": "no"}),
        Unheld("203.0.113.77", "a NAT gateway in eu-west-1", ["eu-west-1"], {}),
    ],
)
def test_what_was_found_is_known_by_its_json(found):
    again = found_from(json.loads(json.dumps(asdict(found))))
    assert (type(again), again) == (type(found), found)


def test_the_name_is_the_name_tag():
    assert RUNNING.name == "web-1"
