"""What is said as keys and facts: it survives JSON, and words of older cases are quoted."""

import json
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.phrase import Phrase, combined, phrase, verbatim
from tests.samples import english

SINCE = datetime(2026, 11, 16, 7, 42, 8, tzinfo=UTC)
HELD = phrase("held:no_time_since", instance="i-0", address="203.0.113.77", since=SINCE)
DEEP = phrase("policy:quoted", holding=combined(HELD, verbatim("AuthFailure")))


@pytest.mark.parametrize("one", [HELD, DEEP, verbatim("x"), phrase("proof:uncovered", fields=["Date", "From"])])
def test_it_is_handed_on_exactly(one):
    assert Phrase.from_json(json.loads(json.dumps(one.to_json()))) == one
    assert Phrase.from_json(json.loads(json.dumps(asdict(one)))) == one
    assert {one: 1}[Phrase.from_json(one.to_json())] == 1


def test_words_of_an_older_case_are_verbatim():
    assert Phrase.from_json("the settings allow it") == verbatim("the settings allow it")


def test_several_are_one_after_the_other_and_one_is_itself():
    assert combined(HELD, None) == HELD
    assert combined(combined(HELD, verbatim("a")), verbatim("b")).parts == (HELD, verbatim("a"), verbatim("b"))
    assert english(combined(verbatim("a"), verbatim("b"))) == "a; b"


def test_what_is_among_the_facts_is_said():
    assert DEEP.contains(HELD)
    assert not HELD.contains(DEEP)


def test_a_moment_is_told_in_the_readers_way():
    japanese = CATALOGUE["ja"].at("Asia/Tokyo").render(HELD)
    assert "since 16 Nov 2026 07:42:08 UTC;" in english(HELD)
    assert "2026年11月16日 16:42:08 日本時間 (07:42:08 UTC) から" in japanese


@pytest.mark.parametrize(
    "one", [Phrase("of:tomorrow", {"instance": "i-0"}), Phrase("held:no_time", {"instance": "i-0"})]
)
def test_what_another_release_has_said_keeps_no_message_from_the_admins(one):
    assert english(one) == f"{one.key}: i-0"
