"""What a release plans: put back what stands as containing left it, leave what somebody changed, say what cannot be.

Laws over generated states, and a table of what may have happened since.
"""

import json
from dataclasses import replace

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from lambdas.domain.containment.before_state import AutoScalingMembership, BeforeState
from lambdas.domain.containment.credentials import no_rights_profile_arn
from lambdas.domain.containment.load_balancing import Registrations, Target
from lambdas.domain.instance.instance import Instance, Interface, Volume
from lambdas.domain.instance.tags import CASE_TAG, QUARANTINE, STATE_TAG, TWO_STEP
from lambdas.domain.phrase import combined, verbatim
from lambdas.domain.release import (
    MAX_INSTANCES,
    CurrentState,
    ReleasePart,
    ReleaseVerdict,
    blocking_actions,
    outstanding,
    release_actions,
    release_blocked_by,
)
from tests.samples import CASE, INSTANCE, RUNNING, english

PROFILE = "arn:aws:iam::552071934480:instance-profile/web-server"
GROUP = "arn:aws:elasticloadbalancing:ap-northeast-1:552071934480:targetgroup/web/73e2d6bc24d8a067"
ADDRESS = "10.1.0.4"
PLACE = AutoScalingMembership("web-asg", "InService", min_size=1, max_size=3, desired=2)
BEFORE = BeforeState(
    instance=replace(RUNNING, profile=PROFILE, private_addresses=(ADDRESS,)),
    termination_protection=False,
    shutdown_behaviour="terminate",
    auto_scaling=PLACE,
    unread={},
)
REGISTERED = Registrations(
    targets=(Target(GROUP, INSTANCE, 80, ""), Target(GROUP, INSTANCE, 8080, ""), Target(GROUP, ADDRESS, 443, "")),
    classic=("old-lb",),
)
THE_GROUP = {"sg-q": QUARANTINE, "sg-ssh": "", "sg-web": ""}


def untouched(before=BEFORE, registrations=REGISTERED):
    """The instance as before: nobody has changed anything."""
    instance, place = before.instance, before.auto_scaling
    return CurrentState(
        instance=instance,
        interfaces=instance.interfaces,
        groups={**THE_GROUP, **{group: "" for one in instance.interfaces for group in one.groups}},
        termination_protection=bool(before.termination_protection),
        shutdown_behaviour=before.shutdown_behaviour,
        auto_scaling=place,
        registered=registrations.targets if registrations else (),
        target_groups=frozenset(one.group for one in registrations.targets) if registrations else frozenset(),
        classic_load_balancers=dict.fromkeys(registrations.classic, True) if registrations else {},
        profile=instance.profile,
    )


def contained(before=BEFORE, registrations=REGISTERED, case=CASE):
    """The instance as containing leaves it."""
    now, instance = untouched(before, registrations), before.instance
    return replace(
        now,
        instance=replace(
            instance,
            tags={**instance.tags, CASE_TAG: case, STATE_TAG: QUARANTINE},
            volumes=tuple(replace(one, delete_on_termination=False) for one in instance.volumes),
            profile=no_rights_profile_arn(instance) if instance.profile else "",
        ),
        interfaces=tuple(replace(one, groups=("sg-q",)) for one in instance.interfaces),
        termination_protection=True,
        shutdown_behaviour="stop",
        auto_scaling=left_by(before.auto_scaling),
        registered=(),
        classic_load_balancers=dict.fromkeys(now.classic_load_balancers, False),
        profile=no_rights_profile_arn(instance) if instance.profile else "",
        credentials_denied=bool(instance.profile),
    )


def left_by(place):
    if place is None or place.lifecycle != "InService":
        return place
    return replace(place, lifecycle="Standby", desired=place.desired - place.can_shrink)


def planned(now, before=BEFORE, registrations=REGISTERED, **more):
    return release_actions(before, registrations, now, case=CASE, **more)


def by_what(actions):
    found = {english(one.what): one for one in actions}
    assert len(found) == len(actions)
    return found


def words(one):
    """A value or a reason in English, empty where there is none."""
    return english(combined(one))


def verdicts(actions):
    return {one.verdict for one in actions}


