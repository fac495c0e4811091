"""The state machine in this process: MiniStack's interpreter runs any definition, and its tasks are our own handlers.

    ended = execute(definition, {"arrival": …, "approved": []})
    ended.status, ended.states, ended.messages, ended.calls

It needs an account for the handlers: the fixtures `moto`, `table` and `buckets`, or tests/sweep/account.py. Waiting
takes no time; retries are counted as the definition says. The interpreter is a copy of MiniStack's, with what that
does otherwise than Step Functions put right:

- a branch of a Parallel has variables of its own, and a Parallel may assign and put out;
- an inner scope may not assign a variable of an outer one;
- what a state puts out is at most 256 KiB, and neither that error nor States.Runtime is caught by States.ALL.

https://docs.aws.amazon.com/step-functions/latest/dg/workflow-variables.html
https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
"""

import copy
import importlib
import importlib.util
import json
import os
import re
import time
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from types import SimpleNamespace
from typing import Any

from tests import recording
from tests.recording import Call, Invocation, Look
from tests.samples import ACCOUNT

MOST_BYTES = 256 * 1024
_UNCAUGHT = {"States.DataLimitExceeded", "States.Runtime"}


@dataclass(frozen=True)
class Message:
    """One message to the admins as SNS got it."""

    step: str
    channel: str
    language: str
    to: str
    subject: str | None
    text: str


@dataclass(frozen=True)
class Entry:
    """A state that was entered, when by `time.monotonic`, and for which item of the Map."""

    state: str
    at: float
    item: int | None = None


@dataclass
class Execution:
    """An execution that has ended."""

    arn: str
    entries: list[Entry] = field(default_factory=list)
    invocations: list[Invocation] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list, repr=False)
    started: list[dict[str, Any]] = field(default_factory=list)  # other executions, as StartExecution gets them
    waited: list[float] = field(default_factory=list)  # for how many seconds each question would have waited
    status: str = "RUNNING"  # then SUCCEEDED or FAILED
    output: Any = None
    error: str = ""
    cause: str = ""

    @property
    def states(self) -> list[str]:
        """The states in the order in which they were entered."""
        return [one.state for one in self.entries]

    @property
    def messages(self) -> list[Message]:
        """What SNS took for the admins by channel and language, in the order in which it was published."""
        return [
            Message(
                one.step,
                one.parameters["MessageAttributes"]["channel"]["StringValue"],
                one.parameters["MessageAttributes"]["language"]["StringValue"],
                one.parameters["MessageAttributes"]["to"]["StringValue"],
                one.parameters.get("Subject"),
                one.parameters["Message"],
            )
            for one in self.calls
            if (one.service, one.operation) == ("sns", "Publish")
            and one.answer
            and "MessageAttributes" in one.parameters
        ]

    def attempts(self, step: str, item: int | None = None) -> list[Invocation]:
        """Each try of a step."""
        return [one for one in self.invocations if one.step == step and item in {None, one.item}]


_execution: ContextVar[Execution] = ContextVar("execution")
_state: ContextVar[dict[str, Any]] = ContextVar("state")
_answer: ContextVar[Any] = ContextVar("answer")


def execute(
    definition: dict[str, Any],
    given: dict[str, Any],
    *,
    name: str = "one",
    before: Look | None = None,
    after: Look | None = None,
    answer: Any = None,
) -> Execution:
    """Run a definition to its end. `before` and `after` are called around each AWS call: see `recording`.

    `answer` is what comes to a state that waits for a task token; None: nobody answers in time.
    """
    return copy_context().run(_execute, definition, given, name, (before, after), answer)


