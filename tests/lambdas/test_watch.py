"""The watch over a contained instance from its input to its end: the machine in this process, the handlers on Moto."""

import json

import pytest

from lambdas import case_table
from tests.execution import execute
from tests.lambdas.contain.fleet import ALL_OUT, Fleet
from tests.samples import ACCOUNT, ARRIVAL, CASE, INSTANCE, PROVEN, notice
from tests.stacks.assembly import golden

pytestmark = pytest.mark.usefixtures("table", "buckets")

DEFINITION = json.loads(golden("watch").read_text())
RESPOND = f"arn:aws:states:eu-central-1:{ACCOUNT}:stateMachine:respond"


@pytest.fixture
def fleet(moto):
    return Fleet(moto, "eu-central-1")


@pytest.fixture
def contained(fleet, call, case, moto, configure):
    """An instance that was contained, and the input of its watch."""
    configure(admins_topic=moto("sns").create_topic(Name="admins")["TopicArn"])
    instance = fleet.launch()
    for step in ("Start snapshots", "Quarantine network"):
        call("contain", step, case=case, instance=instance.to_json(), prepared={})
    at = call("contain", "Verify quarantine", case=case, instance=instance.to_json())["at"]
    return {
        "arrival": ARRIVAL.to_json(),
        "notice": notice().to_json(),
        "proof": PROVEN.to_json(),
        "case": {
            **case,
            "instances": [{"instance_id": INSTANCE, "region": None}],
            "deadline": {"at": "2026-11-17T07:42:08+00:00", "stated": False},
        },
        "instance": instance.to_json(),
        "contained_at": at,
        "respond": RESPOND,
        "minutes": [10, 60],
        "looks": [10, 70, 130],
    }


def opened(fleet):
    """Open the quarantine group."""
    (group,) = set(fleet.carried().values()).pop()
    fleet.ec2.authorize_security_group_egress(GroupId=group, IpPermissions=ALL_OUT)


def watched():
    """What the case says of each look: the minute with the status, "snapshots" with what was next."""
    prefix = f"watch#{INSTANCE}#"
    items = {
        sort.removeprefix(prefix): one for sort, one in case_table.read_items(CASE).items() if sort.startswith(prefix)
    }
    return {name: one.get("status") or one["next"] for name, one in items.items()}


def subjects(execution):
    return [message.subject for message in execution.messages if message.channel == "email"]


def test_what_holds_is_checked_as_often_as_is_set_and_nobody_is_told(contained):
    ended = execute(DEFINITION, contained)
    assert (ended.status, ended.messages) == ("SUCCEEDED", [])
    assert watched() == {"10": "holds", "60": "holds", "snapshots": "end"}
    assert len(ended.attempts("Check quarantine")) == 2
    assert len(ended.attempts("Check snapshots")) == 1
    # What Step Functions bills: here with one check more than by default.
    assert len(ended.states) == 15


def test_each_check_that_finds_it_broken_tells_the_admins(contained, fleet):
    opened(fleet)
    ended = execute(DEFINITION, contained)
    assert ended.status == "SUCCEEDED"
    assert subjects(ended) == 2 * [f"URGENT: quarantine of {INSTANCE} does not hold (case {CASE})"]
    assert [message.channel for message in ended.messages] == ["email", "sms", "email", "sms"]
    assert watched() == {"10": "broken", "60": "broken", "snapshots": "end"}
    assert f"python -m desk approve {CASE} {INSTANCE}" in ended.messages[0].text


def test_a_release_ends_it_in_silence_with_the_reason_in_the_case(contained, fleet):
    opened(fleet)
    case_table.write_once(CASE, f"release#{INSTANCE}#1", {"at": "2099-01-01T00:00:00+00:00", "by": "ada"})
    ended = execute(DEFINITION, contained)
    assert (ended.status, ended.messages) == ("SUCCEEDED", [])
    assert watched() == {"10": "released", "snapshots": "end"}
    assert "released at 01 Jan 2099 00:00:00 UTC by ada" in case_table.read_item(CASE, f"watch#{INSTANCE}#10")["words"]


def test_what_is_gone_is_told_once(contained, fleet):
    fleet.ec2.terminate_instances(InstanceIds=[INSTANCE])
    ended = execute(DEFINITION, contained)
    assert subjects(ended) == [f"WARNING: contained {INSTANCE} is gone (case {CASE})"]
    assert watched() == {"10": "gone", "snapshots": "end"}


