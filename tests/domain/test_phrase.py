"""Phrases survive JSON, contain each other, and read well in every language."""

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


@pytest.mark.parametrize("saved", [HELD, DEEP, verbatim("x"), phrase("proof:uncovered", fields=["Date", "From"])])
def test_a_phrase_survives_json(saved):
    assert Phrase.from_json(json.loads(json.dumps(saved.to_json()))) == saved
    assert Phrase.from_json(json.loads(json.dumps(asdict(saved)))) == saved
    assert {saved: 1}[Phrase.from_json(saved.to_json())] == 1


def test_a_bare_string_is_verbatim():
    assert Phrase.from_json("the settings allow it") == verbatim("the settings allow it")


def test_several_are_one_after_the_other_and_one_is_itself():
    assert combined(HELD, None) == HELD
    assert combined(combined(HELD, verbatim("a")), verbatim("b")).parts == (HELD, verbatim("a"), verbatim("b"))
    assert english(combined(verbatim("a"), verbatim("b"))) == "a; b"


def test_a_phrase_contains_its_values():
    assert DEEP.contains(HELD)
    assert not HELD.contains(DEEP)


def test_a_time_is_written_in_the_readers_way():
    japanese = CATALOGUE["ja"].at("Asia/Tokyo").render(HELD)
    assert "since 16 Nov 2026 07:42:08 UTC;" in english(HELD)
    assert "2026年11月16日 16:42:08 日本時間 (07:42:08 UTC) から" in japanese


@pytest.mark.parametrize(
    "saved", [Phrase("of:tomorrow", {"instance": "i-0"}), Phrase("held:no_time", {"instance": "i-0"})]
)
def test_an_unknown_key_or_value_still_reaches_the_admins(saved):
    assert english(saved) == f"{saved.key}: i-0"
