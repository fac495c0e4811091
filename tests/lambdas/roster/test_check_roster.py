"""Who was taken off is subscribed again with the same filter, and what is found is put out with what was done."""

import json
import time

import pytest

from lambdas.domain.admins.roster import expected_subscriptions
from lambdas.domain.settings.settings import Admin
from tests.lambdas.roster.conftest import ADMINS, FAILURES, TOPIC_FAILURES

BENS_MAIL, BENS_ALARMS = ("cases", "email", "ben@example.com"), ("alarms", "email", "ben@example.com")
ADAS_PHONE = ("cases", "sms", "+12025550123")
WANTED = {(one.topic, one.protocol, one.endpoint): one.policy for one in expected_subscriptions(ADMINS)}


@pytest.fixture
def check(call, subscriptions):  # noqa: ARG001  the subscriptions are there before the check
    def run(execution="one"):
        checked = call("roster", "Check roster", execution=execution)
        return [(one["problem"], one["topic"], one["endpoint"], one["done"]) for one in checked["findings"]], checked

    return run


def test_where_every_admin_is_subscribed_nothing_is_found_or_changed(check, subscriptions, moto, calls):
    asked = calls(moto("sns"), "Subscribe")
    found, checked = check()
    assert found == []
    assert checked["reach"] == {"cases": 2, "alarms": 2, "sms": 1}
    assert asked == []
    assert subscriptions.there() == WANTED


def test_who_was_taken_off_is_subscribed_again_as_before(check, subscriptions):
    subscriptions.take_off(BENS_MAIL, BENS_ALARMS, ADAS_PHONE)
    assert len(subscriptions.there()) == 2
    found, checked = check()
    assert found == [
        ("missing", "cases", "+12025550123", "subscribed"),
        ("missing", "cases", "ben@example.com", "asked"),
        ("missing", "alarms", "ben@example.com", "asked"),
    ]
    assert checked["reach"] == {"cases": 1, "alarms": 1, "sms": 1}
    assert subscriptions.there() == WANTED


def test_who_has_not_confirmed_is_asked_again_once_a_day(check, subscriptions, moto, calls):
    subscriptions.leave_unconfirmed(BENS_MAIL)
    asked = calls(moto("sns"), "Subscribe")
    assert check()[0] == [("unconfirmed", "cases", "ben@example.com", "asked")]
    (one,) = asked
    assert one["ReturnSubscriptionArn"] is True
    assert json.loads(one["Attributes"]["FilterPolicy"]) == WANTED[BENS_MAIL]
    # A second check of the same day; the same one may try again.
    assert check("two")[0] == [("unconfirmed", "cases", "ben@example.com", "asked_today")]
    assert check("one")[0] == [("unconfirmed", "cases", "ben@example.com", "asked")]
    assert len(asked) == 2


def test_one_that_sns_has_suspended_waits_for_a_confirmation(check, moto, monkeypatch):
    sns = moto("sns")
    as_it_comes = sns.get_subscription_attributes

    def suspended(SubscriptionArn):  # noqa: N803  SNS's own name
        answer = as_it_comes(SubscriptionArn=SubscriptionArn)
        answer["Attributes"]["PendingConfirmation"] = "true"
        return answer

    monkeypatch.setattr(sns, "get_subscription_attributes", suspended)
    assert {problem for problem, *_ in check()[0]} == {"unconfirmed"}


def test_a_subscription_that_sns_refuses_stands_with_its_words(check, subscriptions, moto, refuse):
    subscriptions.take_off(BENS_ALARMS)
    refuse(moto("sns"), "Subscribe", "SubscriptionLimitExceeded")
    _, checked = check()
    (one,) = checked["findings"]
    assert one["done"] == "refused"
    assert "SubscriptionLimitExceeded said AWS" in one["words"]


def test_another_filter_and_a_stranger_are_left_as_they_are(check, subscriptions):
    subscriptions.take_off(BENS_MAIL)
    subscriptions.subscribe("cases", "email", "ben@example.com", {"channel": ["sms"]})
    subscriptions.subscribe("alarms", "email", "eve@example.org")
    assert check()[0] == [
        ("other_filter", "cases", "ben@example.com", "nothing"),
        ("stranger", "alarms", "eve@example.org", "nothing"),
    ]
    assert subscriptions.there()[BENS_MAIL] == {"channel": ["sms"]}


def test_a_page_of_subscriptions_is_not_the_end(check, subscriptions):
    for number in range(120):
        subscriptions.subscribe("cases", "email", f"{number}@example.org")
    assert len(check()[0]) == 120


def test_a_phone_that_has_opted_out_is_found_and_left(check, moto, monkeypatch):
    monkeypatch.setattr(moto("sns"), "check_if_phone_number_is_opted_out", lambda **_: {"isOptedOut": True})
    found, checked = check()
    assert found == [("opted_out", "cases", "+12025550123", "nothing")]
    assert checked["reach"]["sms"] == 0


@pytest.mark.parametrize(("status", "found"), [(None, True), ("Pending", True), ("Verified", False)])
def test_in_the_sandbox_a_number_must_be_verified(check, sandbox, status, found):
    sandbox.holds(**({"+12025550123": status} if status else {}))
    assert check()[0] == [("not_verified", "cases", "+12025550123", "nothing")] * found


@pytest.mark.parametrize("group", [FAILURES, TOPIC_FAILURES])
def test_an_sms_that_did_not_arrive_is_found_in_the_delivery_log(check, moto, group):
    now = int(time.time() * 1000)
    failures = [(now - 90_000_000, "+12025550123", "old"), (now - 2, "+12025550123", "No quota left for account")]
    put(moto("logs"), group, *failures, (now - 1, "+4915", "of another program"))
    _, checked = check()
    (one,) = checked["findings"]
    assert (one["problem"], one["words"], one["occurrence"]) == ("sms_failed", "No quota left for account", "m1")


def put(logs, group, *failures):
    """As SNS writes them: https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html."""
    logs.create_log_group(logGroupName=group)
    logs.create_log_stream(logGroupName=group, logStreamName="one")
    events = [
        {
            "timestamp": at,
            "message": json.dumps(
                {
                    "notification": {"messageId": f"m{number}", "timestamp": "2026-11-16 07:42:08.000"},
                    "delivery": {"destination": destination, "providerResponse": words, "smsType": "Transactional"},
                    "status": "FAILURE",
                }
            ),
        }
        for number, (at, destination, words) in enumerate(failures)
    ]
    logs.put_log_events(logGroupName=group, logStreamName="one", logEvents=events)


def test_what_sns_refuses_to_say_of_phones_keeps_nothing_else_back(check, subscriptions, moto, refuse):
    subscriptions.take_off(BENS_MAIL)
    refuse(moto("sns"), "CheckIfPhoneNumberIsOptedOut", "InvalidAction")
    found, checked = check()
    assert [problem for problem, *_ in found] == ["missing", "sms_unknown"]
    assert "InvalidAction said AWS" in checked["findings"][-1]["words"]


def test_where_no_admin_has_a_phone_sns_is_not_asked_of_any(check, moto, configure, refuse):
    configure(admins=(Admin("Ben Backup", "ben@example.com", None, "ja", "Asia/Tokyo"),))
    refuse(moto("sns"), "CheckIfPhoneNumberIsOptedOut", "InvalidAction")
    assert [problem for problem, *_ in check()[0]] == ["stranger"] * 3  # Ada's, whom these settings do not name
