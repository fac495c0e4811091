"""The state machine "respond": what holds of containing an instance, beside what holds of every machine."""

import re

import pytest

from lambdas.domain.outcome import STEPS as CONTAINING
from tests.stacks.machines.definitions import RESPOND, longest

STATES = RESPOND.states


@pytest.mark.parametrize("name", CONTAINING)
def test_a_containing_step_that_fails_holds_up_no_other(name):
    """What it did stays done: the next step is the same as after success, and learns of the failure."""
    step = STATES[name]
    (caught,) = step["Catch"]
    if step.get("End"):  # the last one of its branch: what the branch puts out names it either way
        failed = STATES[caught["Next"]]
        assert failed["End"]
        assert failed["Output"].keys() == step["Output"].keys()
        assert name in step["Output"]
    else:
        assert caught["Next"] == step["Next"]
        assert list(caught["Assign"]) == list(step["Assign"])


def test_what_became_of_each_step_is_handed_on():
    """Contained or not: the report names every step that was taken."""
    for end in ("Contained", "Not contained"):
        named = set(re.findall(r"'([^']+)': \$", STATES[end]["Output"]))
        branches = {name for name in CONTAINING if STATES[name].get("End")} | {"Write before-state"}
        assert named | branches == set(CONTAINING) - ({"Tag instance"} if end == "Not contained" else set())


def test_a_case_of_one_instance_takes_few_transitions():
    """Step Functions bills every state that is entered."""
    assert longest(RESPOND.definition) <= 60
