"""What SNS knows of the admins' phones: opted out, verified in its sandbox, and the SMS that did not arrive."""

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
_BACK = timedelta(hours=25)
_MANY = 1_000


def phones_of(numbers: Sequence[str]) -> PhoneStatus:
    """Ask SNS about these numbers. What it refuses is put into words: it must not keep back what is known of mails.

    SNS has no SMS in some Regions: https://docs.aws.amazon.com/sns/latest/dg/sns-supported-regions-countries.html
    """
    if not numbers:
        return PhoneStatus()
    sns = client("sns")
    try:
        opted_out = [one for one in numbers if sns.check_if_phone_number_is_opted_out(phoneNumber=one)["isOptedOut"]]
        return PhoneStatus(opted_out, _verified(sns), _failures(numbers))
    except ClientError as error:
        return PhoneStatus(trouble=str(error))


def _verified(sns: Any) -> list[str] | None:
    """The numbers that SNS sends to while the account is in its sandbox; None once it is out.

    https://docs.aws.amazon.com/sns/latest/dg/sns-sms-sandbox.html
    """
    if not sns.get_sms_sandbox_account_status()["IsInSandbox"]:
        return None
    pages = sns.get_paginator("list_sms_sandbox_phone_numbers").paginate()
    return [one["PhoneNumber"] for page in pages for one in page["PhoneNumbers"] if one["Status"] == "Verified"]


def _failures(numbers: Sequence[str]) -> dict[str, tuple[str, str]]:
    """By number the provider's words for the newest SMS that failed, and its id, from the account's logs of failures.

    Others of the account may send SMS too, so a log is asked for our numbers only. It is there from the first failure
    on, where delivery is logged. https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
    """
    found: dict[str, tuple[str, str]] = {}
    events = [one for group in load_config(SmsFailuresConfig).sms_failures for one in _events(group, numbers)]
    for event in sorted(events, key=lambda one: one["timestamp"]):
        failure = json.loads(event["message"])
        words = failure["delivery"].get("providerResponse", "")
        found[failure["delivery"]["destination"]] = (words, failure["notification"]["messageId"])
    return found


def _events(group: str, numbers: Sequence[str]) -> list[dict[str, Any]]:
    pattern = " || ".join(f'($.delivery.destination = "{one}")' for one in numbers)
    pages = (
        client("logs")
        .get_paginator("filter_log_events")
        .paginate(
            logGroupName=group,
            filterPattern=f"{{ {pattern} }}",
            startTime=int((datetime.now(UTC) - _BACK).timestamp() * 1000),
            PaginationConfig={"MaxItems": _MANY},
        )
    )
    try:
        return [one for page in pages for one in page["events"]]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return []
