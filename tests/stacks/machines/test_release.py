"""The state machine "release": what holds of putting an instance back, beside what holds of every machine."""

import pytest

from lambdas.domain.release import STEPS, VERIFY
from tests.stacks.machines.definitions import RELEASE, after, edges, inside, longest

TOP, STATES = RELEASE.top, RELEASE.states


def test_nothing_is_changed_before_the_choice():
    """A dry run takes the first task only, and that one only looks."""
    looked = {RELEASE.definition["StartAt"]} | {
        way.end for way in edges(TOP) if way.start in {RELEASE.definition["StartAt"], "Should it be done?"}
    }
    assert looked == {"Plan release", "Should it be done?", "Nothing released", "Plan shown", "For each instance"}
    assert STATES["Should it be done?"]["Choices"][0]["Next"] == "For each instance"
    assert STATES["Should it be done?"]["Default"] == "Plan shown"


def test_the_steps_are_taken_in_their_order():
    (level,) = inside(STATES["For each instance"])
    name, taken = level["States"][level["StartAt"]]["Next"], []
    while STATES[name]["Type"] == "Task":
        taken.append(name)
        name = STATES[name]["Next"]
    assert taken == list(STEPS)
    assert name == "Is it released?"


@pytest.mark.parametrize("name", STEPS)
def test_a_part_that_fails_holds_up_no_other(name):
    (caught,) = STATES[name]["Catch"]
    assert caught["Next"] == STATES[name]["Next"]
    assert list(caught["Assign"]) == list(STATES[name]["Assign"])


def test_what_became_of_each_step_is_handed_on():
    for end in ("Released", "Not released"):
        assert list(STATES[end]["Output"]["steps"]) == list(STEPS)


def test_released_is_reached_over_what_was_read_back_only():
    (level,) = inside(STATES["For each instance"])
    (choice,) = STATES["Is it released?"]["Choices"]
    assert choice["Next"] == "Released"
    assert choice["Condition"] == "{% $verify_release.outcome = 'done' %}"
    around = [way for way in edges(level["States"]) if way.start != "Is it released?"]
    assert "Released" not in after(level["StartAt"], around)
    assert STEPS[-1] == VERIFY


def test_a_release_of_one_instance_takes_few_transitions():
    assert longest(RELEASE.definition) <= 20
