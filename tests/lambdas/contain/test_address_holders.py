"""Who holds an address, in which Region, and since when.

Moto's CloudTrail knows of no event, so its answers are given here.
"""

import json
from datetime import UTC, datetime, timedelta

import pytest

from lambdas.domain.phrase import Phrase
from tests.samples import ACCOUNT, INSTANCE, as_json, english

ADDRESS, V6 = "203.0.113.77", "2001:db8:1234:1a00::77"
OTHER = "203.0.113.78"
NOW = datetime.now(UTC).replace(microsecond=0)
BEFORE, AFTER = NOW - timedelta(days=2), NOW + timedelta(minutes=5)


def refusals(found):
    """What could not be looked at, in words."""
    return "; ".join(english(map(Phrase.from_json, found["search"]["refused"])))


@pytest.fixture
def find(call, case, configure):
    """Look for the holders of addresses: `find((address, quoted, abuse_at), …)`."""

    def step(*addresses, wanted=(), regions="eu-central-1,eu-west-1,us-east-1", accounts=()):
        configure(regions=tuple(filter(None, regions.split(","))))
        given = [
            {"address": address, "only_in_report": quoted, "abuse_at": at.isoformat() if at else None}
            for address, quoted, at in addresses
        ]
        instances = [{"instance_id": one, "region": None} for one in wanted]
        names = {"instances": instances, "addresses": given, "accounts": list(accounts)}
        return call("contain", "Find instances", tried=2, case={**case, **names})

    return step


@pytest.fixture
def trail(cloudtrail):
    """Let CloudTrail of a Region show these AssociateAddress events: `trail("eu-west-1", (time, parameters), …)`."""

    def show(region, *events, error=None):
        shown = [
            {
                "EventTime": at,
                "EventName": "AssociateAddress",
                "CloudTrailEvent": json.dumps({"requestParameters": parameters, **more}),
            }
            for at, parameters, more in ((*event, {})[:3] for event in events)
        ]
        return cloudtrail(region, shown, error=error)

    return show


def give(fleet, address, instance_id=INSTANCE):
    """Associate an Elastic IP with the first interface of an instance; returns its allocation."""
    allocation = fleet.ec2.allocate_address(Domain="vpc", Address=address)["AllocationId"]
    interface = fleet.now(instance_id).interfaces[0].interface_id
    fleet.ec2.associate_address(AllocationId=allocation, NetworkInterfaceId=interface)
    return allocation


def the_one(found):
    (instance,) = found["instances"]
    (holding,) = instance["found_by"]
    assert found["missing"] == []
    return instance, holding


@pytest.fixture
def older(fleet_in):
    """Launch an instance whose start and attachment look two days old."""

    def launch(region="eu-west-1", **launching):
        from moto.ec2.models import ec2_backends  # noqa: PLC0415  only the instances of a running mock have a start

        fleet = fleet_in(region)
        fleet.launch(**launching)
        backend = next(backends[region] for backends in ec2_backends.values() if region in backends)
        for instance in backend.all_instances():
            instance.launch_time = BEFORE.replace(tzinfo=None)
        for interface in backend.enis.values():
            interface.attach_time = BEFORE.replace(tzinfo=None)
        return fleet

    return launch


def test_an_elastic_ip_without_a_change_since_was_held_then(older, find, trail):
    fleet = older()
    give(fleet, ADDRESS)
    asked = trail("eu-west-1")
    instance, holding = the_one(find((ADDRESS, False, NOW - timedelta(days=1))))
    assert instance == as_json(fleet.now()) | {"found_by": [holding]}
    assert (holding["address"], holding["held_during_abuse"], holding["only_in_report"]) == (ADDRESS, "yes", False)
    assert f"{INSTANCE} held {ADDRESS} when the abuse was seen" in english(Phrase.from_json(holding["reason"]))
    (asked,) = asked
    assert asked["LookupAttributes"] == [{"AttributeKey": "EventName", "AttributeValue": "AssociateAddress"}]


@pytest.mark.parametrize("named_by", ["allocationId", "publicIp"])
def test_an_elastic_ip_that_was_associated_since_was_not(older, find, trail, named_by):
    fleet = older()
    parameters = {"allocationId": give(fleet, ADDRESS)} if named_by == "allocationId" else {"publicIp": ADDRESS}
    if named_by == "publicIp":
        give(fleet, ADDRESS)
    trail("eu-west-1", (NOW, parameters))
    _, holding = the_one(find((ADDRESS, False, NOW - timedelta(days=1))))
    assert holding["held_during_abuse"] == "no"
    assert f"{INSTANCE} has held {ADDRESS} only since {NOW:%d %b %Y %H:%M:%S} UTC" in english(
        Phrase.from_json(holding["reason"])
    )


