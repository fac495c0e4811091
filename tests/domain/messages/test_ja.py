"""The messages in Japanese: every message of the other tables here, in `golden/ja/`; `REGENERATE=1` writes them anew.

What is said where is the same in every language and tested in English; here are the words, and what is of Japanese.
"""

import json
import os
import re
import string
from dataclasses import replace
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings

from lambdas.domain.containment.outcome import STEPS, Outcome, StepResult
from lambdas.domain.instance.instance import Instance
from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.messages.alerts import first_alert, relayed_mail
from lambdas.domain.messages.report import containment_report
from lambdas.domain.policy import Verdict
from lambdas.domain.reading.abuse_type import ABUSE_TYPES
from lambdas.domain.release import STEPS as RELEASE_STEPS
from tests.domain.messages import (
    test_en,
    test_quarantine_check,
    test_release,
    test_reminders,
    test_roster,
    test_unproven_mail,
)
from tests.samples import CASE, INSTANCE, MAIL, PROVEN, RUNNING, UNPROVEN, as_said, decision, instance, matter, notice

EN, JA = CATALOGUE["en"], CATALOGUE["ja"].at("Asia/Tokyo")
GOLDEN = Path(__file__).parent / "golden" / "ja"
TABLES = {
    "": test_en,
    "release/": test_release,
    "reminders/": test_reminders,
    "roster/": test_roster,
    "unproven-mail/": test_unproven_mail,
    "watch/": test_quarantine_check,
}
MESSAGES = {f"{folder}{name}": write for folder, test in TABLES.items() for name, write in test.MESSAGES.items()}


@pytest.mark.parametrize("name", MESSAGES)
def test_golden(name):
    file, text = GOLDEN / f"{name}.txt", test_en.shown(MESSAGES[name](JA))
    if os.environ.get("REGENERATE"):
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    assert text == file.read_text(encoding="utf-8")


def test_no_golden_file_is_left_over():
    assert {str(file.relative_to(GOLDEN).with_suffix("")) for file in GOLDEN.rglob("*.txt")} == set(MESSAGES)


LEVELS = {"URGENT": "至急", "ACTION": "要対応", "WARNING": "警告", "INFO": "情報"}
INVISIBLE = re.compile(r"[^\x20-\x7e\xa0-\U0010ffff]|[\xad\u200b-\u200f\u202a-\u202e\u2028\u2029\u2066-\u2069\ufeff]")


def check(message):
    """What holds of every message, whatever stands in the mail."""
    assert len(message.subject) < 100
    assert message.subject.startswith(tuple(f"{level}: " for level in LEVELS.values()))
    assert not INVISIBLE.search(message.subject)
    if message.sms is not None:
        assert len(message.sms) <= 70  # one SMS in UCS-2
        assert not INVISIBLE.search(message.sms)
    assert len(message.body.encode()) <= 256 * 1024
    assert not INVISIBLE.search(re.sub(r"[\n\t]", "", message.body))
    assert not test_en.LIVE.search(
        re.sub(r"https://eu-central-1\.console\.aws\.amazon\.com/states/\S*", "", message.body)
    )


@pytest.mark.parametrize("name", MESSAGES)
def test_every_message(name):
    check(MESSAGES[name](JA))


@pytest.mark.parametrize("name", MESSAGES)
def test_it_is_as_urgent_as_in_english_and_names_the_same_things(name):
    """Nothing is left out: ids, numbers of cases, commands and AWS's words stand in both."""
    japanese, english = MESSAGES[name](JA), MESSAGES[name](EN)
    assert japanese.subject.startswith(f"{LEVELS[english.subject.partition(':')[0]]}: ")
    assert bool(japanese.sms) is bool(english.sms)
    for pattern in (
        r"\b(?:i|eni|vol|snap|sg|nat)-\w+",
        rf"\b{CASE}\b",
        r"(?:aws|python -m desk) [a-z][^`\n]*",
        r"> .*",
    ):
        assert found(pattern, japanese) == found(pattern, english)
    assert set(re.findall(r"\bi-[0-9a-f]{17}\b", english.subject)) <= set(
        re.findall(r"i-[0-9a-f]{17}", japanese.subject)
    )


