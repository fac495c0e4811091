"""The parts that every language's messages are made of."""

import re

from hypothesis import example, given
from hypothesis import strategies as st

from lambdas.domain.messages import CATALOGUE
from lambdas.domain.messages.message import cut, marked, one_line

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
    assert all(line.startswith(">") for line in marked(text).split("\n"))


@given(TEXT, TEXT)
@example("x" * 98, "(case 12480031774)")
@example("x" * 300, "(case " + "1" * 300 + ")")
@example("", "")
def test_a_subject_is_one_that_sns_takes(head, tail):
    subject = EN.subject_of(head, tail)
    assert len(subject) < 100
    assert re.fullmatch(r"[ -~]*", subject)


def test_the_longest_tail_that_leaves_the_head_whole_is_taken():
    assert EN.subject_of("a" * 50, "b" * 40, "c") == f"{'a' * 50} {'b' * 40}"
    assert EN.subject_of("a" * 60, "b" * 40, "c" * 30) == f"{'a' * 60} {'c' * 30}"


def test_the_head_is_cut_where_no_tail_leaves_it_whole():
    assert EN.subject_of("a" * 90, "b" * 40, "(case 12480031774)") == f"{'a' * 77}... (case 12480031774)"


@given(TEXT, st.integers(0, 300))
def test_no_letter_is_cut_in_half(text, limit):
    text = text.encode(errors="ignore").decode()
    kept = cut(text, limit)
    assert len(kept.encode()) <= limit
    assert text.startswith(kept)
