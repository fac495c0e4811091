"""Alarms on the responder itself: each can mean that a notice was missed."""

from aws_cdk import Duration
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from stacks.admins import AdminTopics
from stacks.event_bus import CaseEventBus
from stacks.intake_queue import IntakeQueue
from stacks.machines.roster import RosterMachine


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
        failed = respond.metric_failed(period=minute)
        timed_out = respond.metric_timed_out(period=minute)
        watch_failed = watch.metric_failed(period=minute)
        ask_failed = ask.metric_failed(period=minute)
        ask_timed_out = ask.metric_timed_out(period=minute)
        clock_failed = clock.metric_failed(period=minute)
        clock_timed_out = clock.metric_timed_out(period=minute)
        release_failed = release.metric_failed(period=minute)
        waiting = intake.queue.metric_approximate_age_of_oldest_message(period=minute, statistic="Maximum")
        dead = intake.dead_letters.metric_approximate_number_of_messages_visible(period=minute, statistic="Maximum")
        unsent = bus.dead_letters.metric_approximate_number_of_messages_visible(period=minute, statistic="Maximum")
        roster_failed = roster.machine.metric_failed(period=minute)
        roster_not_started = roster.dead_letters.metric_approximate_number_of_messages_visible(
            period=minute, statistic="Maximum"
        )
        undelivered = admins.topic.metric_number_of_notifications_failed(period=minute)
        for name, metric, above, meaning in (
            ("ExecutionFailed", failed, 0, "A mail was not handled to its end: open the execution in Step Functions."),
            ("ExecutionTimedOut", timed_out, 0, "A mail took more than an hour: open the execution in Step Functions."),
            ("MailWaits", waiting, 300, "A mail has waited 5 minutes: look at the log of the function that starts."),
            (
                "MailNotUnderstood",
                dead,
                0,
                "A mail came in, and no execution could be started: look at the dead letters.",
            ),
            (
                "WatchFailed",
                watch_failed,
                0,
                "A contained instance is watched no more, or admins were not told: open the execution of the watch.",
            ),
            (
                "AskFailed",
                ask_failed,
                0,
                "Admins were not told that nobody decided, or that containing did not begin: open the execution.",
            ),
            (
                "AskTimedOut",
                ask_timed_out,
                0,
                "A question about an instance was waited for too long: look at its case yourself.",
            ),
            (
                "ClockFailed",
                clock_failed,
                0,
                "Admins were not reminded of a deadline, and will not be: open the execution of the clock, redrive it.",
            ),
            (
                "ClockTimedOut",
                clock_timed_out,
                0,
                "A clock stopped before AWS's time was over: look at the deadline of its case yourself.",
            ),
            (
                "ReleaseFailed",
                release_failed,
                0,
                "An instance may be released and the admins were not told: open the execution of the release.",
            ),
            (
                "EventNotSent",
                unsent,
                0,
                "A change of a case reached no rule, no chat or no page: look at the dead letters of the events.",
            ),
            (
                "AdminNotReached",
                undelivered,
                0,
                "SNS gave up on a mail or an SMS to an admin: the runbook says how to see whose.",
            ),
            (
                "RosterNotTold",
                roster_failed,
                0,
                "Who of the admins is not reached could not be told to anybody: open the execution of the roster.",
            ),
            (
                "RosterNotStarted",
                roster_not_started,
                0,
                "The daily check of the admins' subscriptions was not started: look at its dead letters.",
            ),
        ):
            admins.alarm(
                cloudwatch.Alarm(
                    self,
                    name,
                    metric=metric,
                    threshold=above,
                    evaluation_periods=1,
                    comparison_operator=cloudwatch.ComparisonOperator.GREATER_THAN_THRESHOLD,
                    treat_missing_data=cloudwatch.TreatMissingData.NOT_BREACHING,
                    alarm_description=meaning,
                )
            )
