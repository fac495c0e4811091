"""All admins on the list, reached through one topic: each subscription filters by channel and language."""

import os
from collections.abc import Callable
from types import ModuleType
from typing import Any

from lambdas.aws import client
from lambdas.domain.messages import CATALOGUE, Message


def tell(write: Callable[[ModuleType], Message]) -> dict[str, Any]:
    """Write the message in each language that an admin reads and publish it; returns the ids that SNS gave."""
    message_ids = []
    for language in os.environ["LANGUAGES"].split(","):
        message = write(CATALOGUE[language])
        message_ids.append(_publish("email", language, Message=message.body, Subject=message.subject))
        if message.sms:
            message_ids.append(_publish("sms", language, Message=message.sms))
    return {"outcome": "done", "words": f"published as {', '.join(message_ids)}"}


def _publish(channel: str, language: str, **words: str) -> str:
    # SNS sends an SMS as promotional unless told otherwise, and carriers hold those back at night.
    # https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html
    attributes = {"channel": channel, "language": language, "AWS.SNS.SMS.SMSType": "Transactional"}
    answer = client("sns").publish(
        TopicArn=os.environ["ADMINS_TOPIC"],
        MessageAttributes={key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()},
        **words,
    )
    return str(answer["MessageId"])
