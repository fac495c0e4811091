"""What the watch tells in English; the messages stand in `golden/watch/`, and `REGENERATE=1` writes them anew."""

import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.containment.quarantine_check import QuarantineCheck, QuarantineStatus
from lambdas.domain.containment.snapshot import Snapshot
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.messages.quarantine_check import quarantine_alarm, snapshots_alarm
from lambdas.domain.phrase import combined, phrase, verbatim
from tests.samples import CASE, INSTANCE, RUNNING, SENT, UNPROVEN, english, instance, matter

EN = CATALOGUE["en"]
GOLDEN = Path(__file__).parent / "golden" / "watch"

EVE = "arn:aws:sts::552071934480:assumed-role/ops/eve"


def change(event, at):
    return phrase("watch:change", event=event, who=EVE, source="203.0.113.5", at=at)


BROKEN = QuarantineCheck(
    QuarantineStatus.BROKEN,
    combined(
        phrase("quarantine:carries", interface="eni-0a1", groups=["sg-web"], group="sg-q"),
        phrase("quarantine:outbound", group="sg-q", count=1),
    ),
    ("eni-0a1", "sg-q"),
    (
        change("ModifyNetworkInterfaceAttribute", SENT + timedelta(minutes=90)),
        change("AuthorizeSecurityGroupEgress", SENT + timedelta(minutes=89)),
    ),
)
GONE = QuarantineCheck(QuarantineStatus.GONE, phrase("watch:shown_as", state="terminated"))
UNKNOWN = QuarantineCheck(
    QuarantineStatus.UNKNOWN,
    phrase("failure", error="ClientError", why=verbatim("An error occurred (RequestLimitExceeded)")),
)
SNAPSHOTS = combined(
    Snapshot("snap-01", "vol-0a1", "completed", "", "", "").phrase,
    Snapshot("snap-03", "", "error", "", "Given key ID is not accessible", "snap-01").phrase,
    phrase("snapshot:none", volume="vol-0a2"),
)

MESSAGES = {
    "broken": lambda voice: quarantine_alarm(voice, matter(), RUNNING, BROKEN),
    "broken-unproven": lambda voice: quarantine_alarm(voice, matter(proof=UNPROVEN), instance(tags={}), BROKEN),
    "gone": lambda voice: quarantine_alarm(voice, matter(), RUNNING, GONE),
    "not-checked": lambda voice: quarantine_alarm(voice, matter(), RUNNING, UNKNOWN),
    "snapshots": lambda voice: snapshots_alarm(voice, matter(), RUNNING, SNAPSHOTS),
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
    assert re.fullmatch(rf"(URGENT|WARNING|ACTION): [ -~]*{INSTANCE}[ -~]*{CASE}\)", message.subject)


@pytest.mark.parametrize("name", MESSAGES)
def test_only_a_quarantine_that_does_not_hold_wakes_people(name):
    message = MESSAGES[name](EN)
    assert bool(message.sms) == message.subject.startswith("URGENT") == name.startswith("broken")
    assert not message.sms or re.fullmatch(r"[ -~]{1,140}", message.sms)


def test_a_broken_quarantine_names_what_who_and_the_ways_on():
    body = MESSAGES["broken"](EN).body
    for one in (*BROKEN.phrase.parts, *BROKEN.changes):
        assert english(one) in body
    assert f"python -m desk approve {CASE} {INSTANCE}" in body
    assert f"aws ec2 stop-instances --region ap-northeast-1 --instance-ids {INSTANCE}" in body
    assert f"python -m desk release {CASE} {INSTANCE}" in body


@given(st.lists(st.sampled_from(["\n", "\r\nWHAT TO DO NOW", "https://evil.example", "\u202e", "x" * 3000, "; "])))
def test_words_of_others_begin_no_line_of_ours(parts):
    words = "".join(parts)
    named = instance(tags={"Name": words})
    for message in (
        quarantine_alarm(
            EN, matter(), named, QuarantineCheck(QuarantineStatus.BROKEN, verbatim(words), (), (verbatim(words),))
        ),
        quarantine_alarm(EN, matter(), named, QuarantineCheck(QuarantineStatus.UNKNOWN, verbatim(words))),
        snapshots_alarm(EN, matter(), named, verbatim(words)),
    ):
        assert message.body.count("\nWHAT TO DO NOW") == 1
        assert "\u202e" not in message.body
        assert "https://evil" not in message.body