def test_associations_of_others_and_refused_ones_do_not_count(older, find, trail):
    fleet = older()
    allocation = give(fleet, ADDRESS)
    trail(
        "eu-west-1",
        (NOW, {"allocationId": "eipalloc-0other"}),
        (NOW, {"allocationId": allocation}, {"errorCode": "Client.UnauthorizedOperation"}),
        (NOW - timedelta(days=3), {"allocationId": allocation}),
    )
    assert the_one(find((ADDRESS, False, NOW - timedelta(days=1))))[1]["held_during_abuse"] == "yes"


def test_a_cloudtrail_that_refuses_leaves_it_open(older, find, trail):
    give(older(), ADDRESS)
    trail("eu-west-1", error="AccessDeniedException")
    _, holding = the_one(find((ADDRESS, False, NOW - timedelta(days=1))))
    assert holding["held_during_abuse"] == "unknown"
    assert "CloudTrail did not answer" in english(Phrase.from_json(holding["reason"]))
    assert "AccessDeniedException" in english(Phrase.from_json(holding["reason"]))


def test_what_cloudtrail_forgot_is_not_asked(older, find, trail):
    give(older(), ADDRESS)
    asked = trail("eu-west-1")
    _, holding = the_one(find((ADDRESS, False, NOW - timedelta(days=91))))
    assert holding["held_during_abuse"] == "no"  # the interface came later
    assert asked == []


def test_more_associations_than_can_be_read_leave_it_open(older, find, trail):
    give(older(), ADDRESS)
    trail("eu-west-1", *[(NOW, {"publicIp": OTHER})] * 151)
    _, holding = the_one(find((ADDRESS, False, NOW - timedelta(days=1))))
    assert holding["held_during_abuse"] == "unknown"
    assert "more associations than were read" in english(Phrase.from_json(holding["reason"]))


def test_without_a_time_nobody_can_tell(older, find, trail):
    give(older(), ADDRESS)
    asked = trail("eu-west-1")
    _, holding = the_one(find((ADDRESS, True, None)))
    assert (holding["held_during_abuse"], holding["only_in_report"]) == ("unknown", True)
    assert "the notice does not say when the abuse was seen" in english(Phrase.from_json(holding["reason"]))
    assert asked == []


@pytest.mark.parametrize(("seen", "held"), [(NOW - timedelta(days=1), "yes"), (NOW - timedelta(days=3), "no")])
def test_an_automatic_address_is_held_since_the_last_start(older, find, seen, held):
    fleet = older(interfaces=(("web",),))
    interface = fleet.now().interfaces[0].interface_id
    _public(interface, "eu-west-1", "198.51.100.7")
    _, holding = the_one(find(("198.51.100.7", False, seen)))
    assert holding["held_during_abuse"] == held
    assert f"since {BEFORE:%d %b %Y %H:%M:%S} UTC" in english(Phrase.from_json(holding["reason"]))


@pytest.mark.parametrize(("seen", "held"), [(NOW - timedelta(days=1), "yes"), (NOW - timedelta(days=3), "no")])
def test_ipv6_is_held_since_the_interface_was_attached(older, find, seen, held):
    fleet = older()
    interface = fleet.now().interfaces[0].interface_id
    fleet.ec2.assign_ipv6_addresses(NetworkInterfaceId=interface, Ipv6Addresses=[V6])
    assert the_one(find((V6, False, seen)))[1]["held_during_abuse"] == held


def test_two_addresses_of_one_instance_are_one_find(older, find, trail):
    fleet = older()
    give(fleet, ADDRESS)
    interface = fleet.now().interfaces[1].interface_id
    fleet.ec2.assign_ipv6_addresses(NetworkInterfaceId=interface, Ipv6Addresses=[V6])
    trail("eu-west-1")
    (instance,) = find((ADDRESS, False, None), (V6, True, None))["instances"]
    assert [one["address"] for one in instance["found_by"]] == [ADDRESS, V6]


def test_an_instance_that_is_named_by_id_too_needs_no_address(older, find, trail):
    give(older(), ADDRESS)
    trail("eu-west-1")
    (instance,) = find((ADDRESS, True, None), wanted=[INSTANCE])["instances"]
    assert instance["found_by"] == []


