"""The state machine "roster" and its schedule: it starts once a day, and what fails of it is told."""

import json

import pytest

from lambdas.domain.admins.roster import expected_subscriptions
from lambdas.domain.settings.function_config import RosterConfig
from lambdas.domain.settings.settings import Admin
from tests.account import account
from tests.execution import execute
from tests.stacks.assembly import plain
from tests.stacks.machines.definitions import ROSTER
from tests.stacks.test_responder import SETTINGS

TOPICS = {"cases": "${AdminsCases}", "alarms": "${AdminsAlarms}"}


def test_it_is_started_once_a_day_and_what_is_not_started_is_kept(responder):
    _, schedule = responder.the("AWS::Scheduler::Schedule", "RosterDaily")
    assert (schedule["ScheduleExpression"], schedule["ScheduleExpressionTimezone"]) == ("cron(17 6 * * ? *)", "Etc/UTC")
    assert schedule["State"] == "ENABLED"
    target = plain(schedule["Target"])
    assert target["Arn"] == "${RosterMachine}"
    assert target["DeadLetterConfig"] == {"Arn": "${RosterDeadLetters.Arn}"}
    assert target["RetryPolicy"]["MaximumEventAgeInSeconds"] < 24 * 3600  # the next day has its own
    _, role = responder.the("AWS::IAM::Role", "SchedulerRoleForTarget611ab3")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert plain(trust["Condition"])["StringEquals"]["aws:SourceAccount"] == "${AWS::AccountId}"


def test_its_alarms_rise_where_it_is_not_started_or_not_told(responder):
    alarms = {key: plain(alarm) for key, alarm in responder.properties("AWS::CloudWatch::Alarm").items()}
    metrics = {alarm["MetricName"]: alarm["Dimensions"][0]["Value"] for key, alarm in alarms.items() if "Roster" in key}
    assert metrics == {
        "ExecutionsFailed": "${RosterMachine}",
        "ApproximateNumberOfMessagesVisible": "${RosterDeadLetters.QueueName}",
    }


def test_the_function_wants_the_subscriptions_that_the_template_makes(responder):
    """Else every check would find something, or subscribe an admin otherwise than the next deployment."""
    _, function = responder.the("AWS::Lambda::Function", "FunctionsRoster")
    admins = RosterConfig.from_environment(plain(function["Environment"]["Variables"])).admins
    assert admins == SETTINGS.admins
    made = {
        (
            plain(recipient["TopicArn"]),
            recipient["Protocol"],
            recipient["Endpoint"],
            json.dumps(recipient.get("FilterPolicy"), sort_keys=True),
        )
        for recipient in responder.properties("AWS::SNS::Subscription").values()
        if plain(recipient["TopicArn"]) in TOPICS.values()
    }
    asked = {
        (
            TOPICS[subscription.topic],
            subscription.protocol,
            subscription.endpoint,
            json.dumps(subscription.policy, sort_keys=True),
        )
        for subscription in expected_subscriptions(admins)
    }
    assert made == asked


def test_the_environment_of_many_admins_is_one_that_lambda_takes():
    """4 KB: https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html."""
    admin = Admin("Ada Administrator", "ada.administrator@example.com", "+12025550123", "en", "America/New_York")
    config = RosterConfig(
        case_table="cases",
        retention_days=400,
        admins_topic="admins",
        alarms_topic="alarms",
        sms_failures=("sns/ap-southeast-1/111122223333/DirectPublishToPhoneNumber/Failure",) * 2,
        admins=(admin,) * 30,
    )
    assert len(config.to_environment()["ADMINS"]) < 3_400
    assert len(json.dumps(config.to_environment())) < 4_096


@pytest.fixture
def home(moto_config):
    """An account with both topics and no subscription at all."""
    with account(**moto_config) as client:
        client("sns").create_topic(Name="alarms")
        yield client


@pytest.fixture
def moto_config():
    here = "arn:aws:sns:eu-central-1:552071934480"
    return {
        "alarms_topic": f"{here}:alarms",
        "sms_failures": ("sns/eu-central-1/1/DirectPublishToPhoneNumber/Failure",),
        "admins": (Admin("Ben Backup", "ben@example.com", None, "en", "UTC"),),
    }


@pytest.mark.usefixtures("home")
def test_who_was_taken_off_is_subscribed_again_and_told_of_once():
    """Moto confirms at once, as no person can in so short a time."""
    first = execute(ROSTER.definition, {}, name="one")
    assert first.states == ["Check roster", "Report roster", "Admins not told"]  # nobody is there to hear it
    second = execute(ROSTER.definition, {}, name="two")
    assert (second.status, second.states[-1]) == ("SUCCEEDED", "Roster checked")
    assert second.messages == []


@pytest.mark.usefixtures("home")
def test_a_check_that_fails_is_told():
    def refuse(call):
        if call.operation == "ListSubscriptionsByTopic":
            raise call.refuse("AuthorizationError")

    ended = execute(ROSTER.definition, {}, before=refuse)
    assert (ended.status, ended.states[-1]) == ("SUCCEEDED", "Roster checked")
    assert len(ended.attempts("Check roster")) == 5
    subjects = {message.subject for message in ended.messages}
    assert subjects == {"WARNING: could not check whether admins can be reached"}
    assert "AuthorizationError" in ended.messages[0].text


@pytest.mark.usefixtures("home")
def test_what_cannot_be_told_raises_the_alarm():
    def refuse(call):
        if call.operation == "Publish":
            raise call.refuse("KMSThrottlingException")

    ended = execute(ROSTER.definition, {}, before=refuse)
    assert (ended.status, ended.error) == ("FAILED", "AdminsNotTold")
    assert len(ended.attempts("Report roster")) == 8
