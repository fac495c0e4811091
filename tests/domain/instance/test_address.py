"""Which addresses a notice gives to look for, who holds one by what AWS shows, and whether it did then."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lambdas.domain.instance.address import (
    MAX_ADDRESSES,
    AddressAssignment,
    AssociationHistory,
    HeldAddress,
    HeldDuringAbuse,
    ReportedAddress,
    address_of,
    addresses_to_find,
    confirmed_address,
    describe_holder,
    held_during_abuse,
    public_addresses_of,
    reported_addresses,
)
from lambdas.domain.phrase import verbatim
from tests.samples import INSTANCE, NOTICE, SENT, english, notice

ADDRESS, OTHER, V6 = "203.0.113.77", "203.0.113.78", "2001:db8::77"
SEEN = SENT - timedelta(hours=5)
EARLIER, LATER = SEEN - timedelta(days=1), SEEN + timedelta(hours=1)
READ = AssociationHistory(None)


def nameless(**about):
    return notice(**{"resources": (), "ips": (), **about})


def looked_for(said, *earlier):
    return [(one.address, one.only_in_report, one.abuse_at) for one in addresses_to_find(said, earlier)]


URLS = {
    "http://203.0.113.77/login": ADDRESS,
    "https://203.0.113.77:8443/": ADDRESS,
    "http://[2001:DB8:0::77]/x": V6,
    "http://[::ffff:203.0.113.77]/": ADDRESS,
    "http://ec2-203-0-113-77.compute-1.amazonaws.com/x": ADDRESS,
    "http://ec2-203-0-113-77.eu-west-1.compute.amazonaws.com": ADDRESS,
    "http://10.0.0.7/": None,
    "http://[fe80::1]/": None,
    "http://ec2-999-0-113-77.compute-1.amazonaws.com/": None,
    "http://ec2-203-0-113-77.compute-1.amazonaws.com.evil.example/": None,
    "http://203.0.113.77.example/": None,
    "http://[::1": None,
    "": None,
}


@pytest.mark.parametrize("url", URLS)
def test_the_address_of_a_url(url):
    assert address_of(url) == URLS[url]


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["http://", "[", "]", "::", "203.0.113.77", "ec2-1-2-3-4.", "%", "\uff19"]) | st.text())
)
def test_reading_an_address_never_raises(pieces):
    words = "".join(pieces)
    assert address_of(words) is None or reported_addresses(nameless(urls=(words,)))
    reported_addresses(nameless(ips=(words,), quoted_ips=(words,)))


def test_what_aws_names_comes_first_and_what_a_report_names_is_marked():
    said = nameless(ips=(OTHER, ADDRESS), quoted_ips=(OTHER,), urls=(f"http://{V6}/",), abuse_at=SEEN)
    assert [(one.address, one.only_in_report) for one in reported_addresses(said)] == [(ADDRESS, False), (OTHER, True)]
    both = nameless(ips=(OTHER,), quoted_ips=(OTHER,), urls=(f"http://{OTHER}/x",))
    assert reported_addresses(both) == (ReportedAddress(OTHER, only_in_report=False, abuse_at=None),)


def test_private_addresses_are_nobody_s():
    assert reported_addresses(nameless(ips=("10.1.2.3", "fe80::1", "not one", ADDRESS))) == (
        ReportedAddress(ADDRESS, False, None),
    )


def test_a_notice_that_names_an_instance_needs_no_address():
    assert looked_for(notice(ips=(ADDRESS,))) == []


def test_a_follow_up_that_names_nothing_means_what_was_named_before():
    first = nameless(ips=(ADDRESS,), abuse_at=SEEN)
    assert looked_for(nameless(), first) == [(ADDRESS, False, SEEN)]
    assert looked_for(nameless(ips=(ADDRESS,), quoted_ips=(ADDRESS,)), first) == [(ADDRESS, False, SEEN)]
    assert looked_for(nameless(ips=(OTHER,)), first) == [(OTHER, False, None)]


def test_where_the_case_knows_an_instance_a_report_s_address_tells_nothing_new():
    assert looked_for(nameless(ips=(OTHER,), quoted_ips=(OTHER,)), NOTICE) == []
    assert looked_for(nameless(ips=(OTHER,)), NOTICE) == [(OTHER, False, None)]
    assert looked_for(nameless(), NOTICE) == []


def test_a_report_full_of_addresses_gets_a_few_looked_for_and_those_of_aws_first():
    many = tuple(f"198.51.{number // 256}.{number % 256}" for number in range(300))
    found = looked_for(nameless(ips=many, quoted_ips=many, urls=(f"http://{ADDRESS}/",)))
    assert len(found) == MAX_ADDRESSES
    assert found[0] == (ADDRESS, False, None)


def test_what_is_sought_survives_json():
    for one in (
        ReportedAddress(ADDRESS, only_in_report=True, abuse_at=SEEN),
        ReportedAddress(V6, only_in_report=False, abuse_at=None),
    ):
        assert ReportedAddress.from_json(one.to_json()) == one


ELASTIC = AddressAssignment(
    INSTANCE, ADDRESS, "eipalloc-0", amazon_owned=False, started_at=EARLIER, attached_at=EARLIER
)
AUTOMATIC = AddressAssignment(INSTANCE, ADDRESS, "", amazon_owned=True, started_at=EARLIER, attached_at=EARLIER)
SIXTH = AddressAssignment(INSTANCE, V6, "", amazon_owned=False, started_at=LATER, attached_at=EARLIER)


def changed(tenure, **what):
    return AddressAssignment(**{**{name: getattr(tenure, name) for name in AddressAssignment.__slots__}, **what})


TENURES = {
    "automatic, started before": (AUTOMATIC, SEEN, None, HeldDuringAbuse.YES, "since 15 Nov"),
    "automatic, started in that second": (
        changed(AUTOMATIC, started_at=SEEN),
        SEEN,
        None,
        HeldDuringAbuse.YES,
        "since 16 Nov",
    ),
    "automatic, started since": (
        changed(AUTOMATIC, started_at=LATER),
        SEEN,
        None,
        HeldDuringAbuse.NO,
        "only since 16 Nov",
    ),
    "automatic, attached since": (
        changed(AUTOMATIC, attached_at=LATER),
        SEEN,
        None,
        HeldDuringAbuse.NO,
        "another instance may have held it then",
    ),
    "automatic, no start shown": (
        changed(AUTOMATIC, started_at=None),
        SEEN,
        None,
        HeldDuringAbuse.UNKNOWN,
        "since when",
    ),
    "elastic, no change since": (ELASTIC, SEEN, READ, HeldDuringAbuse.YES, "15 minutes late, shows no change since"),
    "elastic, moved since": (
        ELASTIC,
        SEEN,
        AssociationHistory(LATER),
        HeldDuringAbuse.NO,
        "only since 16 Nov 2026 03:42:08 UTC",
    ),
    "elastic, its interface moved": (
        changed(ELASTIC, attached_at=LATER),
        SEEN,
        READ,
        HeldDuringAbuse.NO,
        "only since 16 Nov",
    ),
    "elastic, moved, and more": (
        ELASTIC,
        SEEN,
        AssociationHistory(LATER, verbatim("more")),
        HeldDuringAbuse.NO,
        "only since 16 Nov",
    ),
    "elastic, CloudTrail refuses": (
        ELASTIC,
        SEEN,
        AssociationHistory(None, verbatim("AccessDenied")),
        HeldDuringAbuse.UNKNOWN,
        "UTC: AccessDenied",
    ),
    "elastic, CloudTrail not asked": (ELASTIC, SEEN, None, HeldDuringAbuse.UNKNOWN, "UTC: CloudTrail was not asked"),
    "elastic, no attachment": (
        changed(ELASTIC, attached_at=None),
        SEEN,
        READ,
        HeldDuringAbuse.UNKNOWN,
        "AWS does not show when its interface was attached",
    ),
    "IPv6 stays over a restart": (SIXTH, SEEN, None, HeldDuringAbuse.YES, "since 15 Nov"),
    "IPv6, attached since": (changed(SIXTH, attached_at=LATER), SEEN, None, HeldDuringAbuse.NO, "only since 16 Nov"),
    "IPv6, no attachment": (changed(SIXTH, attached_at=None), SEEN, None, HeldDuringAbuse.UNKNOWN, "since when"),
    "neither": (
        changed(AUTOMATIC, amazon_owned=False),
        SEEN,
        None,
        HeldDuringAbuse.UNKNOWN,
        "neither an automatic address nor",
    ),
    "automatic, no time": (
        AUTOMATIC,
        None,
        None,
        HeldDuringAbuse.UNKNOWN,
        "now, since 15 Nov 2026 02:42:08 UTC; the notice does",
    ),
    "elastic, no time": (
        ELASTIC,
        None,
        READ,
        HeldDuringAbuse.UNKNOWN,
        "holds 203.0.113.77 now; the notice does not say when",
    ),
}


@pytest.mark.parametrize("name", TENURES)
def test_held_then(name):
    tenure, seen, trail, held, words = TENURES[name]
    answer, why = held_during_abuse(tenure, seen, trail)
    said = english(why)
    assert answer is held
    assert words in said
    assert said.startswith(INSTANCE)
    assert tenure.address in said


@given(
    st.sampled_from([ELASTIC, AUTOMATIC, SIXTH]),
    st.sampled_from([None, EARLIER, SEEN, LATER]),
    st.sampled_from([None, EARLIER, SEEN, LATER]),
    st.sampled_from(
        [
            None,
            READ,
            AssociationHistory(EARLIER),
            AssociationHistory(LATER),
            AssociationHistory(None, verbatim("refused")),
        ]
    ),
)
def test_yes_is_said_only_where_nothing_speaks_against_it(tenure, started, attached, trail):
    held, _ = held_during_abuse(changed(tenure, started_at=started, attached_at=attached), SEEN, trail)
    if held is HeldDuringAbuse.YES:
        assert attached is not None
        assert attached <= SEEN
        assert tenure is not AUTOMATIC or (started is not None and started <= SEEN)
        assert tenure is not ELASTIC or (trail is not None and not trail.problem and trail.associated_at != LATER)


INTERFACE = {
    "NetworkInterfaceId": "eni-0",
    "Association": {"PublicIp": ADDRESS, "IpOwnerId": "amazon"},
    "Attachment": {"InstanceId": INSTANCE, "AttachTime": EARLIER},
    "PrivateIpAddresses": [
        {"PrivateIpAddress": "10.0.0.4", "Association": {"PublicIp": ADDRESS, "IpOwnerId": "amazon"}},
        {"PrivateIpAddress": "10.0.0.5", "Association": {"PublicIp": OTHER, "AllocationId": "eipalloc-1"}},
        {"PrivateIpAddress": "10.0.0.6"},
    ],
    "Ipv6Addresses": [{"Ipv6Address": "2001:0db8::0077"}],
}


def test_every_address_of_an_interface_counts():
    assert set(public_addresses_of(INTERFACE)) == {ADDRESS, OTHER, V6}
    assert list(public_addresses_of({"NetworkInterfaceId": "eni-1"})) == []


def test_each_address_has_its_own_tenure():
    automatic = AddressAssignment.from_interface(INTERFACE, ADDRESS, SEEN)
    assert (automatic.amazon_owned, automatic.allocation, automatic.attached_at) == (True, "", EARLIER)
    elastic = AddressAssignment.from_interface(INTERFACE, OTHER, SEEN)
    assert (elastic.amazon_owned, elastic.allocation, elastic.instance_id) == (False, "eipalloc-1", INSTANCE)
    assert AddressAssignment.from_interface({}, ADDRESS, None).instance_id == ""


HOLDERS = {
    "the NAT gateway nat-0a1b2c3d4e5f60718": {
        "InterfaceType": "nat_gateway",
        "Description": "Interface for NAT Gateway nat-0a1b2c3d4e5f60718",
    },
    "a NAT gateway": {"InterfaceType": "nat_gateway"},
    "the load balancer app/shop/50dc6c495c0c9188": {"Description": "ELB app/shop/50dc6c495c0c9188"},
    "the load balancer net/mail/50dc6c495c0c9188": {
        "InterfaceType": "network_load_balancer",
        "Description": "ELB net/mail/50dc6c495c0c9188",
    },
    "a load balancer": {"InterfaceType": "gateway_load_balancer"},
    'the network interface eni-0, which AWS describes as "RDSNetworkInterface"': {"Description": "RDSNetworkInterface"},
    "the network interface eni-0": {},
}


@pytest.mark.parametrize("words", HOLDERS)
def test_what_holds_an_address_that_is_no_instance(words):
    assert english(describe_holder({"NetworkInterfaceId": "eni-0", **HOLDERS[words]})) == words


def test_a_sure_holding_is_one_that_aws_names():
    doubtful, sure = (
        HeldAddress(ADDRESS, True, HeldDuringAbuse.YES, verbatim("x")),
        HeldAddress(OTHER, False, HeldDuringAbuse.YES, verbatim("y")),
    )
    assert confirmed_address((doubtful, sure)) is sure
    assert confirmed_address((doubtful,)) is None
