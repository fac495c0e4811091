"""How urgent a case is, and which one stands first."""

import pytest

from lambdas.domain.case.case import case_from_entries
from lambdas.domain.case.timeline import EntryKind
from lambdas.domain.case.urgency import Urgency, by_urgency, urgency
from lambdas.domain.intake.notice import NoticeKind
from tests.domain.case.test_case import ADA, ANSWERED, FIRST, FOLLOW_UP, RESOLVED, entry, hours, notice
from tests.samples import INSTANCE

ESCAPED = entry(EntryKind.NOT_CONTAINED, 1, INSTANCE)
CLOSED = entry(EntryKind.CLOSED, 12, who=ADA)


@pytest.mark.parametrize(
    ("entries", "at", "expected"),
    [
        ([FIRST], 1, Urgency.RUNNING),
        ([FIRST], 17.9, Urgency.RUNNING),
        ([FIRST], 18, Urgency.URGENT),
        ([FIRST], 24, Urgency.OVERDUE),
        ([FIRST, ESCAPED], 1, Urgency.URGENT),
        ([FIRST, ESCAPED, entry(EntryKind.CONTAINED, 2, INSTANCE)], 3, Urgency.RUNNING),
        ([FIRST, ANSWERED], 11, Urgency.ANSWERED),
        ([FIRST, ANSWERED], 30, Urgency.ANSWERED),  # the limit is kept
        ([FIRST, ESCAPED, ANSWERED], 11, Urgency.URGENT),  # but it is still not contained
        ([FIRST, ANSWERED, FOLLOW_UP], 43, Urgency.URGENT),
        ([FIRST, RESOLVED], 31, Urgency.OVER),
        ([FIRST, CLOSED], 31, Urgency.OVER),
        ([notice(proven=False)], 100, Urgency.CHECK),  # anybody can write that it is late
        ([notice(proven=False), ESCAPED], 1, Urgency.CHECK),
        ([notice(proven=False), ANSWERED], 11, Urgency.ANSWERED),
        ([notice(NoticeKind.FOLLOW_UP, 2, proven=False, within=1), FIRST], 5, Urgency.RUNNING),
    ],
)
def test_urgency(entries, at, expected):
    assert urgency(case_from_entries("1", entries), hours(at)) is expected


def test_the_most_urgent_comes_first_then_the_nearest_deadline_then_the_newest():
    now = hours(20)
    cases = {
        "overdue": [notice(within=19)],
        "soon": [FIRST],
        "next": [notice(sent=10)],
        "later": [notice(sent=15)],
        "unproven": [notice(proven=False)],
        "answered": [FIRST, ANSWERED],
        "resolved lately": [notice(sent=2), notice(NoticeKind.RESOLVED, 3)],
        "resolved": [FIRST, notice(NoticeKind.RESOLVED, 3)],
    }
    files = [case_from_entries(name, entries) for name, entries in reversed(cases.items())]
    assert [one.id for one in sorted(files, key=lambda case: by_urgency(case, now))] == list(cases)