@st.composite
def befores(draw):
    """Every state that an instance may have before."""
    names = st.lists(st.sampled_from(["sg-a", "sg-b", "sg-c"]), min_size=1, max_size=3, unique=True)
    groups = draw(st.lists(names, min_size=1, max_size=4))
    ends = draw(st.lists(st.booleans(), max_size=3))
    low = draw(st.integers(0, 3))
    desired = draw(st.integers(max(low, 1), 4))
    place = AutoScalingMembership(
        "asg", draw(st.sampled_from(["InService", "Standby"])), low, draw(st.integers(desired + 1, 6)), desired
    )
    tags = draw(st.dictionaries(st.sampled_from(["Name", CASE_TAG, STATE_TAG]), st.sampled_from(["", "old"])))
    return BeforeState(
        instance=Instance(
            instance_id=INSTANCE,
            region="eu-west-1",
            account_id="552071934480",
            state="running",
            vpc_id="vpc-0aa",
            tags=tags,
            interfaces=tuple(Interface(f"eni-{n}", tuple(sorted(one))) for n, one in enumerate(groups)),
            volumes=tuple(Volume(f"vol-{n}", f"/dev/sd{n}", end) for n, end in enumerate(ends)),
            addresses=(),
            private_addresses=(ADDRESS,),
            profile=draw(st.sampled_from(["", PROFILE])),
        ),
        termination_protection=draw(st.booleans()),
        shutdown_behaviour=draw(st.sampled_from(["stop", "terminate"])),
        auto_scaling=draw(st.sampled_from([None, place])),
        unread={},
    )


REGISTRATIONS = st.none() | st.builds(
    Registrations,
    targets=st.lists(st.sampled_from(REGISTERED.targets), unique=True).map(tuple),
    classic=st.sampled_from([(), ("old-lb",)]),
)


@given(before=befores(), registrations=REGISTRATIONS, force=st.booleans())
def test_nothing_is_done_about_what_stands_as_before(before, registrations, force):
    actions = planned(untouched(before, registrations), before, registrations, force=force)
    assert verdicts(actions) == {ReleaseVerdict.NOTHING}
    assert not [one for one in actions if one.call]


@given(before=befores(), registrations=REGISTRATIONS)
def test_all_that_containing_changed_is_put_back_and_nothing_else(before, registrations):
    now = contained(before, registrations)
    actions = planned(now, before, registrations)
    assert verdicts(actions) <= {ReleaseVerdict.PUT_BACK, ReleaseVerdict.NOTHING}
    by_part = {part: [one for one in actions if one.part is part] for part in ReleasePart}
    assert all(one.verdict is ReleaseVerdict.PUT_BACK for one in by_part[ReleasePart.NETWORK])
    assert len(by_part[ReleasePart.NETWORK]) == len(before.instance.interfaces)
    assert len(outstanding(by_part[ReleasePart.LOAD_BALANCERS])) == (
        len(registrations.targets) + len(registrations.classic) if registrations else 0
    )
    # Whatever takes calls of ours has one, and only what is to be put back.
    for one in actions:
        assert bool(one.call) == (one.verdict is ReleaseVerdict.PUT_BACK and one.part is not ReleasePart.CREDENTIALS)


# What somebody may have changed since: by name, the state now and what it is about.
DRIFTS = {
    "other groups": lambda now: replace(
        now, interfaces=(replace(now.interfaces[0], groups=("sg-q", "sg-new")), *now.interfaces[1:])
    ),
    "a group of their own": lambda now: replace(
        now, interfaces=tuple(replace(one, groups=("sg-new",)) for one in now.interfaces)
    ),
    "another profile": lambda now: replace(now, profile=f"{PROFILE}-2"),
    "a changed tag": lambda now: replace(
        now, instance=replace(now.instance, tags={**now.instance.tags, STATE_TAG: "mine"})
    ),
    "a volume that goes": lambda now: replace(
        now,
        instance=replace(
            now.instance, volumes=tuple(replace(one, delete_on_termination=True) for one in now.instance.volumes)
        ),
    ),
    "no protection": lambda now: replace(now, termination_protection=False),
    "a shutdown that ends it": lambda now: replace(now, shutdown_behaviour="terminate"),
    "in another group": lambda now: replace(
        now,
        instance=replace(now.instance, tags={**now.instance.tags, "aws:autoscaling:groupName": "other-asg"}),
        auto_scaling=now.auto_scaling and replace(now.auto_scaling, lifecycle=""),
    ),
}