def found(pattern, message):
    return sorted(re.findall(pattern, message.body, re.ASCII))  # else Japanese would join the word before it


@pytest.mark.parametrize("name", [name for name, write in MESSAGES.items() if write(EN).sms])
def test_an_sms_is_whole(name):
    sms = MESSAGES[name](JA).sms
    assert CASE in sms or "not-handled" in name or name.startswith("roster/")


@pytest.mark.parametrize("kind", [NoticeKind.FIRST_NOTICE, NoticeKind.FOLLOW_UP, NoticeKind.ACTION_TAKEN])
@pytest.mark.parametrize("abuse_type", [None, *ABUSE_TYPES])
def test_every_type_fits_and_its_case_can_be_read(abuse_type, kind):
    message = first_alert(JA, matter(notice_abuse_type=abuse_type, notice_kind=kind), "")
    check(message)
    assert message.subject.endswith(f" {INSTANCE} (ケース {CASE})")
    assert f"期限 11/17 16:42 日本時間。ケース{CASE}" in message.sms


def test_the_first_line_says_what_is_claimed_how_urgent_it_is_and_by_when():
    first = first_alert(JA, matter(), "").body.splitlines()[0]
    assert first.startswith(f"AWSからの不正利用の報告: ポートスキャン(対象: {INSTANCE})。至急: ")
    assert "2026年11月17日(火) 16:42 日本時間 (07:42 UTC)までにAWSへ回答してください" in first
    unproven = first_alert(JA, matter(proof=UNPROVEN), "").body.splitlines()[0]
    assert unproven.startswith("AWSからと証明できないメールによる")
    assert "要確認" in unproven


@pytest.mark.parametrize("name", MESSAGES)
def test_contained_is_said_only_of_what_was_read_back(name):
    japanese, english = MESSAGES[name](JA), MESSAGES[name](EN)
    assert ("隔離済み。" in japanese.body) is bool(re.search(r"(?<!NOT )CONTAINED, read back", english.body))


PLACES = string.Formatter()


def places(words):
    return {place for _, place, _, _ in PLACES.parse(words) if place}


# English needs no such words: a step is called as its state is, a time zone as IANA calls it.
ONLY_WHERE_NEEDED = ("step:", "zone:", "short_abuse:")
DATES = ("day", "date")


def test_no_words_are_missing_and_none_too_many():
    assert {name for name in JA.texts.keys() ^ EN.texts.keys() if not name.startswith(ONLY_WHERE_NEEDED)} == set()
    assert JA.page.keys() == EN.page.keys()


# Said of mails, dates and cases that no golden file shows.
RARE = {
    *("alert:resolved", "info", "relay:resolved:proven", "relay:resolved:unproven", "relay:no_date", "relay:not_read"),
    *("count:addresses", "count:both", "minutes:one", "date:zoned", "day:aside", "cut_off", "seen:then", "do:who"),
    *("facts:names_too", "facts:not_read", "none_named", "not_sought", "outcome:skipped"),
    *("result:nothing:unproven", "result:unknown:unproven"),
    # of a quoted report, see test_quoted_report.py
    *(
        "quoted_report",
        "quoted_report:type",
        "quoted_report:port",
        "quoted_report:events:one",
        "quoted_report:nothing",
        "no_zone",
    ),
    *("quoted_report:lines:one", "quoted_report:lines:many"),
}


@pytest.mark.parametrize("language", [EN, JA], ids=["en", "ja"])
def test_a_resolution_has_a_first_alert_too(language):
    alert = first_alert(language, matter(notice_kind=NoticeKind.RESOLVED, notice_resources=(), joined=True), "")
    assert alert.subject.startswith(f"{language.say('info')}: ")
    assert alert.sms is None


class Noted(dict):
    """The words, noting which are said."""

    def __init__(self, words):
        super().__init__(words)
        self.said = set()

    def __getitem__(self, name):
        self.said.add(name)
        return super().__getitem__(name)

    def get(self, name, default=None):
        self.said.add(name)
        return super().get(name, default)


