"""Out of every load balancer, with what is needed to put it back written down before."""

import pytest

from lambdas import case_table
from lambdas.domain.containment.load_balancing import Registrations
from lambdas.domain.errors import StillRegistered
from tests.samples import CASE, INSTANCE

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Leave load balancers"
OTHER = "i-0b57a4de7b57a4de7"


def written():
    return Registrations.from_json(case_table.read_items(CASE)[f"targets#{INSTANCE}"])


@pytest.fixture
def classic(moto):
    """A classic load balancer with two instances; returns a way to look who is in it."""

    def make(fleet, *instances):
        elb = moto("elb", fleet.region)
        elb.create_load_balancer(
            LoadBalancerName="old",
            Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
            AvailabilityZones=[f"{fleet.region}a"],
        )
        elb.register_instances_with_load_balancer(
            LoadBalancerName="old", Instances=[{"InstanceId": one} for one in instances]
        )
        return lambda: [
            one["InstanceId"] for one in elb.describe_load_balancers()["LoadBalancerDescriptions"][0]["Instances"]
        ]

    return make


def test_it_leaves_target_groups_by_id_and_by_address_and_classic_ones(fleet, contain, classic):
    instance, other = fleet.launch(), fleet.launch([("web",)], instance_id=OTHER)
    ours, theirs = instance.private_addresses[0], other.private_addresses[0]
    by_id = fleet.balance((INSTANCE, 80), (INSTANCE, 8080), (OTHER, 80))
    by_address = fleet.balance((ours, 443), (theirs, 443), kind="ip", name="web-ip")
    old = classic(fleet, INSTANCE, OTHER)
    result = contain(STEP, instance)
    assert (by_id(), by_address(), old()) == ({(OTHER, 80)}, {(theirs, 443)}, [OTHER])
    assert result["outcome"] == "done"
    assert result["words"] == "out of web:80, web:8080, web-ip:443, old"
    assert {(one.id, one.port) for one in written().targets} == {(INSTANCE, 80), (INSTANCE, 8080), (ours, 443)}
    assert written().classic == ("old",)


def test_again_what_was_written_first_stays(fleet, contain):
    instance = fleet.launch()
    look = fleet.balance((INSTANCE, 80))
    contain(STEP, instance)
    first = written()
    assert contain(STEP, instance)["words"] == "out of web:80"
    assert (written(), look()) == (first, set())


def test_after_a_crash_in_the_midst_it_converges(fleet, contain, refuse, moto):
    instance = fleet.launch()
    one, two = fleet.balance((INSTANCE, 80)), fleet.balance((INSTANCE, 80), name="api")
    undo = refuse(
        moto("elbv2", fleet.region),
        "DeregisterTargets",
        "Throttling",
        lambda params: "/api/" in params["TargetGroupArn"],
    )
    with pytest.raises(StillRegistered, match="Throttling said AWS; still in api:80"):
        contain(STEP, instance)
    assert one() == set()
    undo()
    contain(STEP, instance)
    assert (one(), two()) == (set(), set())
    assert {target.group.split("/")[1] for target in written().targets} == {"web", "api"}


def test_where_there_is_none_nothing_is_to_be_done(fleet, contain):
    fleet.launch([("web",)], instance_id=OTHER)
    look = fleet.balance((OTHER, 80))
    assert contain(STEP, fleet.launch())["outcome"] == "skipped"
    assert look() == {(OTHER, 80)}


def test_f4_what_is_still_registered_is_said(fleet, contain, moto, monkeypatch):
    """F4: the call passed, and had no effect."""
    instance = fleet.launch()
    fleet.balance((INSTANCE, 80))
    monkeypatch.setattr(moto("elbv2", fleet.region), "deregister_targets", lambda **_: {})
    with pytest.raises(StillRegistered, match="still in web:80"):
        contain(STEP, instance)


def test_all_pages_of_target_groups_are_read(fleet, contain, monkeypatch, moto):
    """A peer reads the first page only, with four hundred groups at most."""
    instance = fleet.launch()
    groups = [fleet.balance((INSTANCE, 80), name=f"web-{number}") for number in range(5)]
    elb = moto("elbv2", fleet.region)
    real = elb.get_paginator("describe_target_groups")
    monkeypatch.setattr(type(real), "paginate", lambda self, **more: _paged(self, more, elb), raising=True)
    contain(STEP, instance)
    assert [look() for look in groups] == [set()] * 5


def _paged(paginator, more, elb):
    """Two groups a page, as AWS would give hundreds."""
    if "target" not in paginator._method.__name__:
        return iter([paginator._method(**more)])
    every = elb.describe_target_groups()["TargetGroups"]
    return iter([{"TargetGroups": every[start : start + 2]} for start in range(0, len(every), 2)])