@given(
    before=befores(),
    registrations=REGISTRATIONS,
    drifts=st.lists(st.sampled_from(sorted(DRIFTS)), min_size=1, max_size=4, unique=True),
    force=st.booleans(),
)
def test_a_change_of_somebody_else_is_left_unless_it_is_forced(before, registrations, drifts, force):
    left = by_what(planned(contained(before, registrations), before, registrations))
    as_before = by_what(planned(untouched(before, registrations), before, registrations))
    now = contained(before, registrations)
    for drift in drifts:
        now = DRIFTS[drift](now)
    assume(now != contained(before, registrations))
    for what, action in by_what(planned(now, before, registrations, force=force)).items():
        known = {left[what].now, as_before[what].now} if what in left else set()
        if action.now in known or (action.verdict is ReleaseVerdict.NOTHING and action.now == action.before):
            continue  # nobody changed this one, or somebody put it back
        wanted = {ReleaseVerdict.PUT_BACK, ReleaseVerdict.CANNOT} if force and action.before else {ReleaseVerdict.LEFT}
        assert action.verdict in wanted, (what, action)
        assert (action.call is None) or force


@given(before=befores(), registrations=REGISTRATIONS)
def test_what_came_since_is_shown_and_never_taken_away(before, registrations):
    assume(registrations and registrations.targets)
    now = contained(before, registrations)
    now = replace(
        now,
        instance=replace(now.instance, volumes=(*now.instance.volumes, Volume("vol-new", "/dev/sdz", True))),
        interfaces=(*now.interfaces, Interface("eni-new", ("sg-q",)), Interface("eni-mine", ("sg-mine",))),
        registered=(Target(registrations.targets[0].group, INSTANCE, 9999, ""),),
    )
    for force in (False, True):
        actions = by_what(planned(now, before, registrations, force=force))
        new = [one for what, one in actions.items() if "new" in what or "mine" in what or "9999" in what]
        assert len(new) == 4
        assert {(one.verdict, one.call) for one in new} == {(ReleaseVerdict.LEFT, None)}
        text = str([one.call for one in actions.values()])
        assert "new" not in text
        assert "9999" not in text
    assert "stays in quarantine" in words(actions["groups of eni-new"].reason)
    assert "quarantine" not in words(actions["groups of eni-mine"].reason)


def test_how_each_part_is_put_back():
    """The calls, each with its parameters: what AWS is asked to do."""
    actions = [one for one in planned(contained()) if one.call]
    whom = {"InstanceId": INSTANCE}
    web = {"TargetGroupArn": GROUP}
    assert [(one.call.service, one.call.operation, dict(one.call.parameters)) for one in actions] == [
        (
            "ec2",
            "modify_network_interface_attribute",
            {"NetworkInterfaceId": "eni-0a1", "Groups": ["sg-ssh", "sg-web"]},
        ),
        ("ec2", "modify_network_interface_attribute", {"NetworkInterfaceId": "eni-0a2", "Groups": ["sg-web"]}),
        ("autoscaling", "exit_standby", {"InstanceIds": [INSTANCE], "AutoScalingGroupName": "web-asg"}),
        ("elbv2", "register_targets", {**web, "Targets": [{"Id": INSTANCE, "Port": 80}]}),
        ("elbv2", "register_targets", {**web, "Targets": [{"Id": INSTANCE, "Port": 8080}]}),
        ("elbv2", "register_targets", {**web, "Targets": [{"Id": ADDRESS, "Port": 443}]}),
        (
            "elb",
            "register_instances_with_load_balancer",
            {"LoadBalancerName": "old-lb", "Instances": [{"InstanceId": INSTANCE}]},
        ),
        ("ec2", "modify_instance_attribute", {**whom, "DisableApiTermination": {"Value": False}}),
        ("ec2", "modify_instance_attribute", {**whom, "InstanceInitiatedShutdownBehavior": {"Value": "terminate"}}),
        (
            "ec2",
            "modify_instance_attribute",
            {**whom, "BlockDeviceMappings": [{"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": True}}]},
        ),
        ("ec2", "delete_tags", {"Resources": [INSTANCE], "Tags": [{"Key": CASE_TAG, "Value": CASE}]}),
        ("ec2", "delete_tags", {"Resources": [INSTANCE], "Tags": [{"Key": STATE_TAG, "Value": QUARANTINE}]}),
    ]


