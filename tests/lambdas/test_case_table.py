"""What the case table promises: written once stays, one at a time, never more than the cap."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lambdas import case_table

FIVE_MINUTES = timedelta(minutes=5)
pytestmark = pytest.mark.usefixtures("table")


def test_f12_what_was_written_once_is_never_overwritten():
    assert case_table.write_once("1", "before#i-1", {"groups": ["sg-web"]}) == {"groups": ["sg-web"]}
    assert case_table.write_once("1", "before#i-1", {"groups": ["sg-q"]}) == {"groups": ["sg-web"]}
    assert case_table.read_items("1") == {"before#i-1": {"groups": ["sg-web"]}}


def test_one_item_is_read_by_its_key():
    case_table.write("1", "case", {"opened_by": "a"})
    assert case_table.read_item("1", "case") == {"opened_by": "a"}
    assert case_table.read_item("1", "before#i-1") is None


def test_the_newest_version_counts_where_it_should():
    case_table.write("1", "outcome#m#i-1", {"verdict": "ask"})
    case_table.write("1", "outcome#m#i-1", {"verdict": "contain"})
    assert case_table.read_items("1") == {"outcome#m#i-1": {"verdict": "contain"}}


def test_cases_are_kept_apart():
    case_table.write("1", "case", {"opened_by": "a"})
    case_table.write("2", "case", {"opened_by": "b"})
    assert case_table.read_items("1") == {"case": {"opened_by": "a"}}
    assert case_table.read_items("3") == {}


def test_a_long_case_is_read_to_its_end():
    for number in range(30):
        case_table.write("1", f"notice#{number:03}", {"text": "x" * 50_000})  # more than one page of a Query
    assert len(case_table.read_items("1")) == 30


def test_every_item_ends_with_the_retention(table):
    began = datetime.now(UTC).replace(microsecond=0)
    case_table.write("1", "case", {})
    (item,) = table.scan(TableName="cases")["Items"]
    ends = datetime.fromtimestamp(int(item["expires_at"]["N"]), UTC)
    assert began <= ends - timedelta(days=400) <= datetime.now(UTC)


@pytest.mark.parametrize("write", [case_table.write_once, case_table.write])
def test_another_refusal_of_the_table_is_not_swallowed(table, refuse, write):
    refuse(table, "PutItem", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        write("1", "case", {})


def test_a_lock_is_its_owners():
    assert case_table.take_lock("1", "snapshots#i-1", "one", stale_after=FIVE_MINUTES)
    assert case_table.take_lock("1", "snapshots#i-1", "one", stale_after=FIVE_MINUTES)  # it may ask again
    assert not case_table.take_lock("1", "snapshots#i-1", "two", stale_after=FIVE_MINUTES)
    assert case_table.take_lock("1", "snapshots#i-2", "two", stale_after=FIVE_MINUTES)
    assert case_table.take_lock("2", "snapshots#i-1", "two", stale_after=FIVE_MINUTES)


def test_a_stale_lock_goes_to_the_next_owner():
    assert case_table.take_lock("1", "snapshots#i-1", "one", stale_after=FIVE_MINUTES)
    assert case_table.take_lock("1", "snapshots#i-1", "two", stale_after=timedelta(minutes=-1))
    assert not case_table.take_lock("1", "snapshots#i-1", "one", stale_after=FIVE_MINUTES)


def test_a_lock_that_cannot_be_asked_for_is_not_given(table, refuse):
    refuse(table, "PutItem", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        case_table.take_lock("1", "snapshots#i-1", "one", stale_after=FIVE_MINUTES)


def test_the_hour_has_as_many_places_as_the_cap():
    assert [case_table.take_slot("contained", f"1/i-{number}", 3) for number in range(5)] == [
        True,
        True,
        True,
        False,
        False,
    ]
    assert len(case_table.slots_taken("contained")) == 3


def test_who_has_a_place_keeps_it_and_takes_no_second_one():
    assert case_table.take_slot("contained", "1/i-1", 1)
    assert case_table.take_slot("contained", "1/i-1", 1)
    assert not case_table.take_slot("contained", "2/i-1", 1)  # another case is another containment
    assert len(case_table.slots_taken("contained")) == 1


def test_a_new_hour_has_new_places(monkeypatch):
    assert case_table.take_slot("contained", "1/i-1", 1)
    monkeypatch.setattr(case_table, "_hour", lambda: "hour#2026-11-16T08")
    assert len(case_table.slots_taken("contained")) == 0
    assert case_table.take_slot("contained", "1/i-2", 1)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(st.integers(1, 6), max_size=12), cap=st.integers(1, 4))
def test_never_more_places_than_the_cap(table, asked, cap):
    hour = case_table._key(case_table._hour(), "contained")
    table.delete_item(TableName="cases", Key=hour)
    given_to = {number for number in asked if case_table.take_slot("contained", f"1/i-{number}", cap)}
    assert given_to == set(list(dict.fromkeys(asked))[:cap])
    assert len(case_table.slots_taken("contained")) == len(given_to)


FORTNIGHT = timedelta(days=14)


def test_a_claim_of_aws_stands_against_every_stranger():
    assert case_table.claim_resource("i-1", "1", numbered=False, stale_after=FORTNIGHT) == "1"
    case_table.claim_for_stranger("i-1", "2", stale_after=FORTNIGHT)
    case_table.claim_for_stranger("i-1", "1", stale_after=FORTNIGHT)  # the same case: it stays AWS's claim
    assert case_table.claimant("i-1") == "1"
    assert case_table.claim_resource("i-1", "3", numbered=False, stale_after=FORTNIGHT) == "1"


@pytest.mark.parametrize("numbered", [True, False])
def test_aws_takes_over_what_a_stranger_has_claimed(numbered):
    case_table.claim_for_stranger("i-1", "forged", stale_after=FORTNIGHT)
    assert case_table.claimant("i-1") == "forged"
    assert case_table.claim_resource("i-1", "1", numbered=numbered, stale_after=FORTNIGHT) == "1"
    assert case_table.claimant("i-1") == "1"


def test_the_first_stranger_keeps_a_claim_until_it_is_old():
    case_table.claim_for_stranger("i-1", "1", stale_after=FORTNIGHT)
    case_table.claim_for_stranger("i-1", "2", stale_after=FORTNIGHT)
    assert case_table.claimant("i-1") == "1"
    case_table.claim_for_stranger("i-1", "2", stale_after=timedelta(minutes=-1))
    assert case_table.claimant("i-1") == "2"
    assert case_table.claimant("i-2") is None


def test_lanes_have_slots_of_their_own():
    assert case_table.take_slot("lane#others", "mail/1", 1)
    assert not case_table.take_slot("lane#others", "mail/2", 1)
    assert case_table.take_slot("lane#i-1", "mail/2", 1)
    assert case_table.take_slot("lane#others", "mail/1", 1)
    assert case_table.slots_taken("contained") == frozenset()


def test_a_claim_that_the_table_refuses_otherwise_is_not_swallowed(table, refuse):
    refuse(table, "PutItem", "AccessDeniedException")
    with pytest.raises(ClientError, match="AccessDenied"):
        case_table.claim_for_stranger("i-1", "1", stale_after=FORTNIGHT)
