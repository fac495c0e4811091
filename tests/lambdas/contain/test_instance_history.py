"""What became of an instance that EC2 does not show any more, as CloudTrail and Auto Scaling tell it.

Moto's CloudTrail knows of no event, so its answers are given here.
"""

import json
import threading
from datetime import UTC, datetime, timedelta

import pytest

from lambdas.contain import instance_history
from lambdas.domain.phrase import Phrase
from tests.samples import ACCOUNT, INSTANCE, english

OTHER, THIRD = "i-0b57a4de7b57a4de7", "i-0b57a4de8b57a4de8"
MEMBER = "444455556666"
STARTED, ENDED = datetime.now(UTC) - timedelta(days=9), datetime.now(UTC) - timedelta(hours=3)


def refusals(found):
    """What could not be looked at, in words."""
    return "; ".join(english(map(Phrase.from_json, found["search"]["refused"])))


@pytest.fixture
def missing(call, case, configure):
    """Look for instances that are not there: `missing({id: Region or None})` is what is said of the first."""

    def step(wanted, regions="eu-central-1,eu-west-1,us-east-1", accounts=()):
        configure(regions=tuple(filter(None, regions.split(","))))
        instances = [{"instance_id": one, "region": region} for one, region in wanted.items()]
        found = call(
            "contain", "Find instances", tried=2, case={**case, "instances": instances, "accounts": list(accounts)}
        )
        return found["missing"][0]

    return step


def event(name, at, tags=None, **more):
    tagged = {"items": [{"key": key, "value": value} for key, value in (tags or {}).items()]}
    answer = {"instancesSet": {"items": [{"instanceId": INSTANCE, "tagSet": tagged}]}}
    record = {"userIdentity": {"invokedBy": "autoscaling.amazonaws.com"}, "responseElements": answer, **more}
    return {"EventTime": at, "EventName": name, "CloudTrailEvent": json.dumps(record)}


@pytest.mark.usefixtures("moto")
def test_it_was_ours(missing, cloudtrail):
    asked = cloudtrail("eu-west-1", [event("TerminateInstances", ENDED), event("RunInstances", STARTED)])
    past = missing({INSTANCE: "eu-west-1"})["past"]
    assert past["place"] == {"account_id": ACCOUNT, "region": "eu-west-1"}
    assert past["launched_by"] == past["terminated_by"] == "autoscaling.amazonaws.com"
    assert [datetime.fromisoformat(past[one]) for one in ("launched_at", "terminated_at")] == [STARTED, ENDED]
    (asked,) = asked
    assert asked["LookupAttributes"] == [{"AttributeKey": "ResourceName", "AttributeValue": INSTANCE}]


@pytest.mark.usefixtures("moto")
def test_only_the_region_that_the_notice_names_is_asked(missing, cloudtrail):
    asked = {region: cloudtrail(region, []) for region in ("eu-central-1", "eu-west-1", "us-east-1")}
    past = missing({INSTANCE: "eu-west-1"})["past"]
    assert [region for region, calls in asked.items() if calls] == ["eu-west-1"]
    assert past["search"]["searched"] == [{"accounts": [ACCOUNT], "regions": ["eu-west-1"]}]
    assert past["place"] is None


@pytest.mark.usefixtures("moto")
@pytest.mark.parametrize("named", [None, "eu-nowhere-9"])
def test_without_a_region_every_one_is_asked(missing, cloudtrail, named):
    for region in ("eu-central-1", "eu-west-1"):
        cloudtrail(region, [])
    cloudtrail("us-east-1", [event("TerminateInstances", ENDED)])
    assert missing({INSTANCE: named})["past"]["place"]["region"] == "us-east-1"


def test_a_member_s_events_are_the_member_s(members, missing, cloudtrail):
    members(MEMBER)
    home = cloudtrail("eu-west-1", [])
    cloudtrail("eu-west-1", [event("TerminateInstances", ENDED)], MEMBER)
    past = missing({INSTANCE: "eu-west-1"}, accounts=[MEMBER])["past"]
    assert past["place"] == {"account_id": MEMBER, "region": "eu-west-1"}
    assert home == []


@pytest.mark.usefixtures("moto")
def test_a_refusal_is_told_and_stops_nothing(missing, cloudtrail):
    cloudtrail("eu-west-1", [], error="AccessDeniedException")
    past = missing({INSTANCE: "eu-west-1"})["past"]
    assert (past["place"], past["search"]["searched"]) == (None, [])
    assert "AccessDeniedException said AWS" in refusals(past)


@pytest.mark.usefixtures("moto")
def test_nobody_waits_for_a_slow_cloudtrail(missing, cloudtrail, monkeypatch):
    """An instance that the same notice names waits to be contained."""
    monkeypatch.setattr(instance_history, "_SECONDS", 0.2)

    over = threading.Event()

    def slowly(_):
        over.wait(30)
        return []

    cloudtrail("eu-west-1", slowly)
    past = missing({INSTANCE: "eu-west-1"})["past"]
    over.set()
    assert refusals(past) == f"eu-west-1 of {ACCOUNT} could not be searched: no answer within 0.2 s"


@pytest.mark.usefixtures("moto")
def test_of_many_instances_the_first_few_are_asked_about(call, case, cloudtrail, configure):
    configure(regions=("eu-west-1",))
    asked = cloudtrail("eu-west-1", [])
    instances = [{"instance_id": f"i-{number:017x}", "region": "eu-west-1"} for number in range(12)]
    found = call("contain", "Find instances", tried=2, case={**case, "instances": instances})["missing"]
    assert [one["past"] is not None for one in found] == [True] * 4 + [False] * 8
    assert len(asked) == 4


def test_what_its_group_launched_since_is_named(fleet, missing, cloudtrail):
    for instance_id, hours in ((OTHER, 24 * 20), (THIRD, 24)):
        fleet.launch(instance_id=instance_id)
        fleet.age(instance_id, hours=hours)
    fleet.scale(OTHER, name="web")
    fleet.client("autoscaling", fleet.region).attach_instances(AutoScalingGroupName="web", InstanceIds=[THIRD])
    tags = {
        "aws:autoscaling:groupName": "web",
        "aws:ec2launchtemplate:id": "lt-0",
        "aws:ec2launchtemplate:version": "1",
    }
    cloudtrail("eu-central-1", [event("RunInstances", STARTED, tags)])
    successors = missing({INSTANCE: "eu-central-1"})["past"]["successors"]
    assert (successors["group"], successors["instance_ids"]) == ("web", [THIRD])
    assert english(Phrase.from_json(successors["template"])) == "launch template lt-0 version 1"


@pytest.mark.usefixtures("moto")
def test_a_group_that_is_gone_too_is_said_to_be_so(missing, cloudtrail):
    cloudtrail("eu-central-1", [event("RunInstances", STARTED, {"aws:autoscaling:groupName": "web"})])
    assert (
        english(Phrase.from_json(missing({INSTANCE: "eu-central-1"})["past"]["successors"]["problem"]))
        == "the group is gone, too"
    )


def test_a_group_that_may_not_be_looked_at_is_said_so(moto, missing, cloudtrail, refuse):
    refuse(moto("autoscaling", "eu-central-1"), "DescribeAutoScalingGroups", "AccessDenied")
    cloudtrail("eu-central-1", [event("RunInstances", STARTED, {"aws:autoscaling:groupName": "web"})])
    assert "AccessDenied said AWS" in english(
        Phrase.from_json(missing({INSTANCE: "eu-central-1"})["past"]["successors"]["problem"])
    )
