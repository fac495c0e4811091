"""The state machine "watch": it comes to an end, and "respond" starts it once for each contained instance."""

import re

import pytest

from tests import execution
from tests.samples import CASE, INSTANCE
from tests.stacks.machines.definitions import WATCH, after, edges, levels
from tests.sweep.stage import FIRST, stage

REPORT = ("Report to admins", "email")


@pytest.mark.parametrize("name", sorted(WATCH.waits))
def test_a_way_that_leads_back_leads_over_a_wait_that_takes_a_time_off_its_list(name):
    """So it is gone as often as the list is long; it is left when the list is empty."""
    wait = WATCH.states[name]
    (times,) = re.findall(r"input\.(\w+)\[0\]", wait["Timestamp"])
    assert f"'{times}': [$states.input.{times}[[1..99]]]" in wait["Output"]
    (level,) = [states["States"] for states in levels(WATCH.definition) if name in states["States"]]
    ways = list(edges(level))
    assert name in after(name, ways)
    back = [way for way in ways if way.end == name]
    assert back
    for way in back:
        (choice,) = [rule for rule in level[way.start]["Choices"] if rule["Next"] == name]
        assert choice["Condition"].startswith(f"{{% $count($states.input.{times}) > 0")


@pytest.fixture
def started():
    """Play the first notice; returns the execution."""

    def play(name="k3v9story1", instance_ids=(INSTANCE,), **around):
        with stage(instance_ids=instance_ids) as machine_stage:
            return machine_stage.play(FIRST, name, **around)

    return play


def watches(ended):
    """Those that were started; a clock is beside them as long as the notice's deadline lies ahead."""
    return [start for start in ended.started if start["StateMachineArn"] == "${WatchMachine}"]


def test_what_was_contained_is_watched_by_an_execution_of_its_name(started):
    ended = started()
    assert ended.status == "SUCCEEDED"
    (watch,) = watches(ended)
    assert watch["Name"] == f"{INSTANCE}-k3v9story1"
    given = watch["Input"]
    assert (given["case"]["id"], given["instance"]["instance_id"]) == (CASE, INSTANCE)
    (outcome,) = ended.output["outcomes"]
    assert given["contained_at"] == outcome["steps"]["Verify quarantine"]["at"]
    # By default one check after ten minutes, and a look at the snapshots every hour until a day after.
    assert (given["minutes"], given["looks"]) == ([10], list(range(10, 1451, 60)))


def test_a_name_fits(started):
    (watch,) = watches(started("x" * 80))
    assert watch["Name"] == f"{INSTANCE}-{'x' * 60}"
    assert len(watch["Name"]) == 80


def test_what_was_not_contained_is_not_watched(started):
    def refuse(call):
        if call.operation == "ModifyNetworkInterfaceAttribute":
            raise call.refuse("UnauthorizedOperation")

    ended = started(before=refuse)
    assert (ended.status, watches(ended)) == ("SUCCEEDED", [])
    assert "Start watch" not in "".join(message.text for message in ended.messages)


def test_a_watch_that_cannot_be_started_stands_in_the_report(started, monkeypatch):
    def refuse(*_):
        raise execution._machine._ExecutionError("StepFunctions.AccessDeniedException", "may not start it")

    monkeypatch.setattr(execution._machine, "_invoke_nested_start_execution", refuse)
    ended = started()
    assert (ended.status, watches(ended)) == ("SUCCEEDED", [])
    (report,) = {message.text for message in ended.messages if (message.step, message.channel) == REPORT}
    assert "FAILED: Start watch: StepFunctions.AccessDeniedException: may not start it" in report
    assert "CONTAINED, read back" in report
