"""The state machine "respond": its definition as a golden file, and what must hold for any definition.

`respond.asl.json` is what Step Functions gets. It is reviewed like code. After a change of stacks/respond.py write it
anew, and the picture that is drawn from it:

    python -m tests.stacks.assembly && python docs/draw.py
"""

import importlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from lambdas.domain.outcome import STEPS as CONTAINING
from tests.stacks.assembly import GOLDEN, ROOT, as_text, rendered

TOLD = {"Report to admins", "Relay mail"}
NOT_TOLD = "Admins not told"
FUNCTIONS = ("read", "contain", "tell")
DEFINITION = json.loads(GOLDEN.read_text())  # that it is the rendered one is the first test


@dataclass(frozen=True)
class Edge:
    """A way from one state to the next: by success, by choice or by catch."""

    start: str
    end: str
    assigned: frozenset[str]


def inside(state):
    """What a Parallel or a Map runs."""
    return [*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else ())]


def all_states(definition=DEFINITION):
    """Every state by name, nested ones too."""
    found = {}
    for name, state in definition["States"].items():
        for one in inside(state):
            nested = all_states(one)
            assert not found.keys() & nested.keys()
            found |= nested
        assert name not in found, f"two states are called {name}"
        found[name] = state
    return found


STATES = all_states()
TASKS = {name: state for name, state in STATES.items() if state["Type"] == "Task"}
TOP = DEFINITION["States"]


def edges(states):
    """The ways between states of one level; a Parallel or Map is one state here."""
    for name, state in states.items():
        for choice in state.get("Choices", ()):
            yield Edge(name, choice["Next"], frozenset(choice.get("Assign", ())))
        for after in (state.get("Next"), state.get("Default")):
            if after:
                yield Edge(name, after, frozenset(state.get("Assign", ())))
        for caught in state.get("Catch", ()):
            yield Edge(name, caught["Next"], frozenset(caught.get("Assign", ())))


def levels(definition=DEFINITION):
    """Each set of states that lead to one another: the machine's own, and each branch's and each item's."""
    yield definition
    for state in definition["States"].values():
        for inner in inside(state):
            yield from levels(inner)


def after(start, ways):
    """Every state that can come after `start`."""
    found, waiting = set(), [start]
    while waiting:
        here = waiting.pop()
        for way in ways:
            if way.start == here and way.end not in found:
                found.add(way.end)
                waiting.append(way.end)
    return found


def test_the_golden_file_is_what_is_deployed():
    assert as_text(rendered()) == GOLDEN.read_text()


def test_the_language_is_jsonata():
    assert DEFINITION["QueryLanguage"] == "JSONata"
    assert {state.get("QueryLanguage", "JSONata") for state in STATES.values()} == {"JSONata"}


# What must reach an admin is tried long; what the quarantine waits for may hold it up by no more than seconds.
ATTEMPTS = {
    "Report to admins": 7,
    "Relay mail": 7,
    "Send first alert": 1,
    "Write before-state": 2,
    "Protect instance": 2,
    "Start snapshots": 2,
    "Prepare quarantine": 2,
}


@pytest.mark.parametrize("name", TASKS)
def test_a_task_ends_in_time_is_tried_again_and_caught(name):
    task = TASKS[name]
    assert 0 < task["TimeoutSeconds"] < DEFINITION["TimeoutSeconds"]
    attempts = {error: retry["MaxAttempts"] for retry in task["Retry"] for error in retry["ErrorEquals"]}
    assert attempts == {"States.TaskFailed": ATTEMPTS.get(name, 4), "States.Timeout": 1}
    assert [caught["ErrorEquals"] for caught in task["Catch"]] == [["States.ALL"]]
    assert len(task["Comment"]) > 10


@pytest.mark.parametrize("name", [name for name, state in STATES.items() if state["Type"] in {"Map", "Parallel"}])
def test_what_holds_other_states_is_caught(name):
    assert [caught["ErrorEquals"] for caught in STATES[name]["Catch"]] == [["States.ALL"]]