def _execute(
    definition: dict[str, Any], given: Any, name: str, around: tuple[Look | None, Look | None], answer: Any
) -> Execution:
    region = os.environ["AWS_DEFAULT_REGION"]
    definition = json.loads(json.dumps(definition).replace("${AWS::Partition}", "aws"))
    execution = Execution(f"arn:aws:states:{region}:{ACCOUNT}:execution:respond:{name}")
    _execution.set(execution)
    _answer.set(answer)
    context = {
        "QueryLanguage": definition.get("QueryLanguage", "JSONPath"),
        "Execution": {
            "Id": execution.arn,
            "Input": given,
            "Name": name,
            "StartTime": datetime.now(UTC).isoformat(),
        },
        "StateMachine": {"Id": f"arn:aws:states:{region}:{ACCOUNT}:stateMachine:respond", "Name": "respond"},
        "variables": {},
    }
    with recording.recording(before=around[0], after=around[1]) as calls:
        try:
            execution.output = _machine._run_sub_machine(
                definition["States"], definition["StartAt"], given, {"events": []}, context
            )
            execution.status = "SUCCEEDED"
        except _machine._ExecutionError as error:
            execution.status, execution.error, execution.cause = "FAILED", error.error, error.cause
    execution.calls = calls
    return execution


def function_named(reference: str) -> str:
    """The function that a FunctionName means: `${FunctionsContain.Arn}` and `…:function:contain` are "contain"."""
    named = re.fullmatch(r"\$\{(?:Functions|Front)(\w+)\.Arn\}", reference)
    plain = re.sub(r"(?<!^)(?=[A-Z])", "_", named[1]) if named else reference.rsplit(":", 1)[-1]
    return plain.lower()


def _call_lambda(reference: str, event: dict[str, Any]) -> Any:
    """Do what Lambda does for Step Functions: JSON goes in, and JSON or an error by its class's name comes out."""
    state, function = _state.get(), function_named(reference)
    item = state["item"]
    invocation = Invocation(function, state["Name"], item, state["RetryCount"] + 1, _limited(event))
    _execution.get().invocations.append(invocation)
    context = SimpleNamespace(
        function_name=function,
        memory_limit_in_mb=1024,
        invoked_function_arn=f"arn:aws:lambda:{os.environ['AWS_DEFAULT_REGION']}:{ACCOUNT}:function:{function}",
        aws_request_id="00000000-0000-0000-0000-000000000000",
    )
    handler = importlib.import_module(f"lambdas.{function}").handler
    try:
        with recording.made_by(invocation):
            invocation.result = _limited(handler(copy.deepcopy(invocation.event), context))
    except recording.Ended as end:
        invocation.error = _ENDS[type(end)]
    except _machine._ExecutionError as error:
        invocation.error = error.error, error.cause
    except Exception as error:  # noqa: BLE001  as Lambda does
        kind = type(error).__name__
        trace = traceback.format_tb(error.__traceback__)
        invocation.error = kind, json.dumps({"errorMessage": str(error), "errorType": kind, "stackTrace": trace})
    if invocation.error:
        raise _machine._ExecutionError(*invocation.error)
    return copy.deepcopy(invocation.result)


def _start_execution(_: str, asked: dict[str, Any]) -> dict[str, Any]:
    _execution.get().started.append(_limited(asked))
    arn = asked["StateMachineArn"].replace(":stateMachine:", ":execution:")
    return {"ExecutionArn": f"{arn}:{asked['Name']}", "StartDate": datetime.now(UTC).isoformat()}


def _invoke_with_callback(_: str, asked: dict[str, Any], token: str, state: Any) -> Any:
    """As Step Functions: a function that fails is a task that fails, and no question."""
    _call_lambda(asked["FunctionName"], asked["Payload"])
    assert asked["Payload"]["token"] == token
    _execution.get().waited.append(state["TimeoutSeconds"])
    if (answer := _answer.get()) is None:
        raise _machine._ExecutionError("States.Timeout", "nobody has answered")
    return _limited(answer)


_ENDS = {
    recording.Died: (
        "Lambda.Unknown",
        json.dumps({"errorMessage": "Runtime exited with error: signal: killed", "errorType": "Runtime.ExitError"}),
    ),
    recording.TimedOut: (
        "Sandbox.Timedout",
        json.dumps({"errorMessage": "Task timed out after 30.00 seconds", "errorType": "Sandbox.Timedout"}),
    ),
    recording.TimedOutForTheState: ("States.Timeout", ""),
}


def _limited(value: Any) -> Any:
    text = json.dumps(value)
    if len(text.encode()) > MOST_BYTES:
        raise _machine._ExecutionError(
            "States.DataLimitExceeded", f"{len(text.encode())} bytes pass between states, {MOST_BYTES} may"
        )
    return json.loads(text)


