"""The tags by which a person, and another case, sees who holds an instance."""

import pytest

from lambdas.domain.instance.tags import CASE_TAG, STATE_TAG
from tests.samples import CASE

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEPS = ("Write before-state", "Quarantine network", "Verify quarantine", "Tag instance")


def test_the_instance_bears_its_case_and_keeps_its_own_tags(fleet, contain):
    instance = fleet.launch(tags={"Team": "shop"})
    result = contain("Tag instance", instance)
    assert (result["outcome"], result["words"]) == ("done", f"{CASE_TAG}={CASE}")
    assert fleet.now().tags == {"Name": "web-1", "Team": "shop", CASE_TAG: CASE, STATE_TAG: "quarantine"}


def test_an_instance_that_another_case_holds_keeps_that_cases_tags(fleet, contain):
    instance = fleet.launch()
    for step in STEPS:
        contain(step, instance)
    tags = fleet.now().tags
    result = contain("Tag instance", fleet.now(), case_id="99")
    assert (result["outcome"], result["words"]) == ("skipped", f"it keeps the tags of case {CASE}")
    assert fleet.now().tags == tags


def test_stale_tags_are_taken_over(fleet, contain):
    instance = fleet.launch(tags={CASE_TAG: "99", STATE_TAG: "quarantine"})
    assert contain("Tag instance", instance)["outcome"] == "done"
    assert fleet.now().tags[CASE_TAG] == CASE
