"""The admins' topic, with a queue for each channel and language as the subscriptions filter them."""

import json
from types import SimpleNamespace

import pytest


@pytest.fixture
def admins(moto, configure):
    """Every message that the admins get, by (channel, language)."""
    sns, sqs = moto("sns"), moto("sqs")
    topic = sns.create_topic(Name="admins")["TopicArn"]
    configure(admins_topic=topic)
    queues = {}
    for channel in ("email", "sms"):
        for language in ("en", "ja"):
            url = sqs.create_queue(QueueName=f"{channel}-{language}")["QueueUrl"]
            arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
            policy = json.dumps({"channel": [channel], "language": [language]})
            sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn, Attributes={"FilterPolicy": policy})
            queues[channel, language] = url

    def received(channel="email", language="en"):
        answer = sqs.receive_message(QueueUrl=queues[channel, language], MaxNumberOfMessages=10)
        bodies = [json.loads(one["Body"]) for one in answer.get("Messages", [])]
        return [SimpleNamespace(subject=one.get("Subject"), text=one["Message"]) for one in bodies]

    return received


@pytest.fixture
def only_mail(admins):
    """The one message that came, by e-mail alone."""

    def get():
        assert admins("sms") == []
        (one,) = admins("email")
        return one

    return get
