"""Check roster: compare the admins' subscriptions with the settings, and subscribe again those that are missing."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

from botocore.exceptions import ClientError

from lambdas import case_table
from lambdas.aws import client
from lambdas.domain.admins.roster import (
    SMS,
    ActualSubscription,
    AdminTopic,
    RepairResult,
    RosterFinding,
    compare_phones,
    compare_subscriptions,
    count_reachable,
    expected_subscriptions,
    parse_subscription,
)
from lambdas.domain.case.table_keys import CONFIRMATION_LOCK_PREFIX, ROSTER
from lambdas.domain.settings.function_config import RosterConfig
from lambdas.load_config import load_config
from lambdas.roster.phones import phone_status

# Shorter than a day, so that a check that runs a little early still asks.
_A_DAY = timedelta(hours=20)


def check_roster(event: dict[str, Any]) -> dict[str, Any]:
    """Return every finding with what was done about it, and how many subscriptions deliver now."""
    admins = load_config(RosterConfig).admins
    expected = expected_subscriptions(admins)
    actual = [subscription for topic in AdminTopic for subscription in _subscriptions(topic)]
    findings = [
        _subscribe(finding, event["execution"]) if finding.undelivered else finding
        for finding in compare_subscriptions(expected, actual)
    ]
    findings += compare_phones(admins, phone_status([admin.phone for admin in admins if admin.phone]))
    reach = count_reachable(expected, findings)
    return {"findings": [finding.to_json() for finding in findings], "reach": reach.to_json()}


def _subscriptions(topic: AdminTopic) -> list[ActualSubscription]:
    """The subscriptions of a topic. SNS shows ARN and filter only of those that are confirmed."""
    sns = client("sns")
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=_arn(topic))
    subscriptions = [parse_subscription(topic, listed) for page in pages for listed in page["Subscriptions"]]
    return [_with_policy(sns, subscription) for subscription in subscriptions if subscription]


def _with_policy(sns: Any, subscription: ActualSubscription) -> ActualSubscription:
    if subscription.arn is None:
        return subscription
    attributes = sns.get_subscription_attributes(SubscriptionArn=subscription.arn)["Attributes"]
    policy = json.loads(attributes.get("FilterPolicy") or "null")
    # A suspended subscription keeps an ARN while it waits for confirmation.
    pending = str(attributes.get("PendingConfirmation", "")).lower() == "true"
    return replace(subscription, arn=None if pending else subscription.arn, policy=policy)


def _subscribe(finding: RosterFinding, execution: str) -> RosterFinding:
    """Subscribe once a day. SNS sends a confirmation mail each time.

    https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
    """
    if not case_table.take_lock(ROSTER, f"{CONFIRMATION_LOCK_PREFIX}{finding.key}", execution, stale_after=_A_DAY):
        return replace(finding, done=RepairResult.ASKED_TODAY)
    try:
        client("sns").subscribe(
            TopicArn=_arn(AdminTopic(str(finding.topic))),
            Protocol=finding.protocol,
            Endpoint=finding.endpoint,
            Attributes={"FilterPolicy": json.dumps(finding.policy)} if finding.policy else {},
            ReturnSubscriptionArn=True,
        )
    except ClientError as error:
        return replace(finding, done=RepairResult.REFUSED, words=str(error))
    return replace(finding, done=RepairResult.SUBSCRIBED if finding.protocol == SMS else RepairResult.ASKED)


def _arn(topic: AdminTopic) -> str:
    config = load_config(RosterConfig)
    return config.admins_topic if topic is AdminTopic.CASES else config.alarms_topic
