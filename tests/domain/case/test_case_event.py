"""What an event says of a case; tests/docs/test_events.py holds it against the documented schema."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.case_event import case_event
from lambdas.domain.case.timeline import RESPONDER, EntryKind, TimelineEntry
from lambdas.domain.clean import chat_text

AT = datetime(2026, 11, 16, 7, 42, tzinfo=UTC)


def test_one_thing_that_happened_has_one_id():
    first = case_event("1", "entry#act#one", TimelineEntry(AT, EntryKind.CLOSED, RESPONDER, "done"), None)
    other = case_event("1", "entry#act#two", TimelineEntry(AT, EntryKind.CLOSED, RESPONDER, "done"), None)
    assert (first["id"], other["id"]) == ("1/act#one", "1/act#two")


def test_the_entry_stays_as_it_is_and_the_chat_gets_it_harmless():
    words = "<!channel> @here see https://evil.example/x and [this](//evil.example)"
    event = case_event("1", "entry#x", TimelineEntry(AT, EntryKind.NOT_CONTAINED, "a@b.example", words, "i-0"), None)
    assert event["entry"]["words"] == words
    assert event["chat"] == {
        "title": "Abuse case 1: not contained i-0",
        "text": "&lt;!channel&gt; (at)here see hxxps://evil[.]example/x and [this] (//evil.example)\n"
        "By a@b.example. The case is unknown.",
    }


@given(st.text(max_size=80) | st.text("<>&@here!channel](", max_size=40), st.integers(10, 60))
def test_what_a_chat_shows_neither_calls_nor_marks_anything(text, most):
    shown = chat_text(text, most)
    assert "<" not in shown
    assert ">" not in shown
    assert "](" not in shown
    assert not any(f"@{name}" in shown.lower() for name in ("here", "channel", "everyone"))


def test_long_words_are_cut_before_they_are_escaped():
    assert chat_text("<" * 100, 10) == "&lt;" * 7 + "..."
