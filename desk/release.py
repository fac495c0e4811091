"""`desk release`: preview a release or do it, with the admin's own IAM identity."""

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TextIO

import boto3
from rich.console import Console
from rich.table import Column, Table

from desk.deployed import explain_aws_errors
from desk.errors import DeskError
from desk.execution import caller, machine_arn, run_execution
from desk.verbs import COMMAND
from lambdas.domain.clean import one_line
from lambdas.domain.containment.outcome import failure_text
from lambdas.domain.errors import NotContained, NothingToRelease, TooManyInstances, UnknownCase
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.phrase import Phrase
from lambdas.domain.release import ReleaseAction, ReleaseResult, ReleaseVerdict

# Errors that the admin can fix; any other is shown with its class.
_EXPECTED = {error.__name__ for error in (NotContained, NothingToRelease, TooManyInstances, UnknownCase)}
_LOOKS = {
    ReleaseVerdict.PUT_BACK: "bold",
    ReleaseVerdict.NOTHING: "dim",
    ReleaseVerdict.LEFT: "yellow",
    ReleaseVerdict.CANNOT: "bold red",
}


def release(case: str, instance: str | None, out: TextIO, *, do: bool, force: bool, as_json: bool) -> int:
    """Have the responder plan the release, or do it, and print the result; 1 if an instance is not released.

    Raises DeskError if AWS refuses, or if there is nothing to release.
    """
    with explain_aws_errors("Release"):
        machine = machine_arn("ReleaseMachine", "releases")
        request = {"case": case, "instances": [instance] if instance else [], "do": do, "force": force, "by": caller()}
        if do:
            _refuse_a_second(machine, case)
        execution, output = run_execution(
            machine,
            request,
            expected=_EXPECTED,
            goes_on="the release goes on, and all admins will be told" if do else "",
            look="the same command without --do shows the current state",
        )
    if as_json:
        print(json.dumps({"case": case, "execution": execution, **_for_programs(output)}, indent=2), file=out)
    else:
        _show(Console(file=out, markup=False, highlight=False, width=_width(out)), request, output)
    results = [ReleaseResult.from_json(result) for result in output.get("released", ())]
    return int(bool(output.get("failures")) or not all(result.released for result in results))


def _for_programs(output: Mapping[str, Any]) -> dict[str, Any]:
    """The output for `--json`, with each phrase in English."""
    planned = [{**instance, "actions": _in_words(instance["actions"])} for instance in output.get("planned", ())]
    released = [
        {
            **instance,
            "actions": _in_words(instance["actions"]),
            "steps": {
                name: {**step, "actions": _in_words(step["actions"])} if "actions" in step else step
                for name, step in instance["steps"].items()
            },
        }
        for instance in output.get("released", ())
    ]
    in_words = {"planned": planned, "released": released}
    return {name: in_words.get(name, what) for name, what in output.items()}


def _in_words(actions: Iterable[Mapping[str, Any]]) -> list[dict[str, str]]:
    return [
        {
            name: value if isinstance(value, str) else in_english(Phrase.from_json(value))
            for name, value in action.items()
        }
        for action in actions
    ]


def _width(out: TextIO) -> int | None:
    """The terminal's width, or COLUMNS; wide in a file, so that ids stay whole."""
    return None if out.isatty() or "COLUMNS" in os.environ else 160


def _refuse_a_second(machine: str, case: str) -> None:
    """Refuse a second release of the case at the same time: its report would not show who did what."""
    steps = boto3.client("stepfunctions")
    pages = steps.get_paginator("list_executions").paginate(stateMachineArn=machine, statusFilter="RUNNING")
    for running in (execution["executionArn"] for page in pages for execution in page["executions"]):
        request = json.loads(steps.describe_execution(executionArn=running)["input"])
        if request["case"] == case and request["do"]:
            raise DeskError(f"{request['by']} is releasing case {case} now: {running}")


def _show(console: Console, request: dict[str, Any], output: dict[str, Any]) -> None:
    for planned in output.get("planned", ()):
        actions = [ReleaseAction.from_json(action) for action in planned["actions"]]
        region = planned["before"]["instance"]["region"]
        console.print(_table(f"{planned['instance_id']} in {region}", _planned(actions)))
    for result in map(ReleaseResult.from_json, output.get("released", ())):
        status = f"RELEASED, read back at {result.verified_at[:19]}Z" if result.released else "NOT RELEASED"
        console.print(_table(f"{result.instance_id} in {result.region}: {status}", _done(result)))
        for step in result.steps:
            if step.outcome == "failed" or not result.released:
                console.print(f"  {step.outcome:<8} {step.name}: {one_line(in_english(step.phrase))}")
    for failure in output.get("failures", ()):
        console.print(f"FAILED {failure['state']}: {one_line(failure_text(failure['error']))}")
    if not request["do"]:
        whom = " ".join((request["case"], *request["instances"], *(["--force"] if request["force"] else [])))
        console.print(f"Nothing was changed. To do it: {COMMAND} release {whom} --do", soft_wrap=True)


def _planned(actions: list[ReleaseAction]) -> Iterator[tuple[ReleaseAction, ReleaseVerdict, str]]:
    for action in actions:
        yield action, action.verdict, action.verdict.value


def _done(result: ReleaseResult) -> Iterator[tuple[ReleaseAction, ReleaseVerdict, str]]:
    """What was read back, otherwise what was planned."""
    put_back = {action.what for action in result.put_back}
    for action in result.verified or result.planned:
        if action.what in put_back:
            yield action, ReleaseVerdict.PUT_BACK, "put back"
        elif action.verdict is ReleaseVerdict.PUT_BACK:
            yield action, ReleaseVerdict.CANNOT, "not read back"
        else:
            yield (
                action,
                action.verdict,
                "as before" if action.verdict is ReleaseVerdict.NOTHING else action.verdict.value,
            )


def _table(title: str, rows: Iterator[tuple[ReleaseAction, ReleaseVerdict, str]]) -> Table:
    # Folded, not cut, in a narrow terminal: half an id is useless.
    columns = (Column(head, overflow="fold") for head in ("what", "before", "left", "now", "becomes"))
    table = Table(*columns, title=title, title_justify="left")
    for action, verdict, words in rows:
        reason = f": {in_english(action.reason)}" if action.reason else ""
        cells = map(in_english, (action.what, action.before, action.contained, action.now))
        table.add_row(*map(one_line, (*cells, f"{words}{reason}")), style=_LOOKS[verdict])
    return table
