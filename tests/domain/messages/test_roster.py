"""What is told of the roster; the messages stand in `golden/roster/`, `REGENERATE=1` writes them anew."""

import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.admins.roster import (
    AdminTopic,
    DeliveryProblem,
    ReachCounts,
    RepairResult,
    RosterFinding,
    as_last_report,
    roster_changes,
)
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.messages import RosterReport
from lambdas.domain.messages.roster import roster_report
from tests.samples import ACCOUNT, SENT

EN = CATALOGUE["en"]
GOLDEN = Path(__file__).parent / "golden" / "roster"
EXECUTION = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:roster:0b57a4de"
ARN = f"arn:aws:sns:eu-central-1:{ACCOUNT}:admins:0b57a4de-7b57-4a4d-8e7b-57a4de7b57a4"
DAY = timedelta(days=1)
ALL = ReachCounts(cases=2, alarms=2, sms=1)

BEN = RosterFinding(
    DeliveryProblem.UNCONFIRMED, AdminTopic.CASES, "email", "ben@example.com", "Ben Backup", done=RepairResult.ASKED
)
BENS_ALARMS = RosterFinding(
    DeliveryProblem.MISSING, AdminTopic.ALARMS, "email", "ben@example.com", "Ben Backup", done=RepairResult.ASKED
)
ADA = RosterFinding(
    DeliveryProblem.MISSING, AdminTopic.CASES, "email", "ada@example.com", "Ada Admin", done=RepairResult.ASKED
)
PHONE = RosterFinding(DeliveryProblem.OPTED_OUT, AdminTopic.CASES, "sms", "+12025550123", "Ada Admin")
NOT_VERIFIED = RosterFinding(DeliveryProblem.NOT_VERIFIED, AdminTopic.CASES, "sms", "+12025550123", "Ada Admin")
NO_QUOTA = "No quota left for account"
FAILED = RosterFinding(
    DeliveryProblem.SMS_FAILED, AdminTopic.CASES, "sms", "+12025550123", "Ada Admin", NO_QUOTA, occurrence="1"
)
AGAIN = RosterFinding(
    DeliveryProblem.MISSING, AdminTopic.CASES, "sms", "+12025550123", "Ada Admin", done=RepairResult.SUBSCRIBED
)
REFUSED = RosterFinding(
    DeliveryProblem.MISSING,
    AdminTopic.CASES,
    "email",
    "ben@example.com",
    "Ben Backup",
    words="An error occurred (SubscriptionLimitExceeded) when calling the Subscribe operation: too many",
    done=RepairResult.REFUSED,
)
POLICY = {"channel": ["email"], "language": ["en"], "time_zone": ["UTC"], "to": ["all", "ben@example.com"]}
FILTER = RosterFinding(
    DeliveryProblem.OTHER_FILTER, AdminTopic.CASES, "email", "ben@example.com", "Ben Backup", ARN, policy=POLICY
)
STRANGER = RosterFinding(DeliveryProblem.STRANGER, AdminTopic.CASES, "https", "https://hook.example.org/in", words=ARN)
FORMER = RosterFinding(DeliveryProblem.STRANGER, AdminTopic.CASES, "email", "carl@example.com", words=ARN)
QUEUE = RosterFinding(
    DeliveryProblem.STRANGER, AdminTopic.ALARMS, "sqs", f"arn:aws:sqs:eu-central-1:{ACCOUNT}:queue", words=ARN
)
UNKNOWN = RosterFinding(
    DeliveryProblem.SMS_UNKNOWN, protocol="sms", words="An error occurred (InvalidAction): no SMS in this Region"
)
NOT_CHECKED = RosterFinding(DeliveryProblem.NOT_CHECKED, words="AccessDeniedException: may not list")


def found(*findings, reach=ALL, before=(), later=DAY):
    """What is news the day after `before` was told."""
    told = as_last_report(roster_changes(None, before, ALL, SENT)) if before else None
    return RosterReport(roster_changes(told, findings, reach, SENT + (later if before else 0 * DAY)), EXECUTION)


