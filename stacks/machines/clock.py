"""The reminders before AWS's deadline in one case. Read from top to bottom.

"Start clock" of respond.py starts it. It runs for hours or days on its input alone, and reads the case only when a
reminder is due. Every path ends in a message, or in the reason why there was none.
"""

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from lambdas.domain.case.clock import MAX_WAIT
from stacks.functions import Functions
from stacks.machines.machine import choose, machine, notification_failed, task

# Retries of a reminder, over up to an hour: the next one is hours away.
_AN_HOUR = 12


class ClockMachine(Construct):
    """The state machine "clock": one execution for each case and deadline, named after both.

    Input: `case` (its id), `deadline`, `moments` (time, kind, and whether to send an SMS; in order, at least one), and
    `index` of the next moment.
    """

    def __init__(self, scope: Construct, construct_id: str, *, functions: Functions) -> None:
        super().__init__(scope, construct_id)
        self.machine = machine(
            self, self._clock(functions), timeout=Duration.days(MAX_WAIT.days + 2), functions=(functions.tell,)
        )

    def _clock(self, functions: Functions) -> sfn.IChainable:
        wait = sfn.Wait.jsonata(
            self,
            "Wait for the next moment",
            time=sfn.WaitTime.timestamp("{% $states.input.moments[$states.input.index].at %}"),
        )
        remind = task(
            self,
            "Remind admins",
            functions.tell,
            comment="From the current case: what is missing and whom to remind, or why nobody is reminded",
            payload={
                "case": "{% $states.input.case %}",
                "deadline": "{% $states.input.deadline %}",
                "moment": "{% $states.input.moments[$states.input.index] %}",
            },
            retries=_AN_HOUR,
            outputs="{% $merge([$states.input, "
            "{'index': $states.input.index + 1, 'reminder': $states.result.Payload}]) %}",
        )
        remind.add_catch(notification_failed(self))
        stopped = sfn.Succeed.jsonata(
            self, "Clock stopped", comment="The last reminder gives the reason; the case says by whom"
        )
        goes_on = choose(
            self,
            "Does the clock go on?",
            ("$states.input.reminder.ends", stopped),
            ("$states.input.index < $count($states.input.moments)", wait),
            otherwise=sfn.Succeed.jsonata(self, "Clock ran out", comment="All reminders of the settings are done"),
        )
        return wait.next(remind).next(goes_on)