def test_credentials_are_planned_here_and_put_back_by_their_step():
    profile, rights = (one for one in planned(contained()) if one.part is ReleasePart.CREDENTIALS)
    assert profile.verdict is rights.verdict is ReleaseVerdict.PUT_BACK
    assert (words(profile.before), words(profile.now)) == ("web-server", "AbuseResponderNoRights")
    assert (words(rights.before), words(rights.now)) == ("allowed", "denied")


def test_what_is_known_of_as_many_large_instances_as_one_release_takes_fits_through_step_functions():
    """256 KiB; the state machine puts out the plan of each and what was read back, and its steps beside them."""
    instance = replace(
        BEFORE.instance,
        interfaces=tuple(Interface(f"eni-0123456789abcde{n:02}", ("sg-0123456789abcdef0",) * 5) for n in range(15)),
        volumes=tuple(Volume(f"vol-0123456789abcde{n:02}", f"/dev/sd{n}", True) for n in range(27)),
    )
    before = replace(BEFORE, instance=instance)
    registrations = Registrations(tuple(Target(GROUP, INSTANCE, 8000 + n, "") for n in range(20)), ("old-lb",))
    known = [
        action.to_json()
        for now in (contained(before, registrations), untouched(before, registrations))
        for action in planned(now, before, registrations)
    ]
    assert MAX_INSTANCES * len(json.dumps(known)) < 200 * 1024


def test_the_parts_come_in_the_order_of_the_steps():
    parts = [one.part for one in planned(contained())]
    assert list(dict.fromkeys(parts)) == list(ReleasePart)


