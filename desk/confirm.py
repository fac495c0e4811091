"""`desk confirm LINK`: confirm a subscription to the admins' topics so that an opened link cannot cancel it."""

import json
from typing import Any, TextIO

import boto3
from botocore.exceptions import ClientError

from desk.deployed import explain_aws_errors, outputs
from desk.errors import DeskError
from lambdas.domain.admins.confirmation import (
    InvalidConfirmationLink,
    SubscriptionConfirmation,
    parse_confirmation_link,
)

_MESSAGES = {"AdminsTopic": "the mails about cases", "AlarmsTopic": "the mails about the responder's own problems"}
# SNS's errors for a token that has expired, or was used by somebody who opened the link.
_TOO_LATE = {"InvalidParameter", "InvalidParameterException", "NotFound"}


def confirm(link: str, out: TextIO, *, as_json: bool) -> int:
    """Confirm with a call signed by the admin, and print what is confirmed now. The link itself is not opened.

    Raises DeskError if the link is not SNS's for one of our topics, if its token has expired, or if AWS refuses.
    """
    with explain_aws_errors("Confirm"):
        deployed = outputs()
        topics = {deployed[name]: messages for name, messages in _MESSAGES.items() if name in deployed}
        try:
            confirmation = parse_confirmation_link(link, topics)
        except InvalidConfirmationLink as error:
            raise DeskError(f"{error}") from error
        sns = boto3.client("sns")
        arn = _confirmed(sns, confirmation)
        attributes = sns.get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    guarded = str(attributes.get("ConfirmationWasAuthenticated")).lower() == "true"
    if as_json:
        summary = {
            "topic": confirmation.topic,
            "subscription": arn,
            "endpoint": attributes["Endpoint"],
            "guarded": guarded,
        }
        print(json.dumps(summary, indent=2), file=out)
    else:
        print(_words(attributes["Endpoint"], topics[confirmation.topic], guarded=guarded, arn=arn), file=out)
    return 0 if guarded else 1


def _confirmed(sns: Any, confirmation: SubscriptionConfirmation) -> str:
    """The ARN of the subscription. https://docs.aws.amazon.com/sns/latest/api/API_ConfirmSubscription.html"""
    try:
        answer = sns.confirm_subscription(
            TopicArn=confirmation.topic, Token=confirmation.token, AuthenticateOnUnsubscribe="true"
        )
    except ClientError as error:
        if error.response["Error"]["Code"] not in _TOO_LATE:
            raise
        raise DeskError(
            f"SNS refused this link: {error.response['Error']['Message']}. It is valid for two days. "
            "The daily check sends a new one to everybody who is not confirmed; use the newest mail"
        ) from error
    return str(answer["SubscriptionArn"])


def _words(endpoint: str, messages: str, *, guarded: bool, arn: str) -> str:
    if guarded:
        return f"{endpoint} gets {messages} from now on, and no link in them can cancel that."
    return (
        f"{endpoint} gets {messages}, but was confirmed without a signature earlier: anybody who opens the "
        "unsubscribe link in one of them cancels it. To confirm it again, unsubscribe it, and use the link that the "
        f"daily check sends the next day: aws sns unsubscribe --subscription-arn {arn}"
    )
