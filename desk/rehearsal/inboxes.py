"""The admins' inboxes: a queue for each mail address and phone number, subscribed with the admin's filter.

MiniStack does not keep the mails and SMS of a topic, so each subscription gets a second one with a queue.
"""

import json
import time
from dataclasses import dataclass

from desk.rehearsal.deployment import Deployment
from desk.rehearsal.emulators import Emulators


@dataclass(frozen=True)
class ReceivedMessage:
    """A message to an admin. An SMS has no subject."""

    admin: str
    channel: str
    subject: str
    body: str


class Inboxes:
    """A queue for each subscription in the template."""

    def __init__(self, emulators: Emulators, deployment: Deployment) -> None:
        self._sqs = emulators.client("sqs")
        sns = emulators.client("sns")
        self._queues: list[tuple[str, str, str]] = []
        subscriptions = sns.list_subscriptions_by_topic(TopicArn=deployment.admins_topic)["Subscriptions"]
        for number, subscription in enumerate(subscriptions):
            attributes = sns.get_subscription_attributes(SubscriptionArn=subscription["SubscriptionArn"])["Attributes"]
            url = self._sqs.create_queue(QueueName=f"inbox-{number}")["QueueUrl"]
            arn = self._sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            sns.subscribe(
                TopicArn=deployment.admins_topic,
                Protocol="sqs",
                Endpoint=arn,
                Attributes={"FilterPolicy": attributes["FilterPolicy"]},
            )
            self._queues.append((subscription["Endpoint"], subscription["Protocol"], url))

    def collect(self) -> list[ReceivedMessage]:
        """Take out all new messages, in the order of publication."""
        received: list[tuple[str, ReceivedMessage]] = []
        for admin, protocol, url in self._queues:
            while messages := self._sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages"):
                for message in messages:
                    self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
                    envelope = json.loads(message["Body"])
                    received.append(
                        (
                            envelope["Timestamp"],
                            ReceivedMessage(admin, protocol, envelope.get("Subject") or "", envelope["Message"]),
                        )
                    )
        return [message for _, message in sorted(received, key=lambda pair: pair[0])]

    def wait(self, count: int, seconds: float = 5) -> list[ReceivedMessage]:
        """Collect until `count` messages have come or the time is over."""
        received, end = self.collect(), time.monotonic() + seconds
        while len(received) < count and time.monotonic() < end:
            time.sleep(0.05)
            received += self.collect()
        return received
