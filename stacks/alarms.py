"""Alarms on the responder itself: each can mean that a notice was missed."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from stacks.admins import AdminTopics
from stacks.event_bus import CaseEventBus
from stacks.intake_queue import IntakeQueue
from stacks.machines.roster import RosterMachine

_MEANINGS = {
    "ExecutionFailed": "A mail was not fully handled: open the execution in Step Functions.",
    "ExecutionTimedOut": "A mail took more than an hour: open the execution in Step Functions.",
    "MailWaits": "A mail has waited 5 minutes: read the log of the function that starts executions.",
    "MailNotUnderstood": "A mail came in, but no execution could be started: read the dead letters.",
    "WatchFailed": "A contained instance is no longer watched, or admins were not told: open the watch's execution.",
    "AskFailed": "Admins were not told of a missing decision or that containment did not start: open the execution.",
    "AskTimedOut": "A question about an instance stayed open for too long: check its case yourself.",
    "ClockFailed": "Reminders of a deadline have stopped: open the clock's execution and redrive it.",
    "ClockTimedOut": "A clock stopped before AWS's deadline: check the deadline of its case yourself.",
    "ReleaseFailed": "An instance may be released, but admins were not told: open the release's execution.",
    "EventNotSent": "A change of a case did not reach a rule, a chat or a page: read the dead letters of the events.",
    "AdminNotReached": "SNS could not deliver a mail or an SMS to an admin: the runbook shows how to find out to whom.",
    "RosterNotTold": "The daily check of the admins could not be reported: open the roster's execution.",
    "RosterNotStarted": "The daily check of the admins' subscriptions did not start: read its dead letters.",
}


class Alarms(Construct):
    """Alarms that reach all admins over a topic of their own."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        intake: IntakeQueue,
        respond: sfn.StateMachine,
        watch: sfn.StateMachine,
        ask: sfn.StateMachine,
        clock: sfn.StateMachine,
        release: sfn.StateMachine,
        bus: CaseEventBus,
        roster: RosterMachine,
        admins: AdminTopics,
    ) -> None:
        super().__init__(scope, construct_id)
        minute = Duration.minutes(1)

        def messages_in(queue: sqs.Queue) -> cloudwatch.Metric:
            return queue.metric_approximate_number_of_messages_visible(period=minute, statistic="Maximum")

        metrics = {
            "ExecutionFailed": respond.metric_failed(period=minute),
            "ExecutionTimedOut": respond.metric_timed_out(period=minute),
            "MailWaits": intake.queue.metric_approximate_age_of_oldest_message(period=minute, statistic="Maximum"),
            "MailNotUnderstood": messages_in(intake.dead_letters),
            "WatchFailed": watch.metric_failed(period=minute),
            "AskFailed": ask.metric_failed(period=minute),
            "AskTimedOut": ask.metric_timed_out(period=minute),
            "ClockFailed": clock.metric_failed(period=minute),
            "ClockTimedOut": clock.metric_timed_out(period=minute),
            "ReleaseFailed": release.metric_failed(period=minute),
            "EventNotSent": messages_in(bus.dead_letters),
            "AdminNotReached": admins.topic.metric_number_of_notifications_failed(period=minute),
            "RosterNotTold": roster.machine.metric_failed(period=minute),
            "RosterNotStarted": messages_in(roster.dead_letters),
        }
        for name, meaning in _MEANINGS.items():
            admins.alarm(
                cloudwatch.Alarm(
                    self,
                    name,
                    metric=metrics[name],
                    threshold=300 if name == "MailWaits" else 0,
                    evaluation_periods=1,
                    comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
                    treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
                    alarm_description=meaning,
                )
            )
