"""The intake queue: every arrival waits here until its execution has started.

What lies in it counts as said by SES or by AWS Health, so its policy takes messages from our topic and our rule only,
whatever the policies of people and functions allow. An admin's own way in is the state machine "desk".
"""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_sns_subscriptions as subscriptions
from aws_cdk import aws_sqs as sqs
from aws_cdk import aws_stepfunctions as sfn
from constructs import Construct

from lambdas.domain.intake.arrival import HEALTH_PREFIX
from lambdas.domain.settings.function_config import StartConfig
from stacks.dead_letters import dead_letters
from stacks.function_builder import TIMEOUT, acknowledge_resources, allow_key_use, make_function
from stacks.health import HealthEvents
from stacks.mailbox import Mailbox


class IntakeQueue(Construct):
    """The queue, its dead-letter queue, and `start`, which starts one execution for each mail.

    SQS encrypts the queues: our own key and the topic would have to refer to each other.
    """

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        code: lambda_.Code,
        mailbox: Mailbox,
        respond: sfn.StateMachine,
        key: kms.Key,
    ) -> None:
        super().__init__(scope, construct_id)
        self.dead_letters = dead_letters(self)
        self.queue = sqs.Queue(
            self,
            "Queue",
            encryption=sqs.QueueEncryption.SQS_MANAGED,
            enforce_ssl=True,
            retention_period=Duration.days(14),
            # Six times the function's time-out: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
            visibility_timeout=Duration.seconds(6 * TIMEOUT.to_seconds()),
            dead_letter_queue=sqs.DeadLetterQueue(queue=self.dead_letters, max_receive_count=5),
        )
        mailbox.arrived.add_subscription(
            # Without its dead-letter queue SNS drops what the queue refuses:
            # https://docs.aws.amazon.com/sns/latest/dg/sns-dead-letter-queues.html
            subscriptions.SqsSubscription(self.queue, raw_message_delivery=True, dead_letter_queue=self.dead_letters)
        )
        self.start = make_function(
            self,
            "Start",
            code=code,
            handler="lambdas.start.handler",
            config=StartConfig(
                mail_bucket=mailbox.bucket.bucket_name,
                respond=respond.state_machine_arn,
                dead_letters=self.dead_letters.queue_url,
                intake_queue=self.queue.queue_arn,
            ),
            permissions=[
                iam.PolicyStatement(actions=["states:StartExecution"], resources=[respond.state_machine_arn]),
                iam.PolicyStatement(
                    actions=["s3:PutObject"], resources=[mailbox.bucket.arn_for_objects(f"{HEALTH_PREFIX}*")]
                ),
                iam.PolicyStatement(
                    actions=["sqs:DeleteMessage", "sqs:ReceiveMessage"], resources=[self.dead_letters.queue_arn]
                ),
                allow_key_use(key, "s3"),
            ],
        )
        acknowledge_resources(
            self.start.role,
            mailbox.bucket.arn_for_objects(f"{HEALTH_PREFIX}*"),
            reason="The key contains the event's id; the function can only write there",
        )
        mailbox.allow_write(self.start, HEALTH_PREFIX)
        health = HealthEvents(self, "Health", queue=self.queue, dead_letters=self.dead_letters)
        self._close(senders=[mailbox.arrived.topic_arn, health.rule.rule_arn])
        # A flood of mail waits in the queue instead of using up the account's concurrency.
        self.start.add_event_source(event_sources.SqsEventSource(self.queue, batch_size=1, max_concurrency=5))

    def _close(self, *, senders: list[str]) -> None:
        """Deny sending to everyone but these two, and taking out to everyone but `start`.

        Only the use of the queue is denied, never its management: CloudFormation and the account can always change the
        policy. Someone who looks after the dead letters may read and delete them; nobody may put anything there.
        SNS and EventBridge name themselves by `aws:SourceArn`; a request of a person or role has no such key, and
        StringNotEquals holds for it: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
        """
        assert self.start.role is not None  # noqa: S101  for the type checker
        # SQS itself moves what has failed five times. AWS does not say that it asks this policy; if so, it is let in.
        for queue, sources in ((self.queue, senders), (self.dead_letters, [*senders, self.queue.queue_arn])):
            queue.add_to_resource_policy(
                _deny(queue, "NobodyElseSends", ["sqs:SendMessage"], {"aws:SourceArn": sources})
            )
        # Lambda polls with the function's role: https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html
        taking = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:ReceiveMessage"]
        self.queue.add_to_resource_policy(
            _deny(self.queue, "NobodyElseTakes", taking, {"aws:PrincipalArn": self.start.role.role_arn})
        )


def _deny(queue: sqs.Queue, sid: str, actions: list[str], unless: dict[str, str | list[str]]) -> iam.PolicyStatement:
    return iam.PolicyStatement(
        sid=sid,
        effect=iam.Effect.DENY,
        principals=[iam.AnyPrincipal()],
        actions=actions,
        resources=[queue.queue_arn],
        conditions={"StringNotEquals": unless},
    )
