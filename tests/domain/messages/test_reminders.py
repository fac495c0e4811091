"""What is told of a case as it stands; the messages stand in `golden/reminders/`, `REGENERATE=1` writes them anew."""

import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.case import case_from_entries
from lambdas.domain.case.clock import Reminder, ReminderKind, ScheduledReminder, reminder_at
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.messages import CaseUpdate
from lambdas.domain.messages.reminders import (
    acknowledged,
    answered,
    approved,
    closed,
    containment_not_started,
    declined,
    overdue,
    reminder,
    unacknowledged,
    undecided,
)
from tests.domain.case.test_case import ADA, FIRST, RESOLVED, entry, hours, notice
from tests.samples import ACCOUNT, CASE, INSTANCE, as_said

EN = CATALOGUE["en"]
GOLDEN = Path(__file__).parent / "golden" / "reminders"
OTHER = "i-0b57a4de7b57a4de7"
CLOCK = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:clock:{CASE}-1794901328"
DESK = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:desk:0b57a4de"
DEADLINE = hours(24)

CONTAINED = entry(EntryKind.CONTAINED, 0.01, INSTANCE)
OUT = entry(EntryKind.BROKEN, 0.2, OTHER)
ASKED = entry(EntryKind.ASKED, 0.01, OTHER)
UNPROVEN = notice(proven=False)
ACKNOWLEDGED = TimelineEntry(hours(1.5), EntryKind.ACKNOWLEDGED, ADA, "", details={"admin": "ada@example.com"})
APPROVED = TimelineEntry(hours(3), EntryKind.APPROVED, ADA, "it is ours, and it scans", OTHER)
DECLINED = TimelineEntry(hours(3), EntryKind.DECLINED, ADA, "our own load test", OTHER)
SILENCE = entry(EntryKind.UNDECIDED, 22, OTHER)
REFUSED = "StepFunctions.AccessDeniedException: may not start it"
ANSWERED = TimelineEntry(hours(10), EntryKind.ANSWERED, ADA, "told them that the key was exchanged")
CLOSED = TimelineEntry(hours(11), EntryKind.CLOSED, ADA, "no mail of AWS's: our own drill")


def update(*entries, at=10.0, execution=DESK):
    return CaseUpdate(case_from_entries(CASE, entries), hours(at), execution)


def struck(voice, kind, at, *entries):
    """What the clock says at a moment, in the words of the language."""
    moment = ScheduledReminder(hours(at), kind, sms=kind is not ReminderKind.REMINDER or at >= 22)
    case = case_from_entries(CASE, entries)
    said = reminder_at(case, moment, DEADLINE)
    assert isinstance(said, Reminder)
    write = {
        ReminderKind.REMINDER: reminder,
        ReminderKind.OVERDUE: overdue,
        ReminderKind.UNACKNOWLEDGED: unacknowledged,
    }[kind]
    return write(voice, CaseUpdate(case, hours(at) + timedelta(seconds=2), CLOCK), said)


