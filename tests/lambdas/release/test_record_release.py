"""Who released what, and when; and what counts no more from then on."""

import pytest

from lambdas import case_table
from lambdas.domain.case.case import ENTRY_PREFIX
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from tests.lambdas.release.stage import ADA, _call
from tests.samples import CASE, INSTANCE

STEP = "Record release"
AT = "2026-11-18T10:00:00+00:00"
ACTION = {"part": "Put back network", "what": "groups of eni-0", "verdict": "nothing to do"}
RELEASED = {
    "instance_id": INSTANCE,
    "region": "eu-west-1",
    "actions": [],
    "steps": {"Verify release": {"outcome": "done", "words": "7 of 7 as before", "at": AT, "actions": [ACTION]}},
}
HELD = {**RELEASED, "steps": {"Verify release": {"Error": "NotReleased", "Cause": "…"}}}
pytestmark = pytest.mark.usefixtures("table")


def record(*released, execution="arn:one", force=False, case=CASE):
    return _call("release", STEP, execution, case={"id": case}, by=ADA, force=force, released=list(released))


def test_a_release_that_was_read_back_is_kept_with_who_when_and_what():
    assert record(RELEASED, force=True) == {"outcome": "done", "words": f"release#{INSTANCE}#1"}
    kept = {"at": AT, "by": ADA, "force": True, "execution": "arn:one", "parts": [ACTION]}
    assert case_table.read_item(CASE, f"release#{INSTANCE}#1") == kept
    assert case_table.read_items(f"instance#{INSTANCE}") == {f"released#{CASE}#1": {"at": AT}}


def test_it_stands_in_the_timeline_of_the_case():
    record(RELEASED)
    (entry,) = [
        TimelineEntry.from_json(one)
        for sort, one in case_table.read_items(CASE).items()
        if sort.startswith(ENTRY_PREFIX)
    ]
    assert (entry.kind, entry.actor, entry.resource) == (EntryKind.RELEASED, ADA, INSTANCE)
    assert (entry.at.isoformat(), entry.words) == (AT, "7 of 7 as before")


def test_again_by_the_same_execution_it_is_the_same_release():
    record(RELEASED)
    first = case_table.read_items(CASE)
    record(RELEASED)
    assert case_table.read_items(CASE) == first


def test_another_execution_is_another_release():
    record(RELEASED)
    record(RELEASED, execution="arn:two")
    assert [one for one in case_table.read_items(CASE) if one.startswith("release#")] == [
        f"release#{INSTANCE}#1",
        f"release#{INSTANCE}#2",
    ]
    assert len(case_table.read_items(f"instance#{INSTANCE}")) == 2


def test_each_case_keeps_its_own():
    record(RELEASED)
    record(RELEASED, case="777", execution="arn:two")
    assert sorted(case_table.read_items(f"instance#{INSTANCE}")) == [f"released#{CASE}#1", "released#777#1"]


@pytest.mark.parametrize(
    "held",
    [HELD, {**RELEASED, "steps": {}}, {**RELEASED, "steps": {"Verify release": {"outcome": "skipped", "words": "…"}}}],
)
def test_what_was_not_read_back_is_no_release(held):
    assert record(held) == {"outcome": "skipped", "words": "nothing was released"}
    assert case_table.read_items(CASE) == {}