MESSAGES = {
    "unconfirmed": lambda voice: roster_report(voice, found(BEN)),
    "taken-off": lambda voice: roster_report(voice, found(ADA, BENS_ALARMS)),
    "taken-off-and-refused": lambda voice: roster_report(voice, found(REFUSED)),
    "one-again-one-still-not": lambda voice: roster_report(voice, found(BEN, before=(BEN, ADA))),
    "all-again": lambda voice: roster_report(voice, found(before=(BEN, ADA, PHONE))),
    "nobody": lambda voice: roster_report(voice, found(BEN, ADA, reach=ReachCounts(0, 2, 1))),
    "nobody-hears-alarms": lambda voice: roster_report(voice, found(BENS_ALARMS, reach=ReachCounts(2, 0, 1))),
    "phone-stopped": lambda voice: roster_report(voice, found(PHONE)),
    "phone-again": lambda voice: roster_report(voice, found(AGAIN)),
    "sandbox": lambda voice: roster_report(voice, found(NOT_VERIFIED)),
    "sms-failed": lambda voice: roster_report(voice, found(FAILED)),
    "sms-unknown": lambda voice: roster_report(voice, found(UNKNOWN)),
    "other-filter": lambda voice: roster_report(voice, found(FILTER)),
    "stranger": lambda voice: roster_report(voice, found(STRANGER)),
    "stranger-by-mail-and-queue": lambda voice: roster_report(voice, found(FORMER, QUEUE)),
    "asked-today": lambda voice: roster_report(voice, found(replace(BEN, done=RepairResult.ASKED_TODAY))),
    "not-checked": lambda voice: roster_report(voice, found(NOT_CHECKED, reach=None)),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_golden(name):
    message, file = MESSAGES[name](EN), GOLDEN / f"{name}.txt"
    text = f"Subject: {message.subject}\nSMS: {message.sms or 'none'}\n\n{message.body}\n"
    if os.environ.get("REGENERATE"):
        file.parent.mkdir(exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    assert {file.stem for file in GOLDEN.iterdir()} == set(MESSAGES)


@pytest.mark.parametrize("name", MESSAGES)
def test_the_subject_says_how_urgent_and_is_one_that_sns_takes(name):
    message = MESSAGES[name](EN)
    assert re.fullmatch(r"(URGENT|WARNING|ACTION|INFO): [ -~]*", message.subject)
    assert len(message.subject) < 100
    assert "..." not in message.subject


@pytest.mark.parametrize("name", MESSAGES)
def test_an_sms_is_sent_only_where_no_mail_about_cases_arrives(name):
    message = MESSAGES[name](EN)
    assert bool(message.sms) == (name == "nobody")
    assert not message.sms or len(message.sms) <= 140


@pytest.mark.parametrize("name", MESSAGES)
def test_no_message_shows_a_whole_number(name):
    """A mail goes further than its readers; its owner and colleagues know it by its ends."""
    for voice in CATALOGUE.values():
        assert "2025550" not in MESSAGES[name](voice).body


@pytest.mark.parametrize("name", [name for name in MESSAGES if name not in {"all-again", "phone-again"}])
def test_what_stands_comes_with_its_day_and_what_to_do(name):
    body = MESSAGES[name](EN).body
    assert "    since   Mon 16 Nov 2026 07:42 UTC" in body
    assert "WHAT TO DO NOW\n  1. " in body


WORDS = st.text(max_size=200)


@given(WORDS, WORDS, WORDS)
def test_words_of_others_begin_no_line_and_fit(name, endpoint, words):
    findings = [RosterFinding(one, AdminTopic.CASES, "email", endpoint, name, words) for one in DeliveryProblem]
    for voice in CATALOGUE.values():
        message, calm = (roster_report(voice, found(*some)) for some in (findings, ()))
        assert len(message.subject) < 100
        assert len(message.body.encode()) < 256 * 1024
        assert calm.body
        heads = re.findall(r"(?m)^(?!  |$|    |     )(.*)$", message.body)
        assert len(heads) == 3  # the first line and two headings
