"""The intake queue: every arrival waits here until its execution has started."""

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
            config=StartConfig(mail_bucket=mailbox.bucket.bucket_name, respond=respond.state_machine_arn),
            permissions=[
                iam.PolicyStatement(actions=["states:StartExecution"], resources=[respond.state_machine_arn]),
                iam.PolicyStatement(
                    actions=["s3:PutObject"], resources=[mailbox.bucket.arn_for_objects(f"{HEALTH_PREFIX}*")]
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
        HealthEvents(self, "Health", queue=self.queue, dead_letters=self.dead_letters)
        # A flood of mail waits in the queue instead of using up the account's concurrency.
        self.start.add_event_source(event_sources.SqsEventSource(self.queue, batch_size=1, max_concurrency=5))
