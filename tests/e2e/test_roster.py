"""The roster, deployed: an admin is taken off as a mail scanner would, is subscribed again, and the others are told."""

import json

import pytest

from tests.e2e.waiting import eventually

BEN = ("email", "ben@example.com")


@pytest.fixture
def outputs(responder):
    """What the stack puts out."""
    (stack,) = responder.emulators.client("cloudformation").describe_stacks(StackName="AbuseResponder")["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


@pytest.fixture
def check(responder, outputs):
    """Run the roster as its schedule does; returns what it put out and what the admins got."""

    def run():
        responder.inboxes.collect()
        steps = responder.emulators.client("stepfunctions")
        started = steps.start_execution(stateMachineArn=outputs["RosterMachine"])["executionArn"]
        ended = eventually(
            lambda: steps.describe_execution(executionArn=started), lambda execution: execution["status"] != "RUNNING"
        )
        assert ended["status"] == "SUCCEEDED", ended
        return json.loads(ended["output"]), responder.inboxes.wait(1, seconds=2)

    return run


def subscribed(responder, topic):
    """The admins' subscriptions of a topic, each with its ARN and filter: queues are the rehearsal's own inboxes."""
    sns, found = responder.emulators.client("sns"), {}
    for subscription in sns.list_subscriptions_by_topic(TopicArn=topic)["Subscriptions"]:
        attributes = sns.get_subscription_attributes(SubscriptionArn=subscription["SubscriptionArn"])["Attributes"]
        if subscription["Protocol"] != "sqs":
            policy = json.loads(attributes.get("FilterPolicy") or "null")
            found[subscription["Protocol"], subscription["Endpoint"]] = (subscription["SubscriptionArn"], policy)
    return found


def test_who_is_taken_off_is_subscribed_again_and_the_others_are_told(responder, outputs, check):
    before = {name: subscribed(responder, outputs[name]) for name in ("AdminsTopic", "AlarmsTopic")}
    _, first = check()
    # The inboxes of the rehearsal are queues that the settings do not name; that is told, and nothing else.
    assert {message.subject for message in first} == {"WARNING: somebody else gets the messages to the admins"}

    sns = responder.emulators.client("sns")
    for name in before:
        sns.unsubscribe(SubscriptionArn=before[name][BEN][0])
        assert BEN not in subscribed(responder, outputs[name])
    told, messages = check()
    for name, there in before.items():
        after = subscribed(responder, outputs[name])
        assert {place: policy for place, (_, policy) in after.items()} == {
            place: policy for place, (_, policy) in there.items()
        }
        assert after[BEN][0] != there[BEN][0]
    assert told["outcome"] == "done"
    (ada,) = [message for message in messages if message.admin == "ada@example.com"]
    assert ada.subject == "ACTION: messages do not reach Ben Backup"
    assert "Ben Backup, ben@example.com: mails about cases were UNSUBSCRIBED" in ada.body
    assert "Ben Backup, ben@example.com: mails about the responder's own problems were UNSUBSCRIBED" in ada.body
    assert "python -m desk confirm 'LINK'" in ada.body

    # MiniStack confirms by itself; on AWS this comes once Ben has.
    again, messages = check()
    assert {message.subject for message in messages} == {"WARNING: somebody else gets the messages to the admins"}
    assert "FIXED SINCE\n  Ben Backup, ben@example.com: mails about cases" in messages[0].body
    assert again["outcome"] == "done"
    assert check()[0]["outcome"] == "skipped"


def test_the_schedule_and_the_log_of_sms_are_deployed(responder, outputs):
    scheduler = responder.emulators.client("scheduler")
    (schedule,) = scheduler.list_schedules()["Schedules"]
    target = scheduler.get_schedule(Name=schedule["Name"])["Target"]
    assert target["Arn"] == outputs["RosterMachine"]
    assert outputs["SmsDeliveryLog"] == "Failed SMS are logged by our role from now on."
    attributes = responder.emulators.client("sns").get_sms_attributes()["attributes"]
    assert ":role/" in attributes["DeliveryStatusIAMRole"]
