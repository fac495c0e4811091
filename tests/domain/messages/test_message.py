"""The parts that every language's messages are made of."""

import re
from datetime import UTC, datetime
from zoneinfo import available_timezones

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lambdas.domain.clean import one_line, quoted_lines, truncate_bytes
from lambdas.domain.language.catalogue import CATALOGUE

EN = CATALOGUE["en"]
TEXT = st.text(max_size=200)


@given(TEXT)
def test_words_of_others_stay_within_their_line(text):
    line = one_line(text, 80)
    assert len(line) <= 80
    assert line == " ".join(line.split())
    assert one_line(line, 80) == line


@given(TEXT)
def test_every_quoted_line_is_marked(text):
    assert all(line.startswith(">") for line in quoted_lines(text).split("\n"))


@given(TEXT, TEXT)
@example("x" * 98, "(case 12480031774)")
@example("x" * 300, "(case " + "1" * 300 + ")")
@example("", "")
def test_a_subject_is_one_that_sns_takes(head, tail):
    subject = EN.subject_with_suffix(head, tail)
    assert len(subject) < 100
    assert re.fullmatch(r"[ -~]*", subject)


def test_the_longest_tail_that_leaves_the_head_whole_is_taken():
    assert EN.subject_with_suffix("a" * 50, "b" * 40, "c") == f"{'a' * 50} {'b' * 40}"
    assert EN.subject_with_suffix("a" * 60, "b" * 40, "c" * 30) == f"{'a' * 60} {'c' * 30}"


def test_the_head_is_cut_where_no_tail_leaves_it_whole():
    assert EN.subject_with_suffix("a" * 90, "b" * 40, "(case 12480031774)") == f"{'a' * 77}... (case 12480031774)"


@given(TEXT, st.integers(0, 300))
def test_no_letter_is_cut_in_half(text, limit):
    text = text.encode(errors="ignore").decode()
    kept = truncate_bytes(text, limit)
    assert len(kept.encode()) <= limit
    assert text.startswith(kept)


@pytest.mark.parametrize(
    ("language", "time_zone", "moment", "long", "short"),
    [
        ("en", "UTC", "2026-11-17T07:42", "Tue 17 Nov 2026 07:42 UTC", "17 Nov 07:42 UTC"),
        ("en", "Asia/Tokyo", "2026-11-17T07:42", "Tue 17 Nov 2026 07:42 UTC (16:42 Asia/Tokyo)", "17 Nov 16:42 JST"),
        (
            "en",
            "America/New_York",
            "2026-11-17T03:42",
            "Tue 17 Nov 2026 03:42 UTC (Mon 16 Nov 22:42 America/New_York)",
            "16 Nov 22:42 EST",
        ),
        (
            "ja",
            "Asia/Tokyo",
            "2026-11-17T07:42",
            "2026年11月17日(火) 16:42 日本時間 (07:42 UTC)",
            "11/17 16:42 日本時間",
        ),
        (
            "ja",
            "Asia/Tokyo",
            "2026-12-31T15:05",
            "2027年1月1日(金) 00:05 日本時間 (12月31日 15:05 UTC)",
            "1/1 00:05 日本時間",
        ),
        ("ja", "UTC", "2026-11-17T07:42", "2026年11月17日(火) 07:42 UTC", "11/17 07:42 UTC"),
        (
            "ja",
            "Europe/Berlin",
            "2026-07-01T23:30",
            "2026年7月2日(木) 01:30 Europe/Berlin (7月1日 23:30 UTC)",
            "7/2 01:30 CEST",
        ),
    ],
)
def test_a_date_is_told_in_utc_and_in_the_readers_time_zone(language, time_zone, moment, long, short):
    voice, at = CATALOGUE[language].at(time_zone), datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert voice.long_date(at) == long
    assert voice.short_date(at) == short


@pytest.mark.parametrize("voice", CATALOGUE.values(), ids=CATALOGUE)
def test_every_time_zone_leaves_room_in_a_subject(voice):
    moment = datetime(2026, 11, 17, 7, 42, tzinfo=UTC)
    assert all(len(voice.at(one).short_date(moment)) <= 20 for one in available_timezones())


@given(st.text(max_size=300))
def test_an_sms_keeps_what_follows_its_headline(headline):
    for voice, most in ((EN, 140), (CATALOGUE["ja"], 70)):
        sms = voice.sms("alert:sms", f"x {headline}", case="12480031774", by="11/17 07:42 UTC")
        assert len(sms) <= (140 if sms.isascii() else most)
        assert "12480031774" in sms