# What may stand now, what it is about, and the verdict with words of its reason.
NOW = contained()
AT = NOW.instance
SINCE = [
    (
        "an interface of the first of two steps",
        replace(
            NOW, interfaces=(replace(NOW.interfaces[0], groups=("sg-2",)),), groups={**NOW.groups, "sg-2": TWO_STEP}
        ),
        "groups of eni-0a1",
        ReleaseVerdict.PUT_BACK,
        "",
    ),
    (
        "an interface is gone",
        replace(NOW, interfaces=()),
        "groups of eni-0a1",
        ReleaseVerdict.CANNOT,
        "the interface is gone",
    ),
    (
        "an interface was detached",
        replace(NOW, interfaces=NOW.interfaces[1:], detached_interfaces={"eni-0a1": ""}),
        "groups of eni-0a1",
        ReleaseVerdict.CANNOT,
        "it was detached since",
    ),
    (
        "another instance has it",
        replace(NOW, interfaces=NOW.interfaces[1:], detached_interfaces={"eni-0a1": "i-0b"}),
        "groups of eni-0a1",
        ReleaseVerdict.CANNOT,
        "i-0b has it now",
    ),
    (
        "a group of before is gone",
        replace(NOW, groups={"sg-q": QUARANTINE, "sg-web": ""}),
        "groups of eni-0a1",
        ReleaseVerdict.CANNOT,
        "sg-ssh is gone",
    ),
    (
        "the profile is gone",
        replace(NOW, profile_exists=False),
        "instance profile",
        ReleaseVerdict.CANNOT,
        "the profile web-server is gone",
    ),
    (
        "an exchange of profiles was broken off",
        replace(NOW, profile=""),
        "instance profile",
        ReleaseVerdict.PUT_BACK,
        "",
    ),
    (
        "back in service by hand",
        replace(NOW, auto_scaling=PLACE),
        "place in Auto Scaling group web-asg",
        ReleaseVerdict.NOTHING,
        "",
    ),
    (
        "on its way into service",
        replace(NOW, auto_scaling=replace(PLACE, lifecycle="Pending:Wait")),
        "place in Auto Scaling group web-asg",
        ReleaseVerdict.NOTHING,
        "",
    ),
    (
        "detached, as standby was refused",
        replace(NOW, auto_scaling=replace(PLACE, lifecycle="", desired=1)),
        "place in Auto Scaling group web-asg",
        ReleaseVerdict.PUT_BACK,
        "goes from 1 to 2",
    ),
    (
        "the group is full",
        replace(NOW, auto_scaling=replace(PLACE, lifecycle="Standby", desired=3)),
        "place in Auto Scaling group web-asg",
        ReleaseVerdict.CANNOT,
        "--auto-scaling-group-name web-asg --max-size 4`, then release again",
    ),
    (
        "the group is gone",
        replace(NOW, auto_scaling=None),
        "place in Auto Scaling group web-asg",
        ReleaseVerdict.CANNOT,
        "the group is gone",
    ),
    (
        "it was stopped: in service, Auto Scaling would terminate it",
        replace(NOW, instance=replace(AT, state="stopped")),
        "place in Auto Scaling group web-asg",
        ReleaseVerdict.CANNOT,
        f"the group would terminate it: `aws ec2 start-instances --region ap-northeast-1 --instance-ids {INSTANCE}",
    ),
    (
        "it was stopped: the responder starts nothing",
        replace(NOW, instance=replace(AT, state="stopped")),
        "running",
        ReleaseVerdict.CANNOT,
        f"aws ec2 start-instances --region ap-northeast-1 --instance-ids {INSTANCE}",
    ),
    (
        "it was stopped: a target must run",
        replace(NOW, instance=replace(AT, state="stopped")),
        f"target group web: {INSTANCE}:80",
        ReleaseVerdict.CANNOT,
        "the instance is stopped",
    ),
    (
        "a target group is gone",
        replace(NOW, target_groups=frozenset()),
        f"target group web: {INSTANCE}:80",
        ReleaseVerdict.CANNOT,
        "the target group is gone",
    ),
    (
        "its address is another's by now",
        replace(NOW, instance=replace(AT, private_addresses=())),
        f"target group web: {ADDRESS}:443",
        ReleaseVerdict.CANNOT,
        "no longer an address of the instance",
    ),
    (
        "a classic load balancer is gone",
        replace(NOW, classic_load_balancers={}),
        "classic load balancer old-lb",
        ReleaseVerdict.CANNOT,
        "the load balancer is gone",
    ),
    (
        "Auto Scaling has registered it",
        replace(NOW, registered=(Target(GROUP, INSTANCE, 80, "ap-northeast-1a"),)),
        f"target group web: {INSTANCE}:80",
        ReleaseVerdict.NOTHING,
        "",
    ),
    (
        "a volume is gone",
        replace(NOW, instance=replace(AT, volumes=AT.volumes[1:])),
        "vol-0a1 when the instance ends",
        ReleaseVerdict.CANNOT,
        "the volume was detached since",
    ),
    (
        "a volume was attached elsewhere",
        replace(NOW, instance=replace(AT, volumes=(replace(AT.volumes[0], device="/dev/sdz"), *AT.volumes[1:]))),
        "vol-0a1 when the instance ends",
        ReleaseVerdict.LEFT,
        "changed since",
    ),
    (
        "a part cannot be read",
        replace(NOW, unread={ReleasePart.PROTECTION: verbatim("AccessDenied")}),
        "everything",
        ReleaseVerdict.CANNOT,
        "it cannot be read now: AccessDenied",
    ),
]


@pytest.mark.parametrize(("now", "what", "verdict", "why"), [row[1:] for row in SINCE], ids=[row[0] for row in SINCE])
def test_what_happened_since(now, what, verdict, why):
    action = by_what(planned(now))[what]
    assert action.verdict is verdict
    assert why in words(action.reason)
    assert bool(action.call) == (verdict is ReleaseVerdict.PUT_BACK and action.part is not ReleasePart.CREDENTIALS)