def test_what_cannot_be_looked_at_is_told_and_looked_at_again(contained):
    def refuse(call):
        if call.step == "Check quarantine" and call.operation == "DescribeNetworkInterfaces":
            raise call.refuse("UnauthorizedOperation")

    ended = execute(DEFINITION, contained, before=refuse)
    assert ended.status == "SUCCEEDED"
    assert len(ended.attempts("Check quarantine")) == 2 * 5
    assert subjects(ended) == 2 * [f"WARNING: quarantine of {INSTANCE} could not be checked (case {CASE})"]
    assert "UnauthorizedOperation" in ended.messages[0].text


def test_pending_snapshots_are_waited_for(contained, fleet):
    snapshot = next(iter(fleet.snapshot_ids()))
    fleet.show_snapshot(snapshot, "pending", progress="37%")

    def complete(call):
        if call.step == "Check snapshots" and call.operation == "PutItem":
            fleet.show_snapshot(snapshot, "completed")

    ended = execute(DEFINITION, contained, after=complete)
    assert (ended.status, ended.messages) == ("SUCCEEDED", [])
    assert len(ended.attempts("Check snapshots")) == 2
    assert watched()["snapshots"] == "end"


def test_snapshots_that_do_not_come_are_told_when_the_time_is_over(contained, fleet):
    fleet.show_snapshot(next(iter(fleet.snapshot_ids())), "pending", progress="37%")
    ended = execute(DEFINITION, contained)
    assert len(ended.attempts("Check snapshots")) == 3
    assert subjects(ended) == [f"ACTION: snapshots of {INSTANCE} are not complete (case {CASE})"]
    assert ": pending, 37%" in ended.messages[0].text


def test_a_snapshot_that_failed_is_told(contained, fleet):
    fleet.show_snapshot(next(iter(fleet.snapshot_ids())), "error", message="Client.InternalError")
    ended = execute(DEFINITION, contained)
    assert subjects(ended) == [f"ACTION: snapshots of {INSTANCE} are not complete (case {CASE})"]
    assert "error (Client.InternalError)" in ended.messages[0].text


def test_copies_are_made_and_looked_at_where_the_settings_ask(contained, fleet, configure):
    configure(snapshot_copy_key="alias/forensics")
    ended = execute(DEFINITION, contained)
    assert (ended.status, ended.messages) == ("SUCCEEDED", [])
    assert len(fleet.copies()) == 2
    assert len(ended.attempts("Copy snapshots")) == 1
    assert len(ended.attempts("Check snapshots")) == 2


def test_a_copy_that_is_refused_is_told_at_once(contained, configure):
    configure(snapshot_copy_key="alias/forensics")

    def refuse(call):
        if call.operation == "CopySnapshot":
            raise call.refuse("UnauthorizedOperation")

    ended = execute(DEFINITION, contained, before=refuse)
    assert subjects(ended) == [f"ACTION: snapshots of {INSTANCE} are not complete (case {CASE})"]
    assert "UnauthorizedOperation" in ended.messages[0].text


def test_an_alarm_that_cannot_be_sent_fails_the_execution(contained, fleet):
    """The alarm on failed executions goes over a topic of its own."""
    opened(fleet)

    def refuse(call):
        if call.operation == "Publish":
            raise call.refuse("InternalError")

    ended = execute(DEFINITION, contained, before=refuse)
    assert (ended.status, ended.error) == ("FAILED", "AdminsNotTold")
    assert len(ended.attempts("Alert admins")) == 8
    assert watched()["10"] == "broken"


@pytest.mark.parametrize("minutes", [[10], [1, 2, 3], list(range(1, 11))])
def test_it_comes_to_an_end_whatever_it_finds(contained, fleet, minutes):
    opened(fleet)
    fleet.show_snapshot(next(iter(fleet.snapshot_ids())), "pending")
    ended = execute(DEFINITION, {**contained, "minutes": minutes, "looks": list(range(1, 50))})
    assert ended.status == "SUCCEEDED"
    assert len(ended.attempts("Check quarantine")) == len(minutes)
    assert len(ended.attempts("Check snapshots")) == 49
