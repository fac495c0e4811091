"""When the clock strikes, and what it says then; the laws hold for any settings and any case."""

from datetime import timedelta
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.case import case_file
from lambdas.domain.case.clock import (
    ALL_WITHIN,
    EVERYBODY,
    LONGEST,
    Kind,
    Moment,
    Reason,
    Reminder,
    Silence,
    clock_name,
    moments,
    said_at,
)
from lambdas.domain.case.timeline import Entry, What
from lambdas.domain.intake.notice import Kind as NoticeKind
from tests.domain.case.test_case import ADA, ANSWERED, FIRST, NOTICES, OTHERS, RESOLVED, entry, hours, notice
from tests.samples import CASE, INSTANCE

DEADLINE = hours(24)
DEFAULTS = ((12, 6, 2, 1), 60)
ACKNOWLEDGED = Entry(hours(1), What.ACKNOWLEDGED, ADA, "on it", facts={"admin": "ada@example.com"})


def reminder(before, *, sms=False):
    return Moment(DEADLINE - timedelta(hours=before), Kind.REMINDER, sms)


OVERDUE = Moment(DEADLINE, Kind.OVERDUE, sms=True)
UNACKNOWLEDGED = Moment(hours(1), Kind.UNACKNOWLEDGED, sms=True)


def test_a_clock_strikes_when_nobody_says_anything_before_the_deadline_and_at_it():
    late = [reminder(2, sms=True), reminder(1, sms=True)]
    assert moments(DEADLINE, hours(0), hours(0), *DEFAULTS) == (
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
    assert [one.kind for one in moments(DEADLINE, hours(0), hours(now), *settings)] == kinds


def test_a_limit_of_months_has_no_clock():
    far = hours(0) + LONGEST + timedelta(hours=1)
    assert [one.kind for one in moments(far, hours(0), hours(0), *DEFAULTS)][-1] is Kind.REMINDER


@pytest.mark.parametrize(
    ("entries", "reason"),
    [
        ([FIRST, ANSWERED], Reason.ANSWERED),
        ([FIRST, RESOLVED], Reason.RESOLVED),
        ([FIRST, entry(What.CLOSED, 3, who=ADA)], Reason.CLOSED),
        ([FIRST, notice(NoticeKind.FOLLOW_UP, 5)], Reason.MOVED),
        ([FIRST, ANSWERED, notice(NoticeKind.FOLLOW_UP, 20)], Reason.MOVED),  # it was answered, and AWS asks again
    ],
)
@pytest.mark.parametrize("moment", [UNACKNOWLEDGED, reminder(2, sms=True), OVERDUE])
def test_a_clock_stops_with_a_reason(entries, reason, moment):
    assert said_at(case_file(CASE, entries), moment, DEADLINE) == Silence(reason, ends=True)


def test_what_is_still_missing_is_said():
    case = case_file(CASE, [FIRST, entry(What.ASKED, 1, INSTANCE)])
    said = said_at(case, reminder(2, sms=True), DEADLINE)
    assert said == Reminder(
        reminder(2, sms=True), EVERYBODY, sms=True, missing=("answer", f"decide {INSTANCE}", "acknowledge")
    )


@pytest.mark.parametrize(
    ("moment", "to"),
    [
        (reminder(12), "ada@example.com"),
        (reminder(2, sms=True), "ada@example.com"),
        (reminder(1.01, sms=True), "ada@example.com"),
        (reminder(1, sms=True), EVERYBODY),
        (OVERDUE, EVERYBODY),
    ],
)
def test_an_acknowledgement_calms_it_until_the_last_hour(moment, to):
    said = said_at(case_file(CASE, [FIRST, ACKNOWLEDGED]), moment, DEADLINE)
    assert (said.to, said.sms) == (to, moment.sms)
    assert "acknowledge" not in said.missing


def test_who_is_on_it_is_not_asked_for():
    case = case_file(CASE, [FIRST, ACKNOWLEDGED])
    assert said_at(case, UNACKNOWLEDGED, DEADLINE) == Silence(Reason.ACKNOWLEDGED, ends=False)


def test_an_acknowledgement_of_nobody_on_the_list_calms_nothing():
    unknown = entry(What.ACKNOWLEDGED, 1, who=ADA)
    assert said_at(case_file(CASE, [FIRST, unknown]), reminder(12), DEADLINE).to == EVERYBODY


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
        assert Moment.from_json(one.to_json()) == one


SETTINGS = st.tuples(
    st.lists(st.floats(0.25, 72), max_size=10, unique=True).map(lambda some: tuple(sorted(some, reverse=True))),
    st.none() | st.integers(1, 1440),
)


@given(SETTINGS, st.floats(-30, 400), st.floats(-10, 100), st.floats(0, 50))
def test_it_strikes_in_order_ahead_and_no_more_often_than_it_is_set_to(settings, due, told, now):
    remind_hours, minutes = settings
    struck = moments(hours(due), hours(told), hours(now), remind_hours, minutes)
    times = [one.at for one in struck]
    assert times == sorted(times)
    assert all(hours(now) < one <= hours(now) + LONGEST for one in times)
    kinds = [one.kind for one in struck]
    assert kinds.count(Kind.REMINDER) <= len(remind_hours)
    assert kinds.count(Kind.OVERDUE) <= 1
    assert kinds.count(Kind.UNACKNOWLEDGED) <= (minutes is not None)
    assert all(one.at < hours(due) for one in struck if one.kind is Kind.REMINDER)


# An acknowledgement as the desk notes it, beside whatever else happens in a case.
ENTRIES = st.lists(
    OTHERS
    | st.builds(
        lambda at: Entry(hours(at), What.ACKNOWLEDGED, ADA, "", facts=MappingProxyType({"admin": "ada@example.com"})),
        st.integers(0, 100),
    ),
    max_size=6,
)


@given(st.lists(NOTICES, min_size=1, max_size=4), ENTRIES, SETTINGS)
def test_what_it_says_holds_to_the_case(notices, others, settings):
    """Played to its end: each moment is told what the case was like by then."""
    first = case_file(CASE, notices)
    if first.deadline is None:
        return
    deadline, stopped = first.deadline.at, False
    for moment in moments(deadline, hours(0), hours(-1), *settings):
        case = case_file(CASE, [*notices, *(one for one in others if one.at <= moment.at)])
        said = said_at(case, moment, deadline)
        if isinstance(said, Silence):
            stopped = stopped or said.ends
            assert said.ends or (moment.kind is Kind.UNACKNOWLEDGED and case.acknowledged)
            continue
        assert case.is_running
        assert not stopped, "a clock that has stopped stays silent"
        assert case.proven or not said.sms, "a forger must not be able to send an SMS"
        assert "answer" in said.missing
        assert said.to == EVERYBODY or case.acknowledged
        if moment.at >= deadline - ALL_WITHIN:
            assert said.to == EVERYBODY