def test_the_group_ends_one_larger_where_it_started_another_one_and_that_is_said():
    before = replace(BEFORE, auto_scaling=replace(PLACE, min_size=2))
    action = by_what(planned(contained(before), before))["place in Auto Scaling group web-asg"]
    assert action.verdict is ReleaseVerdict.PUT_BACK
    assert words(action.reason) == (
        "the group's desired capacity goes from 2 to 3: when the instance left, the group started another one, and the "
        "responder terminates none"
    )


def test_what_was_in_standby_before_stays_there():
    before = replace(BEFORE, auto_scaling=replace(PLACE, lifecycle="Standby"))
    what = "place in Auto Scaling group web-asg"
    assert by_what(planned(contained(before), before))[what].verdict is ReleaseVerdict.NOTHING
    now = replace(contained(before), auto_scaling=PLACE)
    assert by_what(planned(now, before))[what].verdict is ReleaseVerdict.LEFT
    forced = by_what(planned(now, before, force=True))[what]
    assert (forced.verdict, words(forced.reason)) == (
        ReleaseVerdict.CANNOT,
        "it was Standby before: the responder can only bring an instance into service",
    )


def test_what_was_brought_into_a_group_since_stays_in_it():
    before = replace(BEFORE, auto_scaling=None)
    now = contained(before)
    now = replace(now, instance=replace(now.instance, tags={**now.instance.tags, "aws:autoscaling:groupName": "new"}))
    action = by_what(planned(now, before, force=True))["Auto Scaling group"]
    assert (action.verdict, words(action.now)) == (ReleaseVerdict.LEFT, "new")


@pytest.mark.parametrize(
    ("before", "what"),
    [
        (
            replace(BEFORE, termination_protection=None, unread={"termination protection": "Refused"}),
            "termination protection",
        ),
        (replace(BEFORE, shutdown_behaviour="", unread={"shutdown": "Refused"}), "shutdown from inside"),
        (replace(BEFORE, auto_scaling=None, unread={"group": "Refused"}), "Auto Scaling group"),
    ],
)
def test_what_was_not_read_before_cannot_be_put_back_even_by_force(before, what):
    action = by_what(planned(contained(), before, force=True))[what]
    assert (action.verdict, words(action.reason)) == (ReleaseVerdict.CANNOT, "it was not read before: Refused")


def test_a_tag_gets_back_the_value_that_it_had():
    before = replace(BEFORE, instance=replace(BEFORE.instance, tags={CASE_TAG: "an older case"}))
    action = by_what(planned(contained(before), before))[f"tag {CASE_TAG}"]
    assert action.call.operation == "create_tags"
    assert action.call.parameters["Tags"] == [{"Key": CASE_TAG, "Value": "an older case"}]


OBSTACLES = [
    (replace(NOW, instance=replace(AT, state="terminated")), "the instance is terminated"),
    (CurrentState(instance=None), "the instance is gone: EC2 no longer lists it"),
    (
        CurrentState(instance=None, unread=dict.fromkeys(ReleasePart, verbatim("AuthFailure"))),
        "EC2 cannot be asked: AuthFailure",
    ),
    (
        replace(NOW, protect_tag="Protect"),
        "the instance has the tag Protect: the responder may not touch it until the tag is removed",
    ),
    (replace(NOW, held_by_case="777"), "case 777 has contained the instance since: release that case"),
]


@pytest.mark.parametrize(("now", "why"), OBSTACLES, ids=[why for _, why in OBSTACLES])
def test_what_keeps_everything_from_being_put_back(now, why):
    assert words(release_blocked_by(now)) == why
    for force in (False, True):
        (action,) = planned(now, force=force)
        assert (action.verdict, words(action.reason), words(action.what)) == (ReleaseVerdict.CANNOT, why, "everything")


def test_an_interface_that_stays_in_quarantine_keeps_the_instance_from_being_released():
    assert not blocking_actions(planned(untouched()))
    full = replace(untouched(), auto_scaling=replace(PLACE, lifecycle="Standby", desired=3))
    assert not blocking_actions(planned(full))  # all else may stay as it is
    assert blocking_actions(planned(replace(NOW, groups={"sg-q": QUARANTINE, "sg-web": ""})))
    assert blocking_actions(planned(NOW)) == outstanding(planned(NOW))
