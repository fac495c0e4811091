"""A queue that keeps undelivered messages for as long as SQS allows. Each has an alarm."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.function_builder import acknowledge


def dead_letters(scope: Construct) -> sqs.Queue:
    """The queue, encrypted by SQS, so that senders need no key permissions."""
    queue = sqs.Queue(
        scope,
        "DeadLetters",
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=Duration.days(14),
    )
    acknowledge(queue, "AwsSolutions-SQS3", reason="It is a dead-letter queue")
    return queue
