"""A case counts as answered when an admin has written to AWS about it, and only then."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lambdas.domain.case.case import CaseState
from lambdas.domain.phrase import Phrase
from lambdas.timeline import load_case
from tests.samples import ALL_PASS, CASE, PROVEN, RECEIVED, SENT, english, notice

ANSWERS = Path(__file__).parents[2] / "mails" / "answers"
LATER = RECEIVED + timedelta(hours=2)
OTHER = "12480039999"
pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def opened(call, stored, table):  # noqa: ARG001  it stands there
    """Open the case of the story, as its first notice does; `again` is a notice that came in after the answer."""

    def step(said=None, key="mail/1", at=RECEIVED):
        arrival = stored(b"x", key=key, received_at=at)
        call("read", "Open case", arrival=arrival, notice=(said or notice()).to_json(), proof=PROVEN.to_json())

    step()
    return step


@pytest.fixture
def copy(call, stored):
    """Let a mail come in and, where it is read as an answer, record it; returns the notice and what was recorded."""

    def step(name, key="mail/copy", verdicts=ALL_PASS):
        arrival = stored((ANSWERS / f"{name}.eml").read_bytes(), key=key, received_at=LATER, verdicts=verdicts)
        read = call("read", "Read notice", arrival=arrival)["notice"]
        if read["kind"] != "answer":
            return read, None
        return read, call("read", "Record answer", arrival=arrival, notice=read)

    return step


@pytest.mark.usefixtures("opened")
def test_the_clock_stops_and_the_timeline_says_who_wrote_to_whom(copy):
    _, recorded = copy("gmail-top-posting")
    case = load_case(CASE)
    assert (case.state, case.is_running) == (CaseState.ANSWERED, False)
    assert (case.answered.actor, case.answered.at) == ("ada@example.com", LATER)
    assert case.answered.words.startswith("ada@example.com has written to ec2-abuse@amazon.com: Re: Your Amazon EC2")
    assert case.answered.details == {"mail": "s3://mail-bucket/mail/copy"}
    assert recorded["answers"] == [{"case": CASE, "entry": case.answered.to_json()}]


@pytest.mark.usefixtures("opened")
def test_the_same_mail_under_two_keys_is_one_answer(copy):
    for key in ("mail/copy", "mail/copy", "mail/copy-by-a-list"):
        copy("gmail-top-posting", key=key)
    assert [entry.kind for entry in load_case(CASE).timeline] == ["notice", "answered"]


def test_a_case_that_nobody_knows_is_not_opened_by_an_answer(copy):
    _, recorded = copy("gmail-top-posting")
    assert recorded["answers"] == []
    assert english(Phrase.from_json(recorded["phrase"])).endswith(
        f"but the responder has no case {CASE}: nothing counts as answered"
    )
    assert load_case(CASE) is None


@pytest.mark.usefixtures("opened")
def test_an_answer_without_a_case_counts_for_none(copy):
    _, recorded = copy("no-case-at-all")
    assert recorded["answers"] == []
    assert english(Phrase.from_json(recorded["phrase"])).endswith("but it names no case: nothing counts as answered")
    assert load_case(CASE).is_running


def test_of_two_cases_in_the_subject_those_that_are_known_are_answered(opened, copy):
    assert [one["case"] for one in copy("two-cases-in-the-subject")[1]["answers"]] == [CASE]
    opened(notice(case_numbers=(OTHER,)), key="mail/2")
    assert [one["case"] for one in copy("two-cases-in-the-subject", key="mail/3")[1]["answers"]] == [CASE, OTHER]


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize("name", ["forged-dmarc-fails", "stranger", "vacation-of-an-admin", "to-a-look-alike-of-aws"])
def test_what_does_not_count_changes_nothing(copy, name):
    read, _ = copy(name, verdicts=replace(ALL_PASS, dmarc="FAIL") if name.startswith("forged") else ALL_PASS)
    assert read["kind"] == "none"
    assert load_case(CASE).is_running


def test_a_word_of_aws_after_the_answer_starts_the_clock_anew(opened, copy):
    copy("gmail-top-posting")
    opened(notice(kind="follow_up", sent_at=SENT + timedelta(hours=5)), key="mail/2", at=LATER + timedelta(hours=3))
    assert load_case(CASE).is_running
