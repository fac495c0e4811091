"""How much attention unproven mail gets: lanes, windows and the list of an hour, all bounded."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.clock import ReminderKind
from lambdas.domain.case.unproven_mail import (
    ListedMail,
    lanes,
    list_clock,
    listed_mail,
    questions_clock,
    recent_question_partitions,
)
from tests.samples import FORWARDED, INSTANCE, RECEIVED, UNPROVEN, notice

OTHER = "i-0b57a4de7b57a4de7"
TRUSTED = replace(FORWARDED, trusted=True)
NOW = datetime(2026, 11, 16, 7, 42, 8, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001  UTC is given


@pytest.mark.parametrize(
    ("proof", "instances", "expected"),
    [
        (UNPROVEN, [], [("lane#others", 5)]),
        (FORWARDED, [], [("lane#others", 5)]),
        (UNPROVEN, [INSTANCE, INSTANCE], [(f"lane#{INSTANCE}", 3)]),
        (UNPROVEN, [INSTANCE, OTHER], [(f"lane#{INSTANCE}", 3), (f"lane#{OTHER}", 3)]),
        (TRUSTED, [], [("lane#forwarded", 20)]),
        (TRUSTED, [INSTANCE], [("lane#forwarded", 20), (f"lane#{INSTANCE}", 3)]),
    ],
)
def test_which_lanes_may_take_a_mail(proof, instances, expected):
    assert [(lane.key, lane.slots) for lane in lanes(proof, instances)] == expected


def test_the_list_of_an_hour_is_sent_two_minutes_after_it():
    clock = list_clock(NOW)
    assert clock.to_json() == {
        "name": "listed-mails-2026-11-16T07",
        "case": "listed-mails#2026-11-16T07",
        "deadline": "2026-11-16T08:02:00+00:00",
        "moments": [{"at": "2026-11-16T08:02:00+00:00", "kind": "listed_mails", "sms": False}],
    }


@given(MOMENTS)
def test_every_moment_of_an_hour_has_its_list(moment):
    clock = list_clock(moment)
    assert timedelta(minutes=2) < clock.reminders[0].at - moment <= timedelta(minutes=62)
    assert list_clock(moment.replace(minute=59, second=59)).to_json() == clock.to_json()


def test_questions_are_reminded_of_after_1_6_and_20_hours_without_sms():
    clock = questions_clock(NOW)
    assert (clock.name, clock.partition) == (
        "unproven-questions-2026-11-16T06",
        "unproven-questions#2026-11-16T06",
    )
    assert [(reminder.at - NOW, reminder.sms) for reminder in clock.reminders] == [
        (timedelta(hours=hours), False) for hours in (1, 6, 20)
    ]
    assert {reminder.kind for reminder in clock.reminders} == {ReminderKind.UNPROVEN_QUESTIONS}


@given(MOMENTS, st.timedeltas(timedelta(0), timedelta(hours=6)), st.integers(0, 2))
def test_a_reminder_reads_every_window_of_a_question_that_may_wait_for_it(first, later, number):
    """The first question of a window sets its moments; the last one of it is at most six hours younger."""
    clock = questions_clock(first)
    assert clock.partition in recent_question_partitions(clock.reminders[number].at + timedelta(minutes=5))
    assert questions_clock(first + later).partition in recent_question_partitions(first + later)
    assert len(recent_question_partitions(first)) == 5


@given(st.text(max_size=5000), st.text(max_size=5000), st.lists(st.text(max_size=3000), max_size=20))
def test_what_the_list_says_of_a_mail_is_short_and_reads_back(sender, subject, names):
    said = notice(sender=sender, subject=subject, case_numbers=tuple(names))
    mail = listed_mail(said, RECEIVED, names, "s3://mail-bucket/mail/1")
    assert len(json.dumps(mail.to_json())) < 8_000
    assert ListedMail.from_json(json.loads(json.dumps(mail.to_json()))) == mail
