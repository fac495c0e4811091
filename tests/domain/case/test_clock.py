"""When the clock strikes, and what it says then; the laws hold for any settings and any case."""

from datetime import timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.case import case_from_entries
from lambdas.domain.case.clock import (
    ALL_ADMINS,
    ALL_WITHIN,
    MAX_WAIT,
    NoReminder,
    NoReminderReason,
    Reminder,
    ReminderKind,
    ScheduledReminder,
    clock_name,
    reminder_at,
    schedule_reminders,
)
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.intake.notice import NoticeKind
from tests.domain.case.test_case import ADA, ANSWERED, FIRST, NOTICES, OTHERS, RESOLVED, entry, hours, notice
from tests.samples import CASE, INSTANCE

DEADLINE = hours(24)
DEFAULTS = ((12, 6, 2, 1), 60)
ACKNOWLEDGED = TimelineEntry(hours(1), EntryKind.ACKNOWLEDGED, ADA, "on it", details={"admin": "ada@example.com"})


def reminder(before, *, sms=False):
    return ScheduledReminder(DEADLINE - timedelta(hours=before), ReminderKind.REMINDER, sms)


OVERDUE = ScheduledReminder(DEADLINE, ReminderKind.OVERDUE, sms=True)
UNACKNOWLEDGED = ScheduledReminder(hours(1), ReminderKind.UNACKNOWLEDGED, sms=True)


def test_a_clock_strikes_when_nobody_says_anything_before_the_deadline_and_at_it():
    late = [reminder(2, sms=True), reminder(1, sms=True)]
    assert schedule_reminders(DEADLINE, hours(0), hours(0), *DEFAULTS) == (
        UNACKNOWLEDGED,
        reminder(12),
        reminder(6),
        *late,
        OVERDUE,
    )


@pytest.mark.parametrize(
    ("settings", "now", "kinds"),
    [
        (DEFAULTS, 18.5, ["reminded", "reminded", "overdue"]),  # what has passed is not made up for
        (DEFAULTS, 25, []),
        (((), None), 0, ["overdue"]),
        (((), 60), 0, ["unacknowledged", "overdue"]),
        (((), 1440), 1, ["overdue", "unacknowledged"]),
        (((72, 48), None), 0, ["overdue"]),  # AWS gives a day
    ],
)
def test_only_what_is_ahead_is_struck(settings, now, kinds):
    assert [one.kind for one in schedule_reminders(DEADLINE, hours(0), hours(now), *settings)] == kinds


def test_a_limit_of_months_has_no_clock():
    far = hours(0) + MAX_WAIT + timedelta(hours=1)
    assert [one.kind for one in schedule_reminders(far, hours(0), hours(0), *DEFAULTS)][-1] is ReminderKind.REMINDER


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([FIRST, ANSWERED], NoReminderReason.ANSWERED),
        ([FIRST, RESOLVED], NoReminderReason.RESOLVED),
        ([FIRST, entry(EntryKind.CLOSED, 3, who=ADA)], NoReminderReason.CLOSED),
        ([FIRST, notice(NoticeKind.FOLLOW_UP, 5)], NoReminderReason.MOVED),
        (
            [FIRST, ANSWERED, notice(NoticeKind.FOLLOW_UP, 20)],
            NoReminderReason.MOVED,
        ),  # it was answered, and AWS asks again
    ],
)
@pytest.mark.parametrize("moment", [UNACKNOWLEDGED, reminder(2, sms=True), OVERDUE])
def test_a_clock_stops_with_a_reason(entries, reason, moment):
    assert reminder_at(case_from_entries(CASE, entries), moment, DEADLINE) == NoReminder(reason, ends=True)


def test_what_is_still_missing_is_said():
    case = case_from_entries(CASE, [FIRST, entry(EntryKind.ASKED, 1, INSTANCE)])
    said = reminder_at(case, reminder(2, sms=True), DEADLINE)
    assert said == Reminder(
        reminder(2, sms=True), ALL_ADMINS, sms=True, missing=("answer", f"decide {INSTANCE}", "acknowledge")
    )