def _interpreter() -> Any:
    """A copy of MiniStack's module, so that nobody else's is changed."""
    spec = importlib.util.find_spec("ministack.services.stepfunctions")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


_machine = _interpreter()
_as_it_comes = SimpleNamespace(**vars(_machine))


class _Seen(dict):
    """The states of one level; the interpreter takes each out with `get` when it enters it."""

    item: int | None = None

    def get(self, name: str, default: Any = None) -> Any:
        _execution.get().entries.append(Entry(name, time.monotonic(), self.item))
        return super().get(name, default)


def _run_sub_machine(states: Any, start: str, given: Any, execution: Any, context: dict[str, Any]) -> Any:
    seen = _Seen(states)
    seen.item = context.get("Map", {}).get("Item", {}).get("Index")
    context["outer"] = frozenset(context["variables"])
    return _as_it_comes._run_sub_machine(seen, start, given, execution, context)


def _run_parallel_branches(state: Any, given: Any, execution: Any, context: dict[str, Any]) -> Any:
    handed = _machine._apply_jsonata_arguments(state, given, context)
    branches = state["Branches"]
    with ThreadPoolExecutor(max_workers=len(branches)) as pool:
        running = [
            pool.submit(
                copy_context().run,
                _machine._run_sub_machine,
                one["States"],
                one["StartAt"],
                handed,
                execution,
                copy.deepcopy(context),
            )
            for one in branches
        ]
    result = [one.result() for one in running]
    output = _machine._apply_jsonata_output(state, given, context, result=result, default=result)
    _machine._apply_state_assign(state, given, context, result=result)
    return output, _machine._next_or_end(state)


def _apply_state_assign(state: Any, given: Any, context: dict[str, Any], **more: Any) -> None:
    shadowing = context["outer"].intersection(state.get("Assign", ()))
    if shadowing:
        raise _machine._ExecutionError("States.Runtime", f"{sorted(shadowing)} belong to an outer scope")
    # Every value of an Assign is of the moment before it; the interpreter would show the second the first.
    later = {**context, "variables": {}}
    before = context["variables"]
    later["variables"] = _Pending(before)
    _as_it_comes._apply_state_assign(state, given, later, **more)
    before.update(later["variables"].assigned)


class _Pending(dict):
    """Variables that show what they were, and keep apart what they are to be."""

    def __init__(self, known: dict[str, Any]) -> None:
        super().__init__(known)
        self.assigned: dict[str, Any] = {}

    def __setitem__(self, name: str, value: Any) -> None:
        self.assigned[name] = value


def _error_matches(names: list[str], error: str) -> bool:
    if error in _UNCAUGHT and error not in names:
        return False
    return bool(_as_it_comes._error_matches(names, error))


def _execute_task(state: Any, given: Any, execution: Any, context: dict[str, Any]) -> Any:
    context["State"]["item"] = context.get("Map", {}).get("Item", {}).get("Index")
    _state.set(context["State"])
    if isinstance(state.get("TimeoutSeconds"), str):  # the interpreter evaluates no JSONata there
        state = {
            **state,
            "TimeoutSeconds": _machine._jsonata_state_field(state, "TimeoutSeconds", "number", given, context),
        }
    return _as_it_comes._execute_task(state, given, execution, context)


def _held_to_the_limit(run: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(run)
    def limited(*args: Any) -> Any:
        output, following = run(*args)
        return _limited(output), following

    return limited


_machine._SFN_WAIT_SCALE = 0
_machine._call_lambda = _call_lambda
_machine._invoke_nested_start_execution = _start_execution
_machine._invoke_with_callback = _invoke_with_callback
_machine._run_sub_machine = _run_sub_machine
_machine._run_parallel_branches = _run_parallel_branches
_machine._apply_state_assign = _apply_state_assign
_machine._error_matches = _error_matches
_machine._execute_task = _held_to_the_limit(_execute_task)
for _kind in ("pass", "parallel", "map"):
    setattr(_machine, f"_execute_{_kind}", _held_to_the_limit(getattr(_as_it_comes, f"_execute_{_kind}")))
