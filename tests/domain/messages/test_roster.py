"""What is told of the roster; the messages stand in `golden/roster/`, `REGENERATE=1` writes them anew."""

import os
import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.admins.roster import Done, Finding, Reach, Topic, Trouble, as_told, news
from lambdas.domain.messages import CATALOGUE, Roster
from tests.samples import ACCOUNT, SENT

EN = CATALOGUE["en"]
GOLDEN = Path(__file__).parent / "golden" / "roster"
EXECUTION = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:roster:0b57a4de"
ARN = f"arn:aws:sns:eu-central-1:{ACCOUNT}:admins:0b57a4de-7b57-4a4d-8e7b-57a4de7b57a4"
DAY = timedelta(days=1)
ALL = Reach(cases=2, alarms=2, sms=1)

BEN = Finding(Trouble.UNCONFIRMED, Topic.CASES, "email", "ben@example.com", "Ben Backup", done=Done.ASKED)
BENS_ALARMS = Finding(Trouble.MISSING, Topic.ALARMS, "email", "ben@example.com", "Ben Backup", done=Done.ASKED)
ADA = Finding(Trouble.MISSING, Topic.CASES, "email", "ada@example.com", "Ada Admin", done=Done.ASKED)
PHONE = Finding(Trouble.OPTED_OUT, Topic.CASES, "sms", "+12025550123", "Ada Admin")
NOT_VERIFIED = Finding(Trouble.NOT_VERIFIED, Topic.CASES, "sms", "+12025550123", "Ada Admin")
NO_QUOTA = "No quota left for account"
FAILED = Finding(Trouble.SMS_FAILED, Topic.CASES, "sms", "+12025550123", "Ada Admin", NO_QUOTA, once="1")
AGAIN = Finding(Trouble.MISSING, Topic.CASES, "sms", "+12025550123", "Ada Admin", done=Done.SUBSCRIBED)
REFUSED = Finding(
    Trouble.MISSING,
    Topic.CASES,
    "email",
    "ben@example.com",
    "Ben Backup",
    words="An error occurred (SubscriptionLimitExceeded) when calling the Subscribe operation: too many",
    done=Done.REFUSED,
)
POLICY = {"channel": ["email"], "language": ["en"], "time_zone": ["UTC"], "to": ["all", "ben@example.com"]}
FILTER = Finding(Trouble.OTHER_FILTER, Topic.CASES, "email", "ben@example.com", "Ben Backup", ARN, policy=POLICY)
STRANGER = Finding(Trouble.STRANGER, Topic.CASES, "https", "https://hook.example.org/in", words=ARN)
FORMER = Finding(Trouble.STRANGER, Topic.CASES, "email", "carl@example.com", words=ARN)
QUEUE = Finding(Trouble.STRANGER, Topic.ALARMS, "sqs", f"arn:aws:sqs:eu-central-1:{ACCOUNT}:queue", words=ARN)
UNKNOWN = Finding(Trouble.SMS_UNKNOWN, protocol="sms", words="An error occurred (InvalidAction): no SMS in this Region")
NOT_CHECKED = Finding(Trouble.NOT_CHECKED, words="AccessDeniedException: may not list")


def found(*findings, reach=ALL, before=(), later=DAY):
    """What is news the day after `before` was told."""
    told = as_told(news(None, before, ALL, SENT)) if before else None
    return Roster(news(told, findings, reach, SENT + (later if before else 0 * DAY)), EXECUTION)


MESSAGES = {
    "unconfirmed": lambda voice: voice.roster_report(found(BEN)),
    "taken-off": lambda voice: voice.roster_report(found(ADA, BENS_ALARMS)),
    "taken-off-and-refused": lambda voice: voice.roster_report(found(REFUSED)),
    "one-again-one-still-not": lambda voice: voice.roster_report(found(BEN, before=(BEN, ADA))),
    "all-again": lambda voice: voice.roster_report(found(before=(BEN, ADA, PHONE))),
    "nobody": lambda voice: voice.roster_report(found(BEN, ADA, reach=Reach(0, 2, 1))),
    "nobody-hears-alarms": lambda voice: voice.roster_report(found(BENS_ALARMS, reach=Reach(2, 0, 1))),
    "phone-stopped": lambda voice: voice.roster_report(found(PHONE)),
    "phone-again": lambda voice: voice.roster_report(found(AGAIN)),
    "sandbox": lambda voice: voice.roster_report(found(NOT_VERIFIED)),
    "sms-failed": lambda voice: voice.roster_report(found(FAILED)),
    "sms-unknown": lambda voice: voice.roster_report(found(UNKNOWN)),
    "other-filter": lambda voice: voice.roster_report(found(FILTER)),
    "stranger": lambda voice: voice.roster_report(found(STRANGER)),
    "stranger-by-mail-and-queue": lambda voice: voice.roster_report(found(FORMER, QUEUE)),
    "asked-today": lambda voice: voice.roster_report(found(replace(BEN, done=Done.ASKED_TODAY))),
    "not-checked": lambda voice: voice.roster_report(found(NOT_CHECKED, reach=None)),
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
    findings = [Finding(one, Topic.CASES, "email", endpoint, name, words) for one in Trouble]
    for voice in CATALOGUE.values():
        message, calm = (voice.roster_report(found(*some)) for some in (findings, ()))
        assert len(message.subject) < 100
        assert len(message.body.encode()) < 256 * 1024
        assert calm.body
        heads = re.findall(r"(?m)^(?!  |$|    |     )(.*)$", message.body)
        assert len(heads) == 3  # the first line and two headings
