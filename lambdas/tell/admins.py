"""The admins on the list, reached through one topic: each subscription filters what is for somebody else."""

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Logger
from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.domain.case.clock import ALL_ADMINS
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.language.language import Language
from lambdas.domain.messages import Message
from lambdas.domain.settings.function_config import TellConfig
from lambdas.load_config import load_config

logger = Logger(service="tell", child=True)


def send_to_admins(write: Callable[[Language], Message], *, to: str = ALL_ADMINS) -> dict[str, Any]:
    """Write the message for each audience, a language and a time zone, and publish it; returns the ids that SNS gave.

    `to` is everybody, or the address of one admin in lower case. A refused SMS is reported, not retried: a retry would
    send every admin the same mail again.
    """
    message_ids, refused = [], []
    for language, time_zone in load_config(TellConfig).audiences:
        message = write(CATALOGUE[language].at(time_zone))
        audience = {"language": language, "time_zone": time_zone, "to": to}
        message_ids.append(_publish("email", audience, Message=message.body, Subject=message.subject))
        if message.sms:
            try:
                message_ids.append(_publish("sms", audience, Message=message.sms))
            except ClientError as error:
                logger.warning("an SMS was refused", extra={"audience": audience, "error": str(error)})
                refused.append(f"; SMS refused: {error}")
    words = f"published as {', '.join(message_ids)}{''.join(refused)}"
    return {"outcome": "failed" if refused else "done", "words": words}


def send_to_alarms_topic(write: Callable[[Language], Message]) -> None:
    """Publish the mail to the topic of the alarms as well, which has no filters: once for each language, in UTC."""
    config = load_config(TellConfig)
    for language in dict.fromkeys(language for language, _ in config.audiences):
        message = write(CATALOGUE[language])
        client("sns").publish(TopicArn=config.alarms_topic, Message=message.body, Subject=message.subject)


def _publish(channel: str, audience: Mapping[str, str], **words: str) -> str:
    # By default SNS sends an SMS as promotional, and carriers hold those back at night.
    # https://docs.aws.amazon.com/sns/latest/dg/sms_sending-overview.html
    attributes = {"channel": channel, **audience, "AWS.SNS.SMS.SMSType": "Transactional"}
    addressed = {
        "TopicArn": load_config(TellConfig).admins_topic,
        "MessageAttributes": {key: {"DataType": "String", "StringValue": value} for key, value in attributes.items()},
    }
    try:
        answer = client("sns").publish(**addressed, **words)
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidParameter" or "Subject" not in words:
            raise
        # Better a mail without its subject than none: which subjects SNS accepts has changed before.
        answer = client("sns").publish(**addressed, Message=words["Message"])
    return str(answer["MessageId"])
