"""A daily check that messages reach every admin. Read from top to bottom."""

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

    At a fixed hour: a rate would start right after the deployment, which has just asked everybody to confirm.
    EventBridge Scheduler retries for a day, then uses the dead-letter queue; with a rule that queue would have to
    allow all of EventBridge.
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
            description="Checks that messages reach every admin",
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
            comment="Compares subscriptions and phones with the settings; subscribes missing admins again",
            payload={},
            outputs="{% $states.result.Payload %}",
        )
        tell = task(
            self,
            "Report roster",
            functions.tell,
            comment="What has changed since the last report, or that the check failed",
            payload={"roster_check": "{% $states.input %}"},
            retries=PATIENT,
            outputs="{% $states.result.Payload %}",
        )
        check.add_catch(tell)
        tell.add_catch(notification_failed(self))
        return check.next(tell).next(sfn.Succeed.jsonata(self, "Roster checked"))
