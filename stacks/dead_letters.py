"""A queue for undelivered messages, kept for the longest time that SQS allows. Each queue has an alarm."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.function_builder import acknowledge


def dead_letters(scope: Construct) -> sqs.Queue:
    """The queue, with a key of SQS, so that senders need no permission for a key."""
    queue = sqs.Queue(
        scope,
        "DeadLetters",
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=Duration.days(14),
    )
    acknowledge(queue, "AwsSolutions-SQS3", reason="It is the queue of dead letters")
    return queue
