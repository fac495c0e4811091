"""What took the place of an instance that is gone, and from which template."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from lambdas.domain.instance.successors import Successors
from lambdas.domain.phrase import phrase, verbatim
from tests.samples import english

STARTED = datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
OLD, NEW, NEWER = "i-0old", "i-0new", "i-0newer"
LAUNCHED = {OLD: STARTED - timedelta(days=9), NEW: STARTED + timedelta(hours=1), NEWER: STARTED + timedelta(hours=2)}
MINE = phrase("template:launch", template="lt-0a1", version="3")


def group(**versions):
    members = [
        {
            "InstanceId": one,
            "LifecycleState": "InService",
            "LaunchTemplate": {"LaunchTemplateId": "lt-0a1", "Version": versions.get(one.removeprefix("i-0"), "3")},
        }
        for one in LAUNCHED
    ]
    return {"AutoScalingGroupName": "web", "Instances": members}


def test_only_those_that_were_launched_later_in_the_order_of_their_launch():
    found = Successors.of(group(), LAUNCHED, after=STARTED, template=MINE)
    assert found.instance_ids == (NEW, NEWER)
    assert english(found.summary) == (
        f"its Auto Scaling group web has launched {NEW}, {NEWER} since, from the same {english(MINE)}: "
        "what let the abuse in may be there, too"
    )


def test_without_a_time_all_of_them_may_be():
    assert Successors.of(group(), LAUNCHED, after=None, template=MINE).instance_ids == (OLD, NEW, NEWER)


def test_another_version_is_named():
    words = english(Successors.of(group(newer="4"), LAUNCHED, after=STARTED, template=MINE).summary)
    mine = english(MINE)
    assert f"from {mine}, launch template lt-0a1 version 4, while it was from {mine}" in words


def test_a_launch_configuration_goes_by_its_name():
    members = [{"InstanceId": NEW, "LaunchConfigurationName": "web-2019"}]
    found = Successors.of({"AutoScalingGroupName": "web", "Instances": members}, LAUNCHED, after=STARTED, template=None)
    assert "since, from launch configuration web-2019: " in english(found.summary)


def test_what_has_left_the_group_is_none_of_them():
    found = Successors.of({"AutoScalingGroupName": "web", "Instances": []}, LAUNCHED, after=STARTED, template=None)
    assert english(found.summary) == "its Auto Scaling group web has no instance that was launched since"


def test_many_are_named_in_part():
    many = tuple(f"i-{number}" for number in range(9))
    assert "has launched i-0, i-1, i-2, i-3, i-4 and 4 more since" in english(Successors("web", many, (), None).summary)


def test_what_aws_refused_is_said():
    assert english(Successors("web", (), (), None, verbatim("AccessDenied")).summary) == (
        "it is not known what its Auto Scaling group web has launched since: AccessDenied"
    )


@pytest.mark.parametrize("template", [MINE, None])
def test_it_is_handed_on_exactly(template):
    found = Successors.of(group(), LAUNCHED, after=STARTED, template=template)
    assert Successors.from_json(json.loads(json.dumps(asdict(found)))) == found
