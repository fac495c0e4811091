"""What must hold for every state machine, whatever it does; each stands as a golden file.

`respond.asl.json` and the others are what Step Functions gets. They are reviewed like code. After a change of a machine
write them anew, and the pictures that are drawn from them:

    python -m tests.stacks.assembly && python docs/draw.py
"""

import importlib
import re
from functools import partial
from pathlib import Path

import pytest

from lambdas.domain.release import ReleasePart
from lambdas.release.put_back_part import put_back
from tests.stacks.assembly import ROOT, as_text, golden, rendered
from tests.stacks.machines.definitions import MACHINES, after, edges, levels, read_by, unset

NOT_TOLD = "Admins not told"
# The functions by the ids of their constructs.
FUNCTIONS = {
    **{name: f"Functions{name.title()}" for name in ("read", "contain", "release", "tell", "roster")},
    "start": "FrontStart",
}
TASKS = [(machine, name) for machine in MACHINES for name in machine.tasks]
STEPS = [(machine, name) for machine, name in TASKS if "FunctionName" in machine.tasks[name]["Arguments"]]
HOLDING = [
    (machine, name)
    for machine in MACHINES
    for name, state in machine.states.items()
    if state["Type"] in {"Map", "Parallel"}
]

every_machine = pytest.mark.parametrize("machine", MACHINES, ids=str)


def each(pairs):
    """For each of these states of a machine."""
    return pytest.mark.parametrize(("machine", "name"), pairs, ids=str)


@pytest.mark.parametrize("machine", [case_machine for case_machine in MACHINES if not case_machine.settings], ids=str)
def test_the_golden_file_is_what_is_deployed(machine):
    assert as_text(rendered(machine.name)) == golden(machine.name).read_text()


@every_machine
def test_the_language_is_jsonata(machine):
    assert machine.definition["QueryLanguage"] == "JSONata"
    assert {state.get("QueryLanguage", "JSONata") for state in machine.states.values()} == {"JSONata"}


@every_machine
def test_only_choices_ask(machine):
    assert {name for name in machine.states if name.endswith("?")} == {
        name for name, state in machine.states.items() if state["Type"] == "Choice"
    }
    assert all(re.fullmatch(r"[A-Z][A-Za-z0-9 -]+\??", name) for name in machine.states)


@every_machine
def test_no_way_leads_back(machine):
    for level in levels(machine.definition):
        ways = [way for way in edges(level["States"]) if way.end not in machine.waits]
        for name in level["States"]:
            assert name not in after(name, ways), f"{name} comes after itself"


@every_machine
def test_every_state_can_be_reached(machine):
    for level in levels(machine.definition):
        reached = {level["StartAt"]} | after(level["StartAt"], list(edges(level["States"])))
        assert reached == set(level["States"])


@every_machine
def test_no_end_is_reached_without_a_message_to_the_admins(machine):
    """But for those before which nothing was changed, and the person who asked sees why."""
    unsaid = [way for way in edges(machine.top) if way.start not in machine.told]
    ends = {name for name, state in machine.top.items() if state.get("End") or state["Type"] in {"Succeed", "Fail"}}
    assert ends & after(machine.definition["StartAt"], unsaid) == machine.silent
    assert ends > machine.silent  # or the line above says nothing


@every_machine
def test_only_a_message_that_cannot_be_sent_fails_the_execution(machine):
    fails = {name for name, state in machine.states.items() if state["Type"] == "Fail"}
    assert fails == {NOT_TOLD}
    assert {way.start for way in edges(machine.top) if way.end == NOT_TOLD} == machine.told
    # An inner state that ended the execution would go round the message.
    inner = list(levels(machine.definition))[1:]
    assert all(state["Type"] not in {"Succeed", "Fail"} for level in inner for state in level["States"].values())


@every_machine
def test_every_variable_is_set_on_every_way_to_where_it_is_read(machine):
    """Reading an unset variable fails the state, and with it the message."""
    assert list(unset(machine.definition)) == []
    if any("failures" in way.assigned for level in levels(machine.definition) for way in edges(level["States"])):
        told = [machine.states[name] for name in machine.told if name in machine.tasks]
        assert all("failures" in read_by(state) for state in told)  # or the line above says nothing


def test_every_step_of_a_function_is_a_state_and_no_two_functions_share_its_name():
    steps = [step for function in FUNCTIONS for step in importlib.import_module(f"lambdas.{function}").STEPS]
    assert len(steps) == len(set(steps))
    assert set(steps) == {name for _, name in STEPS}
    assert {name for _, name in set(TASKS) - set(STEPS)} == {
        "Start watch",
        "Start ask",
        "Start clock",
        "Start list",
        "Start release",
        "Contain on approval",
        "Contain without decision",
        "Contain at once",
    }


@each(TASKS)
def test_a_task_ends_in_time_is_tried_again_and_caught(machine, name):
    task = machine.tasks[name]
    final = dict(machine.final).get(name, ())
    if name in machine.asks:
        assert "Input.until" in task["TimeoutSeconds"]
        final = ("States.Timeout",)
    else:
        assert 0 < task["TimeoutSeconds"] < machine.definition["TimeoutSeconds"]
    attempts = [(error, retry["MaxAttempts"]) for retry in task["Retry"] for error in retry["ErrorEquals"]]
    often = ("States.TaskFailed", dict(machine.attempts).get(name, 4))
    timed_out = [] if name in machine.asks else [("States.Timeout", 1)]
    assert attempts == [*((error, 0) for error in final), often, *timed_out]
    caught = [caught["ErrorEquals"] for caught in task.get("Catch", ())]
    if list(final) in caught:  # what needs no message at all is caught by its name, before everything else
        assert caught.pop(0) == list(final)
    assert caught == ([] if name in machine.together else [["States.ALL"]])
    assert len(task["Comment"]) > 10


@each(HOLDING)
def test_what_holds_other_states_is_caught(machine, name):
    assert [caught["ErrorEquals"] for caught in machine.states[name]["Catch"]] == [["States.ALL"]]


@each(STEPS)
def test_a_task_has_one_name_in_five_places(machine, name, responder):
    asked = machine.tasks[name]["Arguments"]
    assert asked["Payload"]["step"] == name
    (function,) = [key for key, construct in FUNCTIONS.items() if asked["FunctionName"] == f"${{{construct}.Arn}}"]
    assert responder.the("AWS::Lambda::Function", FUNCTIONS[function])[1]["Handler"] == (f"lambdas.{function}.handler")
    snake = re.sub("[ -]", "_", name.lower())
    step = importlib.import_module(f"lambdas.{function}").STEPS[name]
    if isinstance(step, partial):  # one function puts back most parts of a release
        assert (step.func, step.keywords) == (put_back, {"part": ReleasePart(name)})
        return
    assert (step.__module__, step.__name__) == (f"lambdas.{function}.{snake}", snake)
    assert Path(importlib.import_module(step.__module__).__file__) == ROOT / "lambdas" / function / f"{snake}.py"
