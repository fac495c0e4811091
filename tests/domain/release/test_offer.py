"""May the responder release by itself? Every question is answered for itself, and one doubt is enough."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations

import pytest

from lambdas.domain.case.case import case_from_entries
from lambdas.domain.case.timeline import EntryKind
from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.release import ReleaseDoubt, instances_to_release, release_doubts
from tests.domain.case.test_case import entry
from tests.domain.case.test_case import notice as told
from tests.samples import ACCOUNT, CASE, FORWARDED, INSTANCE, PROVEN, SENT, UNPROVEN, notice

SAID_AT = SENT + timedelta(hours=30)
TAKEN_BACK = notice(kind=NoticeKind.RESOLVED, sent_in_error=True, sent_at=SAID_AT)
CONTAINED = entry(EntryKind.CONTAINED, 1, INSTANCE)
FIRST = told()
END = told(NoticeKind.RESOLVED, 30)
OTHER = "i-0ffffffffffffffff"


STORY = (FIRST, CONTAINED, END)


def asked(*, timeline=STORY, said=TAKEN_BACK, proof=PROVEN, received_at=SAID_AT, accounts=(ACCOUNT,)):
    case = case_from_entries(CASE, timeline)
    return release_doubts(case, said, proof, [INSTANCE], received_at=received_at, accounts=accounts)


def test_nothing_speaks_against_it():
    assert asked() == ()


# Each changes one thing about the above.
DOUBTFUL = {
    ReleaseDoubt.NOT_IN_ERROR: {"said": replace(TAKEN_BACK, sent_in_error=False)},
    ReleaseDoubt.UNPROVEN: {"proof": UNPROVEN},
    ReleaseDoubt.FOR_ANOTHER: {"accounts": ("999988887777",)},
    ReleaseDoubt.NOT_FRESH: {"received_at": SAID_AT + timedelta(hours=73)},
    ReleaseDoubt.NOT_THE_LAST_WORD: {"timeline": (FIRST, CONTAINED, END, told(NoticeKind.FOLLOW_UP, 31))},
    ReleaseDoubt.CONTAINED_SINCE: {"timeline": (FIRST, entry(EntryKind.CONTAINED, 30.5, INSTANCE), END)},
}


def test_every_doubt_is_in_the_table():
    assert set(DOUBTFUL) == set(ReleaseDoubt)


@pytest.mark.parametrize("raised", list(chain.from_iterable(combinations(ReleaseDoubt, n) for n in (1, 2))), ids=str)
def test_each_doubt_is_raised_by_itself_and_beside_others(raised):
    if {ReleaseDoubt.NOT_THE_LAST_WORD, ReleaseDoubt.CONTAINED_SINCE} <= set(raised):
        changed = {"timeline": (*DOUBTFUL[ReleaseDoubt.CONTAINED_SINCE]["timeline"], told(NoticeKind.FOLLOW_UP, 31))}
    else:
        changed = {key: value for one in raised for key, value in DOUBTFUL[one].items()}
    assert asked(**changed) == raised


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"proof": FORWARDED}, (ReleaseDoubt.UNPROVEN,)),
        ({"said": replace(TAKEN_BACK, account_ids=())}, ()),  # the case's number says whose it is
        ({"said": replace(TAKEN_BACK, account_ids=(ACCOUNT, "999988887777"))}, (ReleaseDoubt.FOR_ANOTHER,)),
        ({"said": replace(TAKEN_BACK, sent_at=None)}, (ReleaseDoubt.NOT_FRESH, ReleaseDoubt.CONTAINED_SINCE)),
        ({"received_at": SAID_AT - timedelta(hours=2)}, (ReleaseDoubt.NOT_FRESH,)),
        ({"timeline": (FIRST, CONTAINED, END, entry(EntryKind.CLOSED, 31))}, (ReleaseDoubt.NOT_THE_LAST_WORD,)),
        # What another instance was contained for is another matter.
        ({"timeline": (FIRST, CONTAINED, END, entry(EntryKind.CONTAINED, 31, OTHER))}, ()),
    ],
)
def test_near_misses(changed, expected):
    assert asked(**changed) == expected


def test_a_notice_that_names_instances_speaks_of_no_others():
    assert instances_to_release([INSTANCE, OTHER], notice()) == (INSTANCE,)
    assert instances_to_release([INSTANCE, OTHER], notice(resources=())) == (INSTANCE, OTHER)
    assert instances_to_release([OTHER], notice()) == ()
