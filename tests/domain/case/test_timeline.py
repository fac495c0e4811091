"""Entries of a timeline, as they are kept and sent."""

import json
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.timeline import AWS, RESPONDER, EntryKind, TimelineEntry
from lambdas.domain.phrase import verbatim
from tests.samples import SENT

TEXT = st.text(max_size=20)
ENTRIES = st.builds(
    TimelineEntry,
    at=st.datetimes(timezones=st.just(UTC) | st.none()),
    kind=st.sampled_from(EntryKind),
    actor=TEXT,
    words=TEXT,
    resource=TEXT,
    details=st.dictionaries(TEXT, TEXT | st.integers() | st.lists(TEXT, max_size=2), max_size=2),
    phrase=st.none() | TEXT.map(verbatim),
)


@given(ENTRIES)
def test_what_is_kept_is_read_again_exactly(entry):
    again = TimelineEntry.from_json(json.loads(json.dumps(entry.to_json())))
    assert again.to_json() == entry.to_json()
    assert (again.kind, again.resource, again.details, again.phrase) == (
        entry.kind,
        entry.resource,
        entry.details,
        entry.phrase,
    )


def test_the_words_that_others_read_do_not_change():
    assert {what.value for what in EntryKind} >= {
        *("notice", "contained", "not_contained", "left_alone", "asked", "approved", "declined", "undecided"),
        *("acknowledged", "unacknowledged", "reminded", "overdue", "answered", "broken", "released", "closed"),
    }


@pytest.mark.parametrize(
    ("kind", "actor", "details", "claimed"),
    [
        (EntryKind.APPROVED, "arn:aws:iam::552071934480:user/ada", {}, True),
        (EntryKind.CLOSED, "AWS", {}, True),  # whoever starts the desk may pass on any name
        (EntryKind.ACKNOWLEDGED, "abuse-responder", {"admin": "ada@example.com"}, True),
        (EntryKind.ANSWERED, "arn:aws:iam::552071934480:user/ada", {}, True),
        (EntryKind.ANSWERED, "ada@example.com", {"mail": "s3://mail-bucket/mail/1"}, False),
        (EntryKind.RELEASED, "arn:aws:iam::552071934480:user/ada", {}, True),
        (EntryKind.RELEASED, RESPONDER, {}, False),
        (EntryKind.NOTICE, AWS, {}, False),
        (EntryKind.CONTAINED, RESPONDER, {}, False),
    ],
)
def test_a_name_that_the_desk_passes_on_is_claimed(kind, actor, details, claimed):
    assert TimelineEntry(SENT, kind, actor, "", details=details).is_claimed is claimed