def test_an_elastic_ip_that_nothing_uses_is_said_to_be_one(fleet_in, find):
    allocation = fleet_in("us-east-1").ec2.allocate_address(Domain="vpc", Address=ADDRESS)["AllocationId"]
    found = find((ADDRESS, False, NOW))
    assert found["instances"] == []
    (unheld,) = found["missing"]
    assert unheld["address"] == ADDRESS
    assert (
        english(Phrase.from_json(unheld["holder"]))
        == f"an Elastic IP of ours that nothing uses now ({allocation} in us-east-1 of {ACCOUNT})"
    )


def test_an_address_of_a_load_balancer_names_no_instance(fleet_in, find):
    fleet = fleet_in("eu-west-1")
    interface = fleet.ec2.create_network_interface(SubnetId=fleet.subnet, Description="ELB app/shop/50dc6c495c0c9188")
    allocation = fleet.ec2.allocate_address(Domain="vpc", Address=ADDRESS)["AllocationId"]
    fleet.ec2.associate_address(
        AllocationId=allocation, NetworkInterfaceId=interface["NetworkInterface"]["NetworkInterfaceId"]
    )
    (unheld,) = find((ADDRESS, False, NOW))["missing"]
    assert (
        english(Phrase.from_json(unheld["holder"]))
        == f"the load balancer app/shop/50dc6c495c0c9188 in eu-west-1 of {ACCOUNT}"
    )


def test_nobody_s_address_says_where_it_was_looked_for(moto, find, refuse):
    refuse(moto("ec2", "us-east-1"), "DescribeNetworkInterfaces", "UnauthorizedOperation")
    (unheld,) = find((ADDRESS, False, NOW))["missing"]
    looked = [{"accounts": [ACCOUNT], "regions": ["eu-central-1", "eu-west-1"]}]
    assert (unheld["holder"], unheld["search"]["searched"]) == (None, looked)
    assert "UnauthorizedOperation" in refusals(unheld)


def test_a_region_that_refuses_does_not_hide_the_holder(moto, older, find, trail, refuse):
    give(older(), ADDRESS)
    trail("eu-west-1")
    refuse(moto("ec2", "us-east-1"), "DescribeNetworkInterfaces", "UnauthorizedOperation")
    assert the_one(find((ADDRESS, False, None)))[0]["instance_id"] == INSTANCE


MEMBER, MINE = "444455556666", "i-0b57a4de7b57a4de7"


@pytest.fixture
def member(members, fleet_in):
    """A member in which an instance holds the address; the home account has one of the other address."""
    members(MEMBER)
    there, home = fleet_in("eu-west-1", MEMBER), fleet_in("eu-west-1")
    there.launch(instance_id=MINE)
    home.launch()
    give(there, ADDRESS, MINE)
    give(home, OTHER)
    return there


@pytest.mark.parametrize("accounts", [(), (MEMBER,), (ACCOUNT, MEMBER)])
def test_a_member_s_instance_holds_the_address(member, find, accounts):
    instance, holding = the_one(find((ADDRESS, False, None), accounts=accounts))
    assert instance == as_json(member.now(MINE)) | {"found_by": [holding]}
    assert instance["account_id"] == MEMBER


@pytest.mark.usefixtures("member")
def test_members_are_not_asked_for_what_the_home_account_holds(find, moto, calls):
    asked = calls(moto("ec2", "eu-west-1", MEMBER), "DescribeNetworkInterfaces")
    assert the_one(find((OTHER, False, None)))[0]["instance_id"] == INSTANCE
    assert asked == []


@pytest.mark.usefixtures("member")
def test_two_addresses_may_lead_into_two_accounts(find):
    found = find((ADDRESS, False, None), (OTHER, False, None))["instances"]
    assert [(one["instance_id"], one["account_id"]) for one in found] == [(MINE, MEMBER), (INSTANCE, ACCOUNT)]


@pytest.mark.usefixtures("member")
def test_an_account_that_is_not_named_is_not_looked_at(find):
    (unheld,) = find((ADDRESS, False, None), accounts=[ACCOUNT])["missing"]
    assert [one["accounts"] for one in unheld["search"]["searched"]] == [[ACCOUNT]]


@pytest.mark.usefixtures("member")
def test_the_trail_is_that_of_the_member(find, cloudtrail):
    asked = cloudtrail("eu-west-1", [], MEMBER)
    find((ADDRESS, False, NOW - timedelta(days=1)))
    assert len(asked) == 1


def _public(interface_id, region, address):
    from moto.ec2.models import ec2_backends  # noqa: PLC0415  as above

    backend = next(backends[region] for backends in ec2_backends.values() if region in backends)
    backend.enis[interface_id].public_ip = address