@pytest.mark.parametrize(
    ("moment", "to"),
    [
        (reminder(12), "ada@example.com"),
        (reminder(2, sms=True), "ada@example.com"),
        (reminder(1.01, sms=True), "ada@example.com"),
        (reminder(1, sms=True), ALL_ADMINS),
        (OVERDUE, ALL_ADMINS),
    ],
)
def test_an_acknowledgement_calms_it_until_the_last_hour(moment, to):
    said = reminder_at(case_from_entries(CASE, [FIRST, ACKNOWLEDGED]), moment, DEADLINE)
    assert (said.to, said.sms) == (to, moment.sms)
    assert "acknowledge" not in said.missing


def test_who_is_on_it_is_not_asked_for():
    case = case_from_entries(CASE, [FIRST, ACKNOWLEDGED])
    assert reminder_at(case, UNACKNOWLEDGED, DEADLINE) == NoReminder(NoReminderReason.ACKNOWLEDGED, ends=False)


def test_an_acknowledgement_of_nobody_on_the_list_calms_nothing():
    unknown = entry(EntryKind.ACKNOWLEDGED, 1, who=ADA)
    assert reminder_at(case_from_entries(CASE, [FIRST, unknown]), reminder(12), DEADLINE).to == ALL_ADMINS


@pytest.mark.parametrize(
    ("case", "name"),
    [
        (CASE, f"{CASE}-{int(DEADLINE.timestamp())}"),
        ("health-0a1b/2 c:é", f"health-0a1b-2-c---{int(DEADLINE.timestamp())}"),
        ("x" * 200, f"{'x' * 69}-{int(DEADLINE.timestamp())}"),
    ],
)
def test_a_clock_is_named_by_its_case_and_deadline(case, name):
    assert clock_name(case, DEADLINE) == name
    assert len(name) <= 80


def test_a_moment_passes_through_json():
    for one in (reminder(12), OVERDUE, UNACKNOWLEDGED):
        assert ScheduledReminder.from_json(one.to_json()) == one


SETTINGS = st.tuples(
    st.lists(st.floats(0.25, 72), max_size=10, unique=True).map(lambda some: tuple(sorted(some, reverse=True))),
    st.none() | st.integers(1, 1440),
)


@given(SETTINGS, st.floats(-30, 400), st.floats(-10, 100), st.floats(0, 50))
def test_it_strikes_in_order_ahead_and_no_more_often_than_it_is_set_to(settings, due, told, now):
    remind_hours, minutes = settings
    struck = schedule_reminders(hours(due), hours(told), hours(now), remind_hours, minutes)
    times = [one.at for one in struck]
    assert times == sorted(times)
    assert all(hours(now) < one <= hours(now) + MAX_WAIT for one in times)
    kinds = [one.kind for one in struck]
    assert kinds.count(ReminderKind.REMINDER) <= len(remind_hours)
    assert kinds.count(ReminderKind.OVERDUE) <= 1
    assert kinds.count(ReminderKind.UNACKNOWLEDGED) <= (minutes is not None)
    assert all(one.at < hours(due) for one in struck if one.kind is ReminderKind.REMINDER)


# An acknowledgement as the desk notes it, beside whatever else happens in a case.
ENTRIES = st.lists(
    OTHERS
    | st.builds(
        lambda at: TimelineEntry(
            hours(at), EntryKind.ACKNOWLEDGED, ADA, "", details=MappingProxyType({"admin": "ada@example.com"})
        ),
        st.integers(0, 100),
    ),
    max_size=6,
)


@given(st.lists(NOTICES, min_size=1, max_size=4), ENTRIES, SETTINGS)
def test_what_it_says_holds_to_the_case(notices, others, settings):
    """Played to its end: each moment is told what the case was like by then."""
    first = case_from_entries(CASE, notices)
    if first.deadline is None:
        return
    deadline, stopped = first.deadline.at, False
    for moment in schedule_reminders(deadline, hours(0), hours(-1), *settings):
        case = case_from_entries(CASE, [*notices, *(one for one in others if one.at <= moment.at)])
        said = reminder_at(case, moment, deadline)
        if isinstance(said, NoReminder):
            stopped = stopped or said.ends
            assert said.ends or (moment.kind is ReminderKind.UNACKNOWLEDGED and case.acknowledged)
            continue
        assert case.is_running
        assert not stopped, "a clock that has stopped stays silent"
        assert case.proven or not said.sms, "a forger must not be able to send an SMS"
        assert "answer" in said.missing
        assert said.to == ALL_ADMINS or case.acknowledged
        if moment.at >= deadline - ALL_WITHIN:
            assert said.to == ALL_ADMINS
