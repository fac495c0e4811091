"""Watches one contained instance: does its quarantine hold, do its snapshots complete? Read from top to bottom.

"Start watch" of respond.py starts it. It runs for hours on its input alone. Each branch works through a list of times,
in minutes after the start. Findings are reported at once, or the case records why not.
"""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from lambdas.domain.containment.quarantine_check import QuarantineStatus
from lambdas.domain.containment.snapshot import SnapshotAction
from stacks.functions import Functions
from stacks.machines.machine import CAUGHT, PATIENT, choose, machine, notification_failed, task

_INSTANCE = {"case": "{% $states.input.case %}", "instance": "{% $states.input.instance %}"}
# What a message needs.
_CASE_NOTICE = {**{name: f"{{% $states.input.{name} %}}" for name in ("arrival", "notice", "proof")}, **_INSTANCE}


class WatchMachine(Construct):
    """The state machine "watch": one execution for each contained instance.

    Input: the mail and its case, the `instance`, `contained_at` (when its quarantine was read back), and two lists of
    times: `minutes` for the quarantine, `looks` for the snapshots.
    """

    def __init__(self, scope: Construct, construct_id: str, *, functions: Functions) -> None:
        super().__init__(scope, construct_id)
        both = sfn.Parallel.jsonata(
            self,
            "Watch",
            comment="If a message cannot be sent, both end, so that the alarm on failed executions goes off",
        )
        both.branch(self._quarantine(functions), self._snapshots(functions))
        both.add_catch(notification_failed(self))
        both.next(sfn.Succeed.jsonata(self, "Watched"))
        self.machine = machine(self, both, timeout=Duration.days(7), functions=(functions.contain, functions.tell))

    def _quarantine(self, functions: Functions) -> sfn.IChainable:
        wait = self._wait("Wait for the next check", times="minutes")
        check = task(
            self,
            "Check quarantine",
            functions.contain,
            comment="Changes nothing: a person may have changed the quarantine on purpose",
            payload={
                **_INSTANCE,
                "contained_at": "{% $states.input.contained_at %}",
                "minute": "{% $states.input.minute %}",
            },
            outputs=_with("quarantine_check", "$states.result.Payload"),
        )
        alarm = task(
            self,
            "Alert admins",
            functions.tell,
            comment="What breaks the quarantine, who changed it, and what to do",
            payload={**_CASE_NOTICE, "quarantine_check": "{% $states.input.quarantine_check %}"},
            retries=PATIENT,
            outputs="{% $states.input %}",
        )
        ended = sfn.Pass.jsonata(self, "Quarantine watch ended", outputs="{% $states.input.quarantine_check %}")
        released = sfn.Pass.jsonata(
            self, "Released", comment="The case says by whom and when", outputs="{% $states.input.quarantine_check %}"
        )
        status = "$states.input.quarantine_check.status"
        goes_on = f"$count($states.input.minutes) > 0 and $not({status} = '{QuarantineStatus.GONE}')"
        again = choose(self, "Is another check due?", (goes_on, wait), otherwise=ended)
        holds = choose(
            self,
            "Does the quarantine hold?",
            (f"{status} = '{QuarantineStatus.HOLDS}'", again),
            (f"{status} = '{QuarantineStatus.RELEASED}'", released),
            otherwise=alarm,
        )
        check.add_catch(holds, outputs=_with("quarantine_check", CAUGHT))
        wait.next(check).next(holds)
        alarm.next(again)
        return wait

    def _snapshots(self, functions: Functions) -> sfn.IChainable:
        wait = self._wait("Wait for the snapshots", times="looks")
        check = task(
            self,
            "Check snapshots",
            functions.contain,
            comment="Large volumes take hours",
            payload=_INSTANCE,
            outputs=_with("progress", "$states.result.Payload"),
        )
        copy = task(
            self,
            "Copy snapshots",
            functions.contain,
            comment="With the key in the settings, if any; the next check sees whether it worked",
            payload=_INSTANCE,
            outputs=_with("progress", "$states.result.Payload"),
        )
        warn = task(
            self,
            "Warn about snapshots",
            functions.tell,
            comment="What failed, is gone or is still missing",
            payload={**_CASE_NOTICE, "progress": "{% $states.input.progress %}"},
            retries=PATIENT,
            outputs="{% $states.input.progress %}",
        )
        complete = sfn.Pass.jsonata(
            self, "Snapshots complete", comment="The case says so", outputs="{% $states.input.progress %}"
        )
        again = choose(self, "Is there time left?", ("$count($states.input.looks) > 0", wait), otherwise=warn)
        action = "$states.input.progress.next"
        are_there = choose(
            self,
            "Are the snapshots there?",
            (f"{action} = '{SnapshotAction.END}'", complete),
            (f"{action} = '{SnapshotAction.WAIT}'", again),
            (f"{action} = '{SnapshotAction.COPY}'", copy),
            otherwise=warn,
        )
        for step in (check, copy):
            step.add_catch(warn, outputs=_with("progress", CAUGHT))
        wait.next(check).next(are_there)
        copy.next(again)
        warn.next(sfn.Pass.jsonata(self, "Admins warned"))
        return wait

    def _wait(self, name: str, *, times: str) -> sfn.Wait:
        """Wait for the first of the times, and remove it from the list."""
        first = f"$states.input.{times}[0]"
        start = "$toMillis($states.context.Execution.StartTime)"
        rest = f"[$states.input.{times}[[1..99]]]"
        return sfn.Wait.jsonata(
            self,
            name,
            time=sfn.WaitTime.timestamp(f"{{% $fromMillis({start} + {first} * 60000) %}}"),
            outputs=f"{{% $merge([$states.input, {{'{times}': {rest}, 'minute': {first}}}]) %}}",
        )


def _with(name: str, value: str) -> str:
    """The input with a result."""
    return f"{{% $merge([$states.input, {{'{name}': {value}}}]) %}}"


def schedule(minutes: Sequence[int]) -> dict[str, Any]:
    """Minutes after the start: the settings' for the quarantine; for snapshots hourly, until a day after the last."""
    return {"minutes": list(minutes), "looks": f"{{% $range({minutes[0]}, {minutes[-1] + 24 * 60}, 60) %}}"}
