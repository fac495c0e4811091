"""What a case keeps of an instance: the newest state before, with what belongs to it."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.case.table_keys import BEFORE_PREFIX, TARGETS_PREFIX
from lambdas.domain.containment.before_state import record_sort_key
from lambdas.domain.containment.load_balancing import Registrations
from lambdas.domain.release import contained_instances, contained_record
from tests.samples import BEFORE, INSTANCE

OTHER = "i-0b57a4de7b57a4de7"


def state(number):
    """A before-state that can be told from the others."""
    return {"before": replace(BEFORE, unread={"round": str(number)}).to_json(), "read_at": "2026-11-16T07:42:11+00:00"}


def which(found):
    return found.before.unread["round"]


def test_what_was_not_contained_is_not_kept():
    items = {"case": {}, f"outcome#mail#{INSTANCE}": {}, f"before#{OTHER}": state(0)}
    assert contained_record(items, INSTANCE) is None
    assert contained_instances(items) == [OTHER]


def test_a_first_containing():
    found = contained_record({f"before#{INSTANCE}": state(0)}, INSTANCE)
    assert (which(found), found.registrations, found.releases, found.not_released) == ("0", None, (), True)


@given(rounds=st.integers(1, 12), again=st.integers(0, 2), targets=st.sets(st.integers(0, 12)))
def test_the_newest_state_before_counts_with_its_own_registrations(rounds, again, targets):
    """As containing writes it: each round under the name that it gives itself, a release after each but the last."""
    items = {}
    for number in range(rounds):
        items[record_sort_key(BEFORE_PREFIX, INSTANCE, items)] = state(number)
        if number in targets:
            items[record_sort_key(TARGETS_PREFIX, INSTANCE, items)] = Registrations((), (f"lb-{number}",)).to_json()
        if number < rounds - 1:
            items[f"release#{INSTANCE}#{number + 1}"] = {"at": str(number + 1)}
    items[f"release#{OTHER}#1"] = {"at": "of another instance"}
    held = contained_record(items, INSTANCE)
    assert (which(held), held.not_released, len(held.releases)) == (str(rounds - 1), True, rounds - 1)
    assert held.registrations == (Registrations((), (f"lb-{rounds - 1}",)) if rounds - 1 in targets else None)
    for number in range(again + 1):
        items[f"release#{INSTANCE}#{rounds + number}"] = {"at": str(rounds + number)}
    released = contained_record(items, INSTANCE)
    assert (which(released), released.not_released) == (str(rounds - 1), False)
    assert released.releases[-1]["at"] == str(rounds + again)
    assert contained_instances(items) == [INSTANCE]