@pytest.mark.parametrize("name", TASKS)
def test_a_task_has_one_name_in_five_places(name, responder):
    asked = TASKS[name]["Arguments"]
    assert asked["Payload"]["step"] == name
    (function,) = [one for one in FUNCTIONS if asked["FunctionName"] == f"${{Functions{one.title()}.Arn}}"]
    assert responder.the("AWS::Lambda::Function", f"Functions{function.title()}")[1]["Handler"] == (
        f"lambdas.{function}.handler"
    )
    snake = re.sub("[ -]", "_", name.lower())
    step = importlib.import_module(f"lambdas.{function}").STEPS[name]
    assert (step.__module__, step.__name__) == (f"lambdas.{function}.{snake}", snake)
    assert Path(importlib.import_module(step.__module__).__file__) == ROOT / "lambdas" / function / f"{snake}.py"


def test_every_step_of_a_function_is_one_state():
    steps = [step for function in FUNCTIONS for step in importlib.import_module(f"lambdas.{function}").STEPS]
    assert sorted(steps) == sorted(TASKS)


def test_only_choices_ask():
    assert {name for name in STATES if name.endswith("?")} == {
        name for name, state in STATES.items() if state["Type"] == "Choice"
    }
    assert all(re.fullmatch(r"[A-Z][A-Za-z0-9 -]+\??", name) for name in STATES)


def test_no_way_leads_back():
    for level in levels():
        ways = list(edges(level["States"]))
        for name in level["States"]:
            assert name not in after(name, ways), f"{name} comes after itself"


def test_every_state_can_be_reached():
    for level in levels():
        reached = {level["StartAt"]} | after(level["StartAt"], list(edges(level["States"])))
        assert reached == set(level["States"])


def test_no_end_is_reached_without_a_message_to_the_admins():
    unsaid = [way for way in edges(TOP) if way.start not in TOLD]
    ends = {name for name, state in TOP.items() if state.get("End") or state["Type"] in {"Succeed", "Fail"}}
    assert not ends & after(DEFINITION["StartAt"], unsaid)
    assert ends  # or the line above says nothing


def test_only_a_message_that_cannot_be_sent_fails_the_execution():
    fails = {name for name, state in STATES.items() if state["Type"] == "Fail"}
    assert fails == {NOT_TOLD}
    assert {way.start for way in edges(TOP) if way.end == NOT_TOLD} == TOLD
    # An inner state that ended the execution would go round the message.
    assert all(
        state["Type"] not in {"Succeed", "Fail"} for level in list(levels())[1:] for state in level["States"].values()
    )


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


def read_by(state):
    """The variables that a state reads: `$case` in a JSONata expression, not `$count(…)` and not `$states`."""
    text = json.dumps({key: one for key, one in state.items() if key not in {"Branches", "ItemProcessor"}})
    text = re.sub(r"'[^']*'", "''", text)
    return set(re.findall(r"\$([a-z_]+)\b(?!\s*\()", text)) - {"states"}


def unset(level, known=frozenset()):
    """Each (state, variable) that some way into the state leaves unset."""
    ways = list(edges(level["States"]))
    sets = {level["StartAt"]: known}
    waiting = [level["StartAt"]]
    while waiting:
        here = waiting.pop()
        for way in ways:
            if way.start == here:
                now = (sets[here] | way.assigned) & sets.get(way.end, sets[here] | way.assigned)
                if sets.get(way.end) != now:
                    sets[way.end] = now
                    waiting.append(way.end)
    for name, state in level["States"].items():
        for variable in read_by(state) - sets[name]:
            yield name, variable
        for inner in inside(state):
            yield from unset(inner, sets[name])


def test_every_variable_is_set_on_every_way_to_where_it_is_read():
    """Reading an unset variable fails the state, and with it the message."""
    assert list(unset(DEFINITION)) == []
    assert "case" in read_by(STATES["Report to admins"])  # or the line above says nothing


def test_a_case_of_one_instance_takes_few_transitions():
    """Step Functions bills every state that is entered: here the longest way without a failure, with one instance."""

    def longest(level, name):
        state = level["States"][name]
        following = [choice["Next"] for choice in state.get("Choices", ())]
        following += [state[key] for key in ("Next", "Default") if key in state]
        entered = 1 + sum(longest(one, one["StartAt"]) for one in inside(state))
        return entered + max((longest(level, one) for one in following), default=0)

    assert longest(DEFINITION, DEFINITION["StartAt"]) <= 60
