"""The execution of a mail, state by state, with times.

MiniStack's history has the machine's own states; those inside Parallel and Map are read from the functions' logs.
"""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from desk.errors import DeskError
from desk.rehearsal.delivery import Delivery
from desk.rehearsal.deployment import Deployment
from desk.rehearsal.emulators import Emulators
from lambdas.domain.containment.outcome import STEPS

# The states inside Parallel and Map.
_INNER = {"Send first alert", "Find instances", *STEPS}
_PATIENCE_SECONDS = 90


@dataclass(frozen=True)
class StateProgress:
    """A state that has ended: `seconds` after the mail was stored; `instance_id` if it is about one instance."""

    state: str
    seconds: float
    instance_id: str


@dataclass(frozen=True)
class FinishedExecution:
    """The result of a mail's execution."""

    arn: str
    status: str
    states: tuple[StateProgress, ...]
    output: dict[str, Any]


class ExecutionWatcher:
    """Follows executions by the machine's history and the functions' logs."""

    def __init__(self, emulators: Emulators, deployment: Deployment) -> None:
        self._steps = emulators.client("stepfunctions")
        self._logs = emulators.client("logs")
        self._machine = deployment.respond_machine
        functions = emulators.client("lambda").list_functions()["Functions"]
        self._log_groups = [function["LoggingConfig"]["LogGroup"] for function in functions]

    def follow(self, delivery: Delivery, show: Callable[[StateProgress], None]) -> FinishedExecution:
        """Follow the execution of a delivered mail to its end, showing each state when it ends."""
        arn = f"{self._machine.replace(':stateMachine:', ':execution:')}:{delivery.execution_name}"
        shown: list[StateProgress] = []
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end:
            try:
                execution = self._steps.describe_execution(executionArn=arn)
            except self._steps.exceptions.ExecutionDoesNotExist:
                time.sleep(0.05)
                continue
            ended = [*self._states(arn, delivery.stored_at), *self._inner_states(arn, delivery.stored_at)]
            for progress in sorted(ended, key=lambda state: state.seconds):
                if progress not in shown:
                    show(progress)
                    shown.append(progress)
            if execution["status"] != "RUNNING":
                output = json.loads(execution.get("output") or "{}")
                return FinishedExecution(arn, execution["status"], tuple(shown), output)
            time.sleep(0.1)
        raise DeskError(f"the mail's execution did not end within {_PATIENCE_SECONDS} s: {arn}")

    def _states(self, arn: str, stored_at: float) -> Iterator[StateProgress]:
        for page in self._steps.get_paginator("get_execution_history").paginate(executionArn=arn):
            for event in page["events"]:
                if event["type"].endswith("StateExited"):
                    seconds = event["timestamp"].timestamp() - stored_at
                    yield StateProgress(event["stateExitedEventDetails"]["name"], round(seconds, 3), "")

    def _inner_states(self, arn: str, stored_at: float) -> Iterator[StateProgress]:
        for group in self._log_groups:
            for event in self._logs.filter_log_events(logGroupName=group)["events"]:
                if not event["message"].startswith("{"):
                    continue
                line = json.loads(event["message"])
                if line.get("execution") == arn and line["step"] in _INNER:
                    moment = datetime.strptime(line["timestamp"], "%Y-%m-%d %H:%M:%S,%f%z").timestamp()
                    yield StateProgress(line["step"], round(moment - stored_at, 3), line.get("instance_id") or "")
