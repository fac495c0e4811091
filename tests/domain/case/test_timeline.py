"""Entries of a timeline, as they are kept and sent."""

import json
from datetime import UTC

from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.phrase import verbatim

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
