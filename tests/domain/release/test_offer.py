"""May the responder release by itself? Every question is answered for itself, and one doubt is enough."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations

import pytest

from lambdas.domain.case.case import case_file
from lambdas.domain.case.timeline import What
from lambdas.domain.intake.notice import Kind
from lambdas.domain.release import Doubt, chosen, doubts
from tests.domain.case.test_case import entry
from tests.domain.case.test_case import notice as told
from tests.samples import ACCOUNT, CASE, FORWARDED, INSTANCE, PROVEN, SENT, UNPROVEN, notice

SAID_AT = SENT + timedelta(hours=30)
TAKEN_BACK = notice(kind=Kind.RESOLVED, in_error=True, sent_at=SAID_AT)
CONTAINED = entry(What.CONTAINED, 1, INSTANCE)
FIRST = told()
END = told(Kind.RESOLVED, 30)
OTHER = "i-0ffffffffffffffff"


STORY = (FIRST, CONTAINED, END)


def asked(*, timeline=STORY, said=TAKEN_BACK, proof=PROVEN, received_at=SAID_AT, accounts=(ACCOUNT,)):
    case = case_file(CASE, timeline)
    return doubts(case, said, proof, [INSTANCE], received_at=received_at, accounts=accounts)


def test_nothing_speaks_against_it():
    assert asked() == ()


# Each changes one thing about the above.
DOUBTFUL = {
    Doubt.NOT_IN_ERROR: {"said": replace(TAKEN_BACK, in_error=False)},
    Doubt.UNPROVEN: {"proof": UNPROVEN},
    Doubt.FOR_ANOTHER: {"accounts": ("999988887777",)},
    Doubt.NOT_FRESH: {"received_at": SAID_AT + timedelta(hours=73)},
    Doubt.NOT_THE_LAST_WORD: {"timeline": (FIRST, CONTAINED, END, told(Kind.FOLLOW_UP, 31))},
    Doubt.CONTAINED_SINCE: {"timeline": (FIRST, entry(What.CONTAINED, 30.5, INSTANCE), END)},
}


def test_every_doubt_is_in_the_table():
    assert set(DOUBTFUL) == set(Doubt)


@pytest.mark.parametrize("raised", list(chain.from_iterable(combinations(Doubt, n) for n in (1, 2))), ids=str)
def test_each_doubt_is_raised_by_itself_and_beside_others(raised):
    if {Doubt.NOT_THE_LAST_WORD, Doubt.CONTAINED_SINCE} <= set(raised):
        changed = {"timeline": (*DOUBTFUL[Doubt.CONTAINED_SINCE]["timeline"], told(Kind.FOLLOW_UP, 31))}
    else:
        changed = {key: value for one in raised for key, value in DOUBTFUL[one].items()}
    assert asked(**changed) == raised


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"proof": FORWARDED}, (Doubt.UNPROVEN,)),
        ({"said": replace(TAKEN_BACK, account_ids=())}, ()),  # the case's number says whose it is
        ({"said": replace(TAKEN_BACK, account_ids=(ACCOUNT, "999988887777"))}, (Doubt.FOR_ANOTHER,)),
        ({"said": replace(TAKEN_BACK, sent_at=None)}, (Doubt.NOT_FRESH, Doubt.CONTAINED_SINCE)),
        ({"received_at": SAID_AT - timedelta(hours=2)}, (Doubt.NOT_FRESH,)),
        ({"timeline": (FIRST, CONTAINED, END, entry(What.CLOSED, 31))}, (Doubt.NOT_THE_LAST_WORD,)),
        # What another instance was contained for is another matter.
        ({"timeline": (FIRST, CONTAINED, END, entry(What.CONTAINED, 31, OTHER))}, ()),
    ],
)
def test_near_misses(changed, expected):
    assert asked(**changed) == expected


def test_a_notice_that_names_instances_speaks_of_no_others():
    assert chosen([INSTANCE, OTHER], notice()) == (INSTANCE,)
    assert chosen([INSTANCE, OTHER], notice(resources=())) == (INSTANCE, OTHER)
    assert chosen([OTHER], notice()) == ()
