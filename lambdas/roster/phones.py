"""What SNS knows about the admins' phones: opted out, verified in the sandbox, and failed SMS."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.domain.admins.roster import PhoneStatus
from lambdas.domain.settings.function_config import SmsFailuresConfig
from lambdas.load_config import load_config

# A little more than the day between two checks.
_LOOK_BACK = timedelta(hours=25)
_MAX_EVENTS = 1_000


def phone_status(numbers: Sequence[str]) -> PhoneStatus:
    """Ask SNS about these numbers. A refusal becomes `problem`, so that findings about mail are still reported.

    SNS has no SMS in some Regions: https://docs.aws.amazon.com/sns/latest/dg/sns-supported-regions-countries.html
    """
    if not numbers:
        return PhoneStatus()
    sns = client("sns")
    try:
        opted_out = [
            number for number in numbers if sns.check_if_phone_number_is_opted_out(phoneNumber=number)["isOptedOut"]
        ]
        return PhoneStatus(opted_out, _verified(sns), _failures(numbers))
    except ClientError as error:
        return PhoneStatus(problem=str(error))


def _verified(sns: Any) -> list[str] | None:
    """The numbers that SNS sends to while the account is in the sandbox, otherwise None.

    https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html
    """
    if not sns.get_sms_sandbox_account_status()["IsInSandbox"]:
        return None
    pages = sns.get_paginator("list_sms_sandbox_phone_numbers").paginate()
    phones = [phone for page in pages for phone in page["PhoneNumbers"]]
    return [phone["PhoneNumber"] for phone in phones if phone["Status"] == "Verified"]


def _failures(numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
    """By number, the provider's reason and the message id of the newest SMS that failed.

    Other senders of the account share the log groups. SNS creates a group with the first failure.
    https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
    """
    failures: dict[str, tuple[str, str]] = {}
    events = [event for group in load_config(SmsFailuresConfig).sms_failures for event in _events(group, numbers)]
    for event in sorted(events, key=lambda event: event["timestamp"]):
        failure = json.loads(event["message"])
        words = failure["delivery"].get("providerResponse", "")
        failures[failure["delivery"]["destination"]] = (words, failure["notification"]["messageId"])
    return failures


def _events(group: str, numbers: Sequence[str]) -> list[dict[str, Any]]:
    pattern = " || ".join(f'($.delivery.destination = "{number}")' for number in numbers)
    pages = (
        client("logs")
        .get_paginator("filter_log_events")
        .paginate(
            logGroupName=group,
            filterPattern=f"{{ {pattern} }}",
            startTime=int((datetime.now(UTC) - _LOOK_BACK).timestamp() * 1000),
            PaginationConfig={"MaxItems": _MAX_EVENTS},
        )
    )
    try:
        return [event for page in pages for event in page["events"]]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return []
