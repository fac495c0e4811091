"""Registered again where it was, with its ports; what others registered stays."""

import pytest

from lambdas.domain.errors import NotPutBack
from tests.lambdas.release.drifts import DETACHED_INTERFACE
from tests.samples import INSTANCE, ending

STEP = "Put back load balancers"
EVERYWHERE = {"by_id": (80, 8080), "by_address": (443,), "classic": True}


def registered(look):
    return {what for what in look if what.startswith(("by-id", "by-address", "classic"))}


def group(stage, name):
    return stage.service("elbv2").describe_target_groups(Names=[name])["TargetGroups"][0]["TargetGroupArn"]


def test_every_registration_is_back_with_its_port(stage_of, changed):
    stage = stage_of(**EVERYWHERE)
    held = stage.look()
    assert registered(held) == set()
    assert stage.step(STEP)["outcome"] == "done"
    assert registered(stage.look()) == registered(stage.before)
    assert len(registered(stage.before)) == 4
    assert set(changed(held, stage.look())) == registered(stage.before)
    assert ending(stage.step(STEP)) == {"outcome": "skipped", "words": "it is as before"}


def test_what_others_registered_is_not_taken_out(stage_of):
    stage = stage_of(**EVERYWHERE)
    stage.service("elbv2").register_targets(
        TargetGroupArn=group(stage, "by-id"), Targets=[{"Id": INSTANCE, "Port": 9999}, {"Id": "10.1.9.9", "Port": 80}]
    )
    stage.step(STEP, force=True)
    assert registered(stage.look()) == {*registered(stage.before), f"by-id {INSTANCE}:9999"}
    assert f"target group by-id: {INSTANCE}:9999: registered since" in stage.step(STEP)["words"]


def test_an_address_that_is_another_ones_by_now_is_not_registered(stage_of, calls):
    """It would send the users of this service to somebody else's machine."""
    stage = stage_of(contained=False)
    stage.fleet.balance((stage.fleet.now().private_addresses[1], 443), kind="ip", name="by-address")
    stage.contain()
    DETACHED_INTERFACE.make(stage)
    registrations = calls(stage.service("elbv2"), "RegisterTargets")
    assert "is no longer an address of the instance" in stage.step(STEP, force=True)["words"]
    assert registrations == []


def test_a_target_group_or_balancer_that_is_gone_holds_up_no_other(stage_of):
    stage = stage_of(**EVERYWHERE)
    stage.service("elbv2").delete_target_group(TargetGroupArn=group(stage, "by-address"))
    stage.service("elb").delete_load_balancer(LoadBalancerName="old")
    assert stage.step(STEP)["outcome"] == "done"
    words = stage.step(STEP)["words"]
    assert "10.1.0.4:443: the target group is gone" in words
    assert "classic load balancer old: the load balancer is gone" in words
    assert registered(stage.look()) == {f"by-id {INSTANCE}:80", f"by-id {INSTANCE}:8080"}


def test_one_refused_registration_holds_up_no_other(stage_of, refusing):
    stage = stage_of(**EVERYWHERE)
    refusing(
        stage,
        "elbv2",
        "RegisterTargets",
        "TooManyTargets",
        when=lambda params: params["Targets"][0]["Port"] == 8080,
    )
    with pytest.raises(NotPutBack, match=f"{INSTANCE}:8080 was not put back: .*TooManyTargets") as caught:
        stage.step(STEP)
    assert "is still not registered" in str(caught.value)
    assert registered(stage.look()) == registered(stage.before) - {f"by-id {INSTANCE}:8080"}


def test_where_it_was_registered_nowhere_nothing_is_asked(stage_of, calls):
    stage = stage_of()
    asked = calls(stage.service("elbv2"), "DescribeTargetHealth")
    assert stage.step(STEP)["outcome"] == "skipped"
    assert asked == []
