"""`desk confirm LINK`: confirm a subscription of the admins' topics, so that no opened link takes it off again."""

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
# What SNS answers to a token that is too old, or used up by somebody who has opened the link.
_TOO_LATE = {"InvalidParameter", "InvalidParameterException", "NotFound"}


def confirm(link: str, out: TextIO, *, as_json: bool) -> int:
    """Confirm by a call that is signed as the admin, and print what is confirmed now. The link itself is not opened.

    Raises DeskError where the link is none of SNS's for our topics, where its token is too old, and where AWS refuses.
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
            f"SNS does not take this link: {error.response['Error']['Message']}. It is good for two days and for one "
            "topic. The daily check has a new one sent to whoever is not confirmed; take the newest mail"
        ) from error
    return str(answer["SubscriptionArn"])


def _words(endpoint: str, messages: str, *, guarded: bool, arn: str) -> str:
    if guarded:
        return f"{endpoint} gets {messages} from now on, and no link in them takes it off."
    return (
        f"{endpoint} gets {messages}, but was confirmed before without a signature: whoever opens the link to "
        "unsubscribe in any of them takes it off. To confirm it anew, take it off, and use the link that the daily "
        f"check has sent the next day: aws sns unsubscribe --subscription-arn {arn}"
    )