def test_no_words_are_left_over():
    words = Noted(EN.texts)
    for write in MESSAGES.values():
        write(replace(EN, texts=words))
    assert {name for name in words.keys() - words.said if not name.startswith(("abuse:", "short_abuse:"))} == RARE


@pytest.mark.parametrize("name", [name for name in EN.texts if not name.startswith(DATES)])
def test_each_says_the_same_facts(name):
    assert places(JA.texts[name]) == places(EN.texts[name])


def test_every_step_has_a_name():
    named = {*STEPS, *RELEASE_STEPS, *states_that_may_fail()}
    assert {f"step:{name}" for name in named} == {one for one in JA.texts if one.startswith("step:")}


def states_that_may_fail():
    """The states of all machines whose failure the report names."""
    for file in (Path(__file__).parents[2] / "stacks" / "machines").glob("*.asl.json"):
        yield from failing(json.loads(file.read_text())["States"])


def failing(states):
    for name, state in states.items():
        told = json.dumps({part: state[part] for part in ("Catch", "Assign", "Output") if part in state})
        if "failures" in told and state["Type"] in {"Task", "Map", "Parallel"}:
            yield name
        for inner in (*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else ())):
            yield from failing(inner["States"])


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(words=test_en.HOSTILE)
def test_hostile_words_begin_no_line_of_ours(words):
    about, told = test_en.hostile_matter(words, PROVEN), as_said(words)
    one = Outcome(
        instance(tags={"Name": words}),
        decision(Verdict.ASK, words),
        (StepResult("Start snapshots", "failed", as_said(words)),),
        "",
    )
    mail = notice(kind=NoticeKind.NONE, reason=told, sender=words, subject=words, text=words, problems=(told,))
    for message in (
        first_alert(JA, about, about.notice.text),
        containment_report(JA, about, [one], [RUNNING], [told]),
        relayed_mail(JA, mail, UNPROVEN, MAIL, [told]),
    ):
        check(message)
        assert message.body.count("\n【今すべきこと】\n") <= 1


def test_a_subject_of_others_is_one_line_within_ours():
    mail = notice(kind=NoticeKind.NONE, subject="確認コード\r\nBcc: x@example.com\u202e" + "長" * 200)
    subject = relayed_mail(JA, mail, UNPROVEN, MAIL, []).subject
    assert subject.startswith("警告: AWSを名乗るだけのメール: 確認コード Bcc: x@example.com長")
    assert len(subject) == 99


def test_instances_are_told_apart():
    assert isinstance(test_en.CONTAINED.found, Instance)
    assert (
        f"{INSTANCE} (ap-northeast-1): 隔離済み。"
        in containment_report(JA, matter(), [test_en.CONTAINED], [RUNNING], []).body
    )


def test_its_time_zone_is_the_readers():
    assert JA.zone == ZoneInfo("Asia/Tokyo")
    assert "11/17 07:42 UTC" in first_alert(CATALOGUE["ja"], matter(), "").sms


# What stands in a message as it came: commands, words of AWS, mails behind marks, names of states and addresses.
AS_IT_CAME = re.compile(
    r"^> .*$|(?:aws|python -m desk) [a-z][^`\n]*|An error occurred .*|Given key ID .*|https?://\S+|hxxps?://\S+"
    r"|(?:Ada Admin|Ben Backup)\b|\w+(?:Exception|Error)(?:: .*)?$|States\.\w+|No quota left .*"
    r"|s3://\S+|arn:\S+|<[^>]*>|\"[^\"]*\"|件名: .*|Subject: .*|AWS側の措置: .*|コメント: .*|詳細: .*",
    re.MULTILINE,
)
SENTENCE = re.compile(r"(?:\b[A-Za-z][A-Za-z']*[ ,;:]+){3}[A-Za-z]{2,}")


@pytest.mark.parametrize("name", MESSAGES)
def test_no_sentence_of_ours_is_english(name):
    message = MESSAGES[name](JA)
    text = AS_IT_CAME.sub(" ", f"{message.body}\n{message.sms or ''}")
    assert [found[0] for found in SENTENCE.finditer(text)] == []
