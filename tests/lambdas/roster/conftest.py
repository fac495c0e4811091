"""Both topics with a subscription for each admin as the template makes them, and SNS's sandbox for SMS."""

import json

import pytest
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from lambdas.domain.admins.roster import AdminTopic, expected_subscriptions
from lambdas.domain.settings.settings import Admin
from tests.lambdas.conftest import HOME
from tests.sandbox import Sandbox

ADMINS = (
    Admin("Ada Admin", "ada@example.com", "+12025550123", "en", "UTC"),
    Admin("Ben Backup", "ben@example.com", None, "ja", "Asia/Tokyo"),
)
FAILURES = f"sns/{HOME}/1/DirectPublishToPhoneNumber/Failure"
TOPIC_FAILURES = f"sns/{HOME}/1/admins/Failure"


class Subscriptions:
    """The subscriptions in Moto's SNS, which confirms each by itself."""

    def __init__(self, sns):
        self.sns = sns
        self.topics = {topic: sns.create_topic(Name=topic)["TopicArn"] for topic in AdminTopic}
        for one in expected_subscriptions(ADMINS):
            self.subscribe(one.topic, one.protocol, one.endpoint, one.policy)

    def subscribe(self, topic, protocol, endpoint, policy=None):
        attributes = {"FilterPolicy": json.dumps(policy)} if policy else {}
        return self.sns.subscribe(
            TopicArn=self.topics[topic], Protocol=protocol, Endpoint=endpoint, Attributes=attributes
        )["SubscriptionArn"]

    def there(self):
        """Each subscription with its filter, by topic, protocol and endpoint."""
        return {
            (topic, one["Protocol"], one["Endpoint"]): json.loads(self.attributes(one).get("FilterPolicy", "null"))
            for topic, arn in self.topics.items()
            for one in self.sns.list_subscriptions_by_topic(TopicArn=arn)["Subscriptions"]
        }

    def attributes(self, one):
        return self.sns.get_subscription_attributes(SubscriptionArn=one["SubscriptionArn"])["Attributes"]

    def take_off(self, *places):
        for one in self._of(*places):
            self.sns.unsubscribe(SubscriptionArn=one.arn)

    def leave_unconfirmed(self, *places):
        """SNS lists them without an ARN then."""
        for one in self._of(*places):
            one.arn = "PendingConfirmation"

    def _of(self, *places):
        wanted_ones = {(self.topics[topic], protocol, endpoint) for topic, protocol, endpoint in places}
        known = sns_backends[DEFAULT_ACCOUNT_ID][HOME].subscriptions
        return [one for one in list(known.values()) if (one.topic.arn, one.protocol, one.endpoint) in wanted_ones]


@pytest.fixture
def sandbox():
    """SNS's sandbox for SMS; the account is out of it."""
    yield Sandbox
    Sandbox.lets_go()


@pytest.fixture
def subscriptions(moto, table, sandbox, configure):  # noqa: ARG001  what the check needs beside them
    """Every admin is subscribed, as the settings say."""
    made = Subscriptions(moto("sns"))
    configure(
        admins=ADMINS,
        admins_topic=made.topics[AdminTopic.CASES],
        alarms_topic=made.topics[AdminTopic.ALARMS],
        sms_failures=(FAILURES, TOPIC_FAILURES),
    )
    return made
