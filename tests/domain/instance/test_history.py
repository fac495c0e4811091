"""What CloudTrail's events tell of an instance that is gone. The records are shaped as CloudTrail writes them."""

import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import pytest

from lambdas.domain.instance.history import InstanceHistory
from lambdas.domain.instance.search import AccountRegion, Search
from lambdas.domain.phrase import phrase
from tests.samples import ACCOUNT, INSTANCE, english

HERE = AccountRegion(ACCOUNT, "eu-west-1")
SEARCH = Search.of([HERE], {})
STARTED, ENDED = datetime(2026, 11, 1, 10, 0, tzinfo=UTC), datetime(2026, 11, 16, 7, 0, tzinfo=UTC)
AUTO_SCALING = {
    "type": "AssumedRole",
    "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/AWSServiceRoleForAutoScaling/AutoScaling",
    "invokedBy": "autoscaling.amazonaws.com",
}
ALICE = {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/alice", "userName": "alice"}


def event(name, at, identity, **more):
    record = {"eventName": name, "userIdentity": identity, **more}
    return {"EventName": name, "EventTime": at, "Username": "somebody", "CloudTrailEvent": json.dumps(record)}


def started(identity=AUTO_SCALING, tags=(), instance_id=INSTANCE):
    items = [
        {"instanceId": "i-0another", "tagSet": {"items": [{"key": "aws:autoscaling:groupName", "value": "not-mine"}]}},
        {"instanceId": instance_id, "tagSet": {"items": [{"key": key, "value": value} for key, value in tags]}},
    ]
    return event("RunInstances", STARTED, identity, responseElements={"instancesSet": {"items": items}})


TERMINATED = event("TerminateInstances", ENDED, ALICE)
IN_GROUP = [
    ("aws:ec2launchtemplate:id", "lt-0a1"),
    ("aws:ec2launchtemplate:version", "3"),
    ("aws:autoscaling:groupName", "web"),
]


def past(*events, search=SEARCH):
    return InstanceHistory(search).with_events(events, INSTANCE, HERE)


def test_started_by_auto_scaling_and_terminated_by_a_person():
    told = past(TERMINATED, started(tags=IN_GROUP))
    assert (told.group, english(told.template)) == ("web", "launch template lt-0a1 version 3")
    assert english(told.summary) == (
        f"CloudTrail in eu-west-1 of {ACCOUNT} shows that it was ours: "
        "started 01 Nov 2026 10:00:00 UTC by autoscaling.amazonaws.com, in Auto Scaling group web, "
        f"terminated 16 Nov 2026 07:00:00 UTC by arn:aws:iam::{ACCOUNT}:user/alice"
    )


def test_without_a_tag_there_is_no_group():
    assert (past(started(ALICE)).group, past(started(ALICE)).template) == ("", None)


def test_an_end_that_nobody_asked_for():
    """A shutdown from inside, or EC2 that takes a Spot instance back, is no call of TerminateInstances."""
    assert "no event shows who ended it: it may have shut itself down" in english(past(started(ALICE)).summary)


def test_a_start_that_cloudtrail_forgot():
    assert english(past(TERMINATED).summary).endswith(
        f"shows that it was ours: terminated 16 Nov 2026 07:00:00 UTC by {ALICE['arn']}"
    )


def test_any_call_that_was_not_refused_shows_that_it_was_ours():
    assert past(event("CreateTags", ENDED, ALICE)).place == HERE


def test_a_refused_call_shows_nothing():
    """Anybody may ask to terminate an instance of somebody else."""
    refused = event("TerminateInstances", ENDED, ALICE, errorCode="Client.InvalidInstanceID.NotFound")
    told = past(refused)
    assert told.place is None
    assert english(told.summary) == (
        f"CloudTrail shows no event about it in 90 days (eu-west-1 of {ACCOUNT} searched): "
        "it was never here, or has been gone for longer"
    )


def test_the_first_of_several_terminations_counts():
    """Terminating what is terminated succeeds, for as long as EC2 shows it."""
    again = event("TerminateInstances", ENDED + timedelta(minutes=5), AUTO_SCALING)
    assert past(again, TERMINATED).terminated_by == ALICE["arn"]


@pytest.mark.parametrize("answer", [None, {}, {"instancesSet": None}, {"instancesSet": {"items": [{}]}}])
def test_a_record_without_the_expected_parts_is_no_error(answer):
    told = past(event("RunInstances", STARTED, {}, responseElements=answer))
    assert (told.launched_by, told.group) == ("somebody", "")


def test_where_cloudtrail_did_not_answer_nobody_can_tell():
    silent = InstanceHistory(Search.of([], {HERE: phrase("search:no_answer", seconds="4")}))
    assert english(silent.summary) == (
        "it is not known whether it was ever here, because CloudTrail did not answer: nothing searched; "
        f"eu-west-1 of {ACCOUNT} could not be searched: no answer within 4 s"
    )


@pytest.mark.parametrize("told", [InstanceHistory(SEARCH), past(TERMINATED, started(tags=IN_GROUP))])
def test_it_is_handed_on_exactly(told):
    assert InstanceHistory.from_json(json.loads(json.dumps(asdict(told)))) == told
