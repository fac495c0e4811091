"""The roster of the admins: a daily check that messages reach each of them. Read from top to bottom."""

from aws_cdk import Duration, TimeZone
from aws_cdk import aws_scheduler as scheduler
from aws_cdk import aws_scheduler_targets as targets
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from stacks.dead_letters import dead_letters
from stacks.functions import Functions
from stacks.machines.machine import PATIENT, machine, notification_failed, task


class RosterMachine(Construct):
    """The state machine "roster", which needs no input, and the schedule that starts it.

    At a fixed hour, and not at a rate: a rate begins with the deployment, which has just asked everybody to confirm.
    EventBridge Scheduler tries again for a day what it cannot start, and keeps it then; a rule tries the same, but its
    queue would have to let in all of EventBridge.
    """

    def __init__(self, scope: Construct, construct_id: str, *, functions: Functions) -> None:
        super().__init__(scope, construct_id)
        self.machine = machine(
            self, self._check(functions), timeout=Duration.minutes(30), functions=(functions.roster, functions.tell)
        )
        self.dead_letters = dead_letters(self)
        scheduler.Schedule(
            self,
            "Daily",
            description="Whether messages reach each admin",
            schedule=scheduler.ScheduleExpression.cron(minute="17", hour="6", time_zone=TimeZone.ETC_UTC),
            target=targets.StepFunctionsStartExecution(
                self.machine, dead_letter_queue=self.dead_letters, max_event_age=Duration.hours(23)
            ),
        )

    def _check(self, functions: Functions) -> sfn.IChainable:
        check = task(
            self,
            "Check roster",
            functions.roster,
            comment="The subscriptions and phones against the settings; who was taken off is subscribed again",
            payload={},
            outputs="{% $states.result.Payload %}",
        )
        tell = task(
            self,
            "Report roster",
            functions.tell,
            comment="What has changed since it was told last, or that the check failed",
            payload={"roster_check": "{% $states.input %}"},
            retries=PATIENT,
            outputs="{% $states.result.Payload %}",
        )
        check.add_catch(tell)
        tell.add_catch(notification_failed(self))
        return check.next(tell).next(sfn.Succeed.jsonata(self, "Roster checked"))
