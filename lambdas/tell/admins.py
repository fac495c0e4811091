"""The admins on the list, reached through one topic: each subscription filters by channel, language and addressee."""

import os
from collections.abc import Callable
from typing import Any

from lambdas.aws import client
from lambdas.domain.clock import EVERYBODY
from lambdas.domain.messages import CATALOGUE, Message, Voice


def tell(write: Callable[[Voice], Message], *, to: str = EVERYBODY) -> dict[str, Any]:
    """Write the message in each language that an admin reads and publish it; returns the ids that SNS gave.

    `to` is everybody, or the address of one admin in lower case.
    """
    message_ids = []
    for language in os.environ["LANGUAGES"].split(","):
        message = write(CATALOGUE[language])
        message_ids.append(_publish("email", language, to, Message=message.body, Subject=message.subject))
        if message.sms:
            message_ids.append(_publish("sms", language, to, Message=message.sms))
    return {"outcome": "done", "words": f"published as {', '.join(message_ids)}"}


def _publish(channel: str, language: str, to: str, **words: str) -> str:
    # SNS sends an SMS as promotional unless told otherwise, and carriers hold those back at night.
    # https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html
    attributes = {"channel": channel, "language": language, "to": to, "AWS.SNS.SMS.SMSType": "Transactional"}
    answer = client("sns").publish(
        TopicArn=os.environ["ADMINS_TOPIC"],
        MessageAttributes={key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()},
        **words,
    )
    return str(answer["MessageId"])
