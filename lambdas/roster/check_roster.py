"""Check roster: who of the admins does not get what the settings say; who was taken off is subscribed again."""

import json
from dataclasses import asdict, replace
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
from lambdas.roster.phones import phones_of

# Shorter than a day, so that a check that comes a little early asks all the same.
_A_DAY = timedelta(hours=20)


def check_roster(event: dict[str, Any]) -> dict[str, Any]:
    """Compare the settings with SNS, ask again whoever is not reached, and put out every finding with what was done.

    `count_reachable` counts what comes through now: a subscription that waits for its confirmation does not.
    """
    admins = load_config(RosterConfig).admins
    asked = expected_subscriptions(admins)
    there = [one for topic in AdminTopic for one in _subscribed(topic)]
    found = [_mend(one, event["execution"]) if one.undelivered else one for one in compare_subscriptions(asked, there)]
    found += compare_phones(admins, phones_of([one.phone for one in admins if one.phone]))
    return {"findings": [one.to_json() for one in found], "reach": asdict(count_reachable(asked, found))}


def _subscribed(topic: AdminTopic) -> list[ActualSubscription]:
    """The subscriptions of a topic, with the filters of those that are confirmed: of others SNS shows no ARN."""
    sns = client("sns")
    pages = sns.get_paginator("list_subscriptions_by_topic").paginate(TopicArn=_arn(topic))
    there = [parse_subscription(topic, one) for page in pages for one in page["Subscriptions"]]
    return [_with_policy(sns, one) for one in there if one]


def _with_policy(sns: Any, one: ActualSubscription) -> ActualSubscription:
    if one.arn is None:
        return one
    attributes = sns.get_subscription_attributes(SubscriptionArn=one.arn)["Attributes"]
    policy = attributes.get("FilterPolicy")
    # A suspended one has an ARN again before anybody has confirmed it.
    pending = str(attributes.get("PendingConfirmation", "")).lower() == "true"
    return replace(one, arn=None if pending else one.arn, policy=json.loads(policy) if policy else None)


def _mend(one: RosterFinding, execution: str) -> RosterFinding:
    """Subscribe: SNS then sends a confirmation mail, also where one was sent before; once a day is enough.

    https://docs.aws.amazon.com/sns/latest/api/API_Subscribe.html
    """
    if not case_table.take_lock(ROSTER, f"{CONFIRMATION_LOCK_PREFIX}{one.key}", execution, stale_after=_A_DAY):
        return replace(one, done=RepairResult.ASKED_TODAY)
    try:
        client("sns").subscribe(
            TopicArn=_arn(AdminTopic(str(one.topic))),
            Protocol=one.protocol,
            Endpoint=one.endpoint,
            Attributes={"FilterPolicy": json.dumps(one.policy)} if one.policy else {},
            ReturnSubscriptionArn=True,
        )
    except ClientError as error:
        return replace(one, done=RepairResult.REFUSED, words=str(error))
    return replace(one, done=RepairResult.SUBSCRIBED if one.protocol == SMS else RepairResult.ASKED)


def _arn(topic: AdminTopic) -> str:
    config = load_config(RosterConfig)
    return config.admins_topic if topic is AdminTopic.CASES else config.alarms_topic
