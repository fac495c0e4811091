"""The clock of one case and deadline: the reminders before AWS's deadline. Read from top to bottom.

It is started by "Start clock" of respond.py and runs for hours or days, so everything that it needs is in its input,
and what it says is read from the case when a moment has come. Each way leads to a message, or to the reason why there
was none: the admins were told of what has stopped it when that happened.
"""

from aws_cdk import Duration
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from lambdas.domain.case.clock import MAX_WAIT
from stacks.functions import Functions
from stacks.machines.machine import machine, notification_failed, task

# Tries of a reminder, over half an hour to an hour: the next moment is hours away, and after it comes an alarm only.
_AN_HOUR = 12


class ClockMachine(Construct):
    """The state machine "clock": one execution a case and deadline, named after both.

    Input: `case` (its id), `deadline`, `moments` (each a time, a kind, and whether it is late enough for an SMS, in
    their order; one at least), and `index`, the number of the next one.
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
            comment="As the case stands now: what is missing, to whom it must be said, or why nothing is said",
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
        goes_on = sfn.Choice.jsonata(self, "Does the clock go on?")
        goes_on.when(
            sfn.Condition.jsonata("{% $states.input.reminder.ends %}"),
            sfn.Succeed.jsonata(self, "Clock stopped", comment="What was said last is why; the case says by whom"),
        )
        goes_on.when(sfn.Condition.jsonata("{% $states.input.index < $count($states.input.moments) %}"), wait)
        goes_on.otherwise(sfn.Succeed.jsonata(self, "Clock ran out", comment="All is said that the settings ask for"))
        return wait.next(remind).next(goes_on)