MESSAGES = {
    "reminder-12-hours": lambda voice: struck(voice, ReminderKind.REMINDER, 12, FIRST, CONTAINED),
    "reminder-2-hours": lambda voice: struck(voice, ReminderKind.REMINDER, 22, FIRST, CONTAINED, OUT),
    "reminder-acknowledged": lambda voice: struck(voice, ReminderKind.REMINDER, 18, FIRST, CONTAINED, ACKNOWLEDGED),
    "reminder-last-hour-acknowledged": lambda voice: struck(
        voice, ReminderKind.REMINDER, 23, FIRST, CONTAINED, ACKNOWLEDGED
    ),
    "reminder-unproven": lambda voice: struck(voice, ReminderKind.REMINDER, 22.75, UNPROVEN, ASKED),
    "overdue": lambda voice: struck(voice, ReminderKind.OVERDUE, 24, FIRST, CONTAINED, ASKED),
    "overdue-unproven": lambda voice: struck(voice, ReminderKind.OVERDUE, 24, UNPROVEN),
    "unacknowledged": lambda voice: struck(voice, ReminderKind.UNACKNOWLEDGED, 1, FIRST, CONTAINED),
    "unacknowledged-unproven": lambda voice: struck(voice, ReminderKind.UNACKNOWLEDGED, 1, UNPROVEN, ASKED),
    "acknowledged": lambda voice: acknowledged(voice, update(FIRST, CONTAINED, ACKNOWLEDGED), ACKNOWLEDGED),
    "acknowledged-answered": lambda voice: acknowledged(voice, update(FIRST, ACKNOWLEDGED, ANSWERED), ACKNOWLEDGED),
    "approved": lambda voice: approved(voice, update(UNPROVEN, ASKED, APPROVED), APPROVED),
    "declined": lambda voice: declined(voice, update(FIRST, CONTAINED, ASKED, DECLINED), DECLINED),
    "undecided": lambda voice: undecided(voice, update(FIRST, CONTAINED, ASKED, SILENCE, at=22), OTHER),
    "undecided-unproven": lambda voice: undecided(voice, update(UNPROVEN, ASKED, SILENCE, at=22), OTHER),
    "not-begun": lambda voice: containment_not_started(
        voice, update(FIRST, ASKED, APPROVED), OTHER, [as_said(REFUSED)]
    ),
    "answered": lambda voice: answered(voice, update(FIRST, CONTAINED, ASKED, ACKNOWLEDGED, ANSWERED), ANSWERED),
    "closed": lambda voice: closed(voice, update(FIRST, CONTAINED, ANSWERED, CLOSED), CLOSED),
    "closed-unanswered": lambda voice: closed(voice, update(FIRST, CONTAINED, CLOSED), CLOSED),
    "closed-unproven": lambda voice: closed(voice, update(UNPROVEN, ASKED, CLOSED), CLOSED),
    "closed-resolved": lambda voice: closed(
        voice, update(FIRST, RESOLVED, replace(CLOSED, at=hours(31), words="")), CLOSED
    ),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_golden(name):
    message, file = MESSAGES[name](EN), GOLDEN / f"{name}.txt"
    text = f"Subject: {message.subject}\nSMS: {message.sms or 'none'}\n\n{message.body}\n"
    if os.environ.get("REGENERATE"):
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    assert {file.stem for file in GOLDEN.iterdir()} == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_subject_says_what_how_urgent_and_of_which_case(name):
    message = MESSAGES[name](EN)
    assert len(message.subject) < 100
    assert re.fullmatch(rf"(URGENT|WARNING|ACTION|INFO): [ -~]*{CASE}\)", message.subject)
    assert "..." not in message.subject


@pytest.mark.parametrize("name", MESSAGES)
def test_an_sms_is_short_and_of_a_proven_case_only(name):
    message = MESSAGES[name](EN)
    assert not message.sms or re.fullmatch(r"[ -~]{1,140}", message.sms)
    assert bool(message.sms) == message.subject.startswith("URGENT")
    assert not ("unproven" in name and message.sms)


@pytest.mark.parametrize("name", [name for name in MESSAGES if name.startswith(("reminder", "overdue", "unack"))])
def test_the_first_line_says_by_when_and_the_rest_what_is_missing(name):
    first, *rest = MESSAGES[name](EN).body.splitlines()
    assert "Tue 17 Nov 2026 07:42 UTC" in first
    assert CASE in first
    said = "\n".join(rest)
    assert "STILL TO DO\n  1. " in said
    assert f"     python -m desk {'close' if 'unproven' in name else 'reply'} {CASE}" in said
    assert (f"     python -m desk ack {CASE}" in said) is ("acknowledged" not in name or name.startswith("una"))
    assert f"python -m desk show {CASE}" in said


def test_what_is_not_decided_comes_with_both_commands():
    body = MESSAGES["overdue"](EN).body
    for verb in ("approve", "decline"):
        assert f"     python -m desk {verb} {CASE} {OTHER}\n" in body


@pytest.mark.parametrize(
    ("at", "left"),
    [(12, "12 hours"), (22.75, "1 hour 15 minutes"), (23, "1 hour"), (23.5, "30 minutes"), (23.999, "0 minutes")],
)
def test_how_long_is_left_is_said_to_the_minute(at, left):
    assert f"{left} left" in struck(EN, ReminderKind.REMINDER, at, FIRST).subject


@given(st.lists(st.sampled_from(["\n", "\r\nTHE CASE", "https://evil.example", "\u202e", "x" * 3000])))
def test_words_of_others_begin_no_line_of_ours(parts):
    words = "".join(parts)
    done = TimelineEntry(hours(10), EntryKind.ANSWERED, f"arn:{words}", words, details={"admin": words})
    for write in (acknowledged, answered, closed):
        message = write(EN, update(FIRST, done), done)
        assert message.body.count("\nTHE CASE") == 1
        assert "\u202e" not in message.body
        assert "https://evil" not in message.body
        assert len(message.subject) < 100
