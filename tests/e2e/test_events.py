"""Others hear of a case: a rule of somebody's on the bus gets each entry that one mail leads to."""

import json

import pytest

from tests.docs.test_events import wrong
from tests.e2e.notices import fresh, notice
from tests.e2e.waiting import eventually


@pytest.fixture
def heard(responder):
    """The details of the events of a case, as a rule on the bus sends them to a queue."""
    client = responder.emulators.client
    (bus,) = [
        eventbuse for eventbuse in client("events").list_event_buses()["EventBuses"] if eventbuse["Name"] != "default"
    ]
    queue = client("sqs").create_queue(QueueName="others")["QueueUrl"]
    arn = client("sqs").get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    client("events").put_rule(
        Name="others", EventBusName=bus["Name"], EventPattern=json.dumps({"source": ["abuse-responder"]})
    )
    client("events").put_targets(Rule="others", EventBusName=bus["Name"], Targets=[{"Id": "queue", "Arn": arn}])

    def of(case, whats):
        found = []

        def more():
            got = client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
            for message in got.get("Messages", ()):
                client("sqs").delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
                event = json.loads(message["Body"])
                assert event["detail-type"] == "Abuse case changed"
                if event["detail"]["case"] == case:
                    found.append(event["detail"])
            return found

        return eventually(more, lambda events: {update["entry"]["kind"] for update in events} == whats)

    return of


def test_a_rule_gets_each_entry_of_a_case(play, heard):
    case, instance_id = fresh()

    play(notice(case, instance_id))

    events = heard(case, {"notice", "contained"})
    assert [mistake for event in events for mistake in wrong(event)] == []
    told = {(update["entry"]["kind"], update["entry"]["resource"], update["state"]) for update in events}
    assert told == {("notice", "", "open"), ("contained", instance_id, "open")}
