"""Who is reached, what is found where somebody is not, and when it is told."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.admins.roster import (
    REPEAT_AFTER,
    ActualSubscription,
    AdminTopic,
    DeliveryProblem,
    LastRosterReport,
    PhoneStatus,
    ReachCounts,
    RepairResult,
    RosterFinding,
    as_last_report,
    compare_phones,
    compare_subscriptions,
    count_reachable,
    expected_subscriptions,
    mask_phone,
    parse_subscription,
    roster_changes,
)
from lambdas.domain.settings.settings import Admin
from tests.samples import SENT

ADA = Admin("Ada Admin", "Ada@Example.com", "+12025550123", "en", "UTC")
BEN = Admin("Ben Backup", "ben@example.com", None, "ja", "Asia/Tokyo")
ADMINS = (ADA, BEN)
ASKED = expected_subscriptions(ADMINS)
ARN = "arn:aws:sns:eu-central-1:123456789012:admins:1"
DAY = timedelta(days=1)
ALL = ReachCounts(2, 2, 1)


def as_wanted(one, **change):
    return replace(ActualSubscription(one.topic, one.protocol, one.endpoint, ARN, one.policy), **change)


ALL_THERE = [as_wanted(one) for one in ASKED]


def found(*, without=(), more=()):
    """What is found where the subscriptions of these numbers are left out, and more are there."""
    return compare_subscriptions(
        ASKED, [*(one for number, one in enumerate(ALL_THERE) if number not in without), *more]
    )


def test_each_admin_is_wanted_on_both_topics_and_by_sms_where_there_is_a_phone():
    assert [(one.topic, one.protocol, one.endpoint) for one in ASKED] == [
        ("cases", "email", "Ada@Example.com"),
        ("cases", "sms", "+12025550123"),
        ("alarms", "email", "Ada@Example.com"),
        ("cases", "email", "ben@example.com"),
        ("alarms", "email", "ben@example.com"),
    ]
    assert ASKED[0].policy == {
        "channel": ["email"],
        "language": ["en"],
        "time_zone": ["UTC"],
        "to": ["all", "ada@example.com"],
    }
    assert ASKED[2].policy is None


def test_where_all_is_as_the_settings_say_nothing_is_found():
    assert found() == ()
    assert count_reachable(ASKED, ()) == ALL
    turned = {key: list(reversed(values)) for key, values in ASKED[0].policy.items()}
    lower = as_wanted(ASKED[0], endpoint="ada@example.com", policy=turned)
    assert compare_subscriptions(ASKED, [lower, *ALL_THERE[1:]]) == ()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"arn": None, "policy": None}, DeliveryProblem.UNCONFIRMED),
        ({"policy": {"channel": ["email"]}}, DeliveryProblem.OTHER_FILTER),
        ({"policy": None}, DeliveryProblem.OTHER_FILTER),
        ({"policy": {**ASKED[0].policy, "channel": [{"prefix": "e"}]}}, DeliveryProblem.OTHER_FILTER),
    ],
)
def test_what_is_not_as_it_should_be_is_found(change, problem):
    (one,) = compare_subscriptions(ASKED, [as_wanted(ASKED[0], **change), *ALL_THERE[1:]])
    assert (one.problem, one.endpoint, one.name) == (problem, "Ada@Example.com", "Ada Admin")
    assert one.policy == ASKED[0].policy  # what it is subscribed with again, or put back to


def test_what_is_taken_off_is_found_and_reaches_nobody():
    (one,) = found(without={4})
    assert (one.problem, one.topic, one.endpoint, one.policy) == ("missing", "alarms", "ben@example.com", None)
    assert count_reachable(ASKED, [one]) == ReachCounts(2, 1, 1)
    assert count_reachable(ASKED, [replace(one, done=RepairResult.ASKED)]) == ReachCounts(2, 1, 1)


def test_an_sms_is_subscribed_at_once_and_comes_through():
    (one,) = found(without={1})
    assert count_reachable(ASKED, [one]).sms == 0
    assert count_reachable(ASKED, [replace(one, done=RepairResult.SUBSCRIBED)]).sms == 1


def test_who_is_not_in_the_settings_is_named_once_it_is_confirmed():
    other = ActualSubscription(AdminTopic.CASES, "https", "https://hook.example.org", ARN)
    (one,) = found(more=[other])
    assert (one.problem, one.protocol, one.words) == ("stranger", "https", ARN)
    assert found(more=[replace(other, arn=None)]) == ()


def test_a_confirmed_one_counts_where_a_second_one_waits():
    assert found(more=[as_wanted(ASKED[0], arn=None, policy=None)]) == ()


@pytest.mark.parametrize(
    ("arn", "shown"), [(ARN, ARN), ("PendingConfirmation", None), ("Deleted", ...), ("pending confirmation", ...)]
)
def test_a_subscription_is_read_as_sns_lists_it(arn, shown):
    read = parse_subscription(
        AdminTopic.CASES, {"SubscriptionArn": arn, "Protocol": "email", "Endpoint": "a@example.com"}
    )
    assert (read.arn if read else ...) == shown


@pytest.mark.parametrize(
    ("phones", "problems"),
    [
        (PhoneStatus(), []),
        (PhoneStatus(opted_out=[ADA.phone]), ["opted_out"]),
        (PhoneStatus(verified=[]), ["not_verified"]),
        (PhoneStatus(verified=[ADA.phone]), []),
        (PhoneStatus(failures={ADA.phone: ("Blocked as spam", "m1"), "+1": ("another's", "m2")}), ["sms_failed"]),
        (PhoneStatus(problem="InvalidAction"), ["sms_unknown"]),
    ],
)
def test_what_sns_says_of_a_phone_is_found(phones, problems):
    findings = compare_phones(ADMINS, phones)
    assert [one.problem for one in findings] == problems
    stopped = {"opted_out", "not_verified"} & set(problems)
    assert count_reachable(ASKED, findings).sms == (0 if stopped else 1)


SILENT = replace(found(without={0})[0], done=RepairResult.ASKED)
FAILED = RosterFinding(DeliveryProblem.SMS_FAILED, AdminTopic.CASES, "sms", "+1", "Ada", "No quota", occurrence="m1")


def day_after_day(*days):
    """Whether it is told on each of these days, by what is found on it; what is told is what the next day knows."""
    told, due = None, []
    for number, findings in enumerate(days):
        current = roster_changes(told, findings, ALL, SENT + number * DAY)
        due.append(current.due)
        if current.due:
            told = LastRosterReport.from_json(json.loads(json.dumps(as_last_report(current).to_json())))
    return due


def test_it_is_told_once_for_each_change():
    waits = replace(SILENT, problem=DeliveryProblem.UNCONFIRMED)
    assert day_after_day((), (SILENT,), (waits,), (), (), (SILENT,)) == [False, True, False, True, False, True]
    assert day_after_day((SILENT,), (SILENT, FAILED), (SILENT,)) == [True, True, False]


def test_what_stands_is_told_once_a_week_with_the_day_it_began():
    assert day_after_day(*[(SILENT,)] * 16) == [number % 7 == 0 for number in range(16)]
    told = as_last_report(roster_changes(None, (SILENT,), ALL, SENT))
    (one,) = roster_changes(told, (SILENT,), ALL, SENT + REPEAT_AFTER).open_findings
    assert (one.since, one.new) == (SENT, False)


def test_what_is_put_right_is_told_but_not_that_yesterdays_sms_is_over():
    told = as_last_report(roster_changes(None, (SILENT, FAILED), ALL, SENT))
    assert roster_changes(told, (), ALL, SENT + DAY).fixed == (SILENT,)


def test_a_check_that_fails_mends_nothing():
    told = as_last_report(roster_changes(None, (SILENT,), ALL, SENT))
    failed = RosterFinding(DeliveryProblem.NOT_CHECKED, words="AccessDenied")
    current = roster_changes(told, (failed,), None, SENT + DAY)
    assert [one.finding.problem for one in current.open_findings] == ["missing", "not_checked"]
    assert current.fixed == ()
    assert current.due
    assert current.also_by_alarms_topic
    assert not current.no_admin_gets_case_mail


FINDINGS = st.builds(
    RosterFinding,
    problem=st.sampled_from(DeliveryProblem),
    topic=st.none() | st.sampled_from(AdminTopic),
    protocol=st.sampled_from(["email", "sms", "sqs"]),
    endpoint=st.text(max_size=5),
    name=st.text(max_size=5),
    words=st.text(max_size=5),
    done=st.sampled_from(RepairResult),
)


@given(st.lists(st.lists(FINDINGS, max_size=4), max_size=5))
def test_the_same_day_again_is_never_news(days):
    told = None
    for number, findings in enumerate(days):
        now = SENT + number * DAY
        current = roster_changes(told, findings, ALL, now)
        told = LastRosterReport.from_json(as_last_report(current).to_json())
        again = roster_changes(told, findings, ALL, now)
        assert not again.due
        assert {one.since for one in again.open_findings} <= {SENT + past * DAY for past in range(number + 1)}
        assert {one.finding.key for one in current.open_findings} == {one.key for one in findings}


@given(st.sets(st.integers(0, len(ASKED) - 1)), st.sets(st.integers(0, len(ASKED) - 1)))
def test_everything_that_is_not_there_is_found_and_nothing_else(missing, waiting):
    there = [
        replace(one, arn=None, policy=None) if number in waiting else one
        for number, one in enumerate(ALL_THERE)
        if number not in missing
    ]
    findings = compare_subscriptions(ASKED, there)
    assert [one.endpoint for one in findings] == [
        one.endpoint for number, one in enumerate(ASKED) if number in missing | waiting
    ]
    assert all(one.undelivered for one in findings)
    counted = count_reachable(ASKED, findings)
    assert counted.cases + counted.alarms + counted.sms == len(ASKED) - len(missing | waiting)
    assert counted.is_empty == (len(missing | waiting) == len(ASKED))


@given(st.text(alphabet="+0123456789", max_size=16))
def test_a_masked_number_hides_all_but_its_ends(number):
    shown = mask_phone(number)
    assert len(shown) == len(number)
    assert sum(letter != "*" for letter in shown) <= 5
    assert mask_phone("+12025550123") == "+12*******23"
