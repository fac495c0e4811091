"""A step that changes what a protected instance belongs to leaves it alone: IAM cannot see the instance's tag there."""

from dataclasses import replace

import pytest

from lambdas.contain import STEPS as CONTAIN_STEPS
from tests.lambdas.release.stage import CONTAINING, Topology, staged
from tests.permissions.test_least_privilege import NOT_HELD_BY_THE_TAG
from tests.recording import Invocation, recording
from tests.samples import INSTANCE

TAG = "AbuseResponder:Protect"
EVERYTHING = Topology(
    profile=True, scaling=(0, 2), by_id=(80,), by_address=(443,), classic=True, volumes=(True, True), tags=((TAG, ""),)
)
# What these steps change is held by a deny on the instance's own tag, which Moto does not know.
HELD_BY_IAM = {"Quarantine network", "Tag instance"}
VERIFIES = {"Verify quarantine", "Verify protection"}


def changing(calls):
    """The calls that IAM cannot hold by the instance's tag."""
    made = {f"{call.service}:{call.operation}" for call in calls}
    return {call for call in made if call in NOT_HELD_BY_THE_TAG["contain"]}


def contained(topology, steps):
    with staged(topology) as stage, recording(Invocation("contain", "all of it")) as calls:
        return stage.contain(steps=steps), changing(calls)


STEPS = tuple(step for step in CONTAINING if step not in HELD_BY_IAM | VERIFIES)


def test_without_the_tag_these_steps_change_all_of_it():
    _, changes = contained(replace(EVERYTHING, tags=()), STEPS)
    assert changes >= {
        *("autoscaling:EnterStandby", "elb:DeregisterInstancesFromLoadBalancer", "elbv2:DeregisterTargets"),
        *("iam:AttachRolePolicy", "iam:TagRole"),
    }


def test_with_the_tag_they_change_nothing_and_say_why():
    """Attack 10."""
    results, changes = contained(EVERYTHING, STEPS)
    assert changes == set()
    for step in ("Protect instance", "Revoke credentials", "Leave load balancers"):
        assert results[step]["outcome"] == "skipped"
        assert results[step]["words"] == (
            f"the instance has the tag {TAG}: the responder may not touch it until the tag is removed"
        )


def test_the_tag_of_this_moment_counts_not_that_of_the_decision():
    with staged(Topology(profile=True)) as stage:
        instance = stage.fleet.now(INSTANCE)
        stage.fleet.ec2.create_tags(Resources=[INSTANCE], Tags=[{"Key": TAG, "Value": "no"}])
        with recording(Invocation("contain", "Revoke credentials")) as calls:
            result = CONTAIN_STEPS["Revoke credentials"]({"case": {"id": "1"}, "instance": instance.to_json()})
    assert result["outcome"] == "skipped"
    assert changing(calls) == set()


@pytest.mark.usefixtures("table")
def test_an_instance_that_is_gone_is_left_to_the_step(contain, fleet, configure):
    instance = fleet.launch()
    configure(protect_tag="Other")
    fleet.ec2.terminate_instances(InstanceIds=[INSTANCE])
    assert contain("Leave load balancers", instance)["outcome"] == "skipped"
