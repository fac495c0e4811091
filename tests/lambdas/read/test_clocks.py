"""Which clocks a notice sets, as "Open case" hands them to the state machine."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lambdas.domain.case.clock import clock_name
from lambdas.domain.case.identity import case_id
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import NoticeKind
from lambdas.timeline import add_entry
from tests.samples import ALL_PASS, CASE, FORWARDED, INSTANCE, MAIL_BUCKET, PROVEN, UNPROVEN, notice

pytestmark = pytest.mark.usefixtures("table")
NOW = datetime.now(UTC).replace(microsecond=0)
FIRST = notice(sent_at=NOW)
RESOLVED = notice(kind=NoticeKind.RESOLVED, sent_at=NOW + timedelta(seconds=5), resources=())


@pytest.fixture
def clocks(call):
    """The clocks that a notice sets which came in under a key."""

    def step(said, key="mail/1", proof=PROVEN, approved=()):
        arrival = Arrival(MAIL_BUCKET, key, said.sent_at + timedelta(seconds=3), ALL_PASS).to_json()
        given = {"arrival": arrival, "notice": said.to_json(), "proof": proof.to_json()}
        return call("read", "Open case", **given, approved=approved, undecided_instances=[])["clocks"]

    return step


def kinds(clock):
    return [one["kind"] for one in clock["moments"]]


def test_a_notice_that_asks_something_sets_one(clocks):
    (clock,) = clocks(FIRST)
    deadline = NOW + timedelta(hours=24)
    assert (clock["name"], clock["case"]) == (clock_name(CASE, deadline), CASE)
    assert clock["deadline"] == deadline.isoformat()
    assert kinds(clock) == ["unacknowledged", *["reminded"] * 4, "overdue"]
    assert clock["moments"][0]["at"] == (NOW + timedelta(seconds=3, minutes=60)).isoformat()


def test_the_settings_say_when(clocks, configure):
    configure(remind_hours=(0.5,))
    configure(acknowledge_minutes=None)
    (clock,) = clocks(FIRST)
    assert [one["at"] for one in clock["moments"]] == [
        (NOW + timedelta(hours=hours)).isoformat() for hours in (23.5, 24)
    ]


def test_without_reminders_it_strikes_when_it_is_overdue(clocks, configure):
    configure(remind_hours=())
    assert kinds(clocks(FIRST)[0]) == ["unacknowledged", "overdue"]


def test_the_same_mail_again_sets_the_same_clock(clocks):
    assert [one["name"] for one in clocks(FIRST)] == [one["name"] for one in clocks(FIRST)]


def test_a_follow_up_has_a_clock_of_its_own(clocks):
    (first,) = clocks(FIRST)
    (second,) = clocks(notice(kind=NoticeKind.FOLLOW_UP, sent_at=NOW + timedelta(hours=1)), "mail/2")
    assert first["name"] != second["name"]


@pytest.mark.parametrize("proof", [UNPROVEN, FORWARDED, replace(FORWARDED, trusted=True)])
def test_a_mail_that_proves_nothing_sets_no_clock_and_moves_none(clocks, proof):
    later = notice(kind=NoticeKind.FOLLOW_UP, sent_at=NOW + timedelta(hours=1), deadline_hours=1000.0)
    assert clocks(later, "mail/1", proof) == []
    (first,) = clocks(FIRST, "mail/2")
    assert clocks(later, "mail/3", proof) == []
    assert clocks(FIRST, "mail/2") == [first]


def test_aws_writing_to_another_account_sets_no_clock(clocks):
    assert clocks(replace(FIRST, account_ids=("666666666666",))) == []


def test_an_admins_approval_sets_the_clock_of_an_unproven_case(clocks):
    assert clocks(FIRST, proof=UNPROVEN) == []
    (clock,) = clocks(FIRST, proof=UNPROVEN, approved=[INSTANCE])
    assert clock["deadline"] == (NOW + timedelta(hours=24)).isoformat()
    later = notice(kind=NoticeKind.FOLLOW_UP, sent_at=NOW + timedelta(hours=1), deadline_hours=1.0)
    assert clocks(later, "mail/2", proof=UNPROVEN) == []
    assert clocks(FIRST, proof=UNPROVEN, approved=[INSTANCE]) == [clock]


def test_what_is_resolved_or_answered_sets_none(clocks):
    clocks(FIRST)
    add_entry(CASE, TimelineEntry(NOW + timedelta(seconds=4), EntryKind.ANSWERED, "arn:ada", ""), entry_id="act#1")
    assert clocks(FIRST) == []
    assert clocks(RESOLVED, "mail/2") == []


def test_what_came_in_long_after_its_deadline_sets_none(clocks):
    old = NOW - timedelta(days=30)
    assert clocks(replace(FIRST, sent_at=old)) == []


def test_each_case_of_a_notice_has_its_clock(clocks):
    both = replace(FIRST, case_numbers=(CASE, "10468407181-2"))
    assert case_id(both, "mail/1") == CASE
    assert [one["case"] for one in clocks(both)] == [CASE, "10468407181"]
