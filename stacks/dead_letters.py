"""A queue for what could not be handed on: it is kept as long as SQS keeps anything, and an alarm tells of it."""

from aws_cdk import Duration
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from stacks.function_builder import acknowledge


def dead_letters(scope: Construct) -> sqs.Queue:
    """The queue, with a key of SQS, which asks no right of who puts in."""
    queue = sqs.Queue(
        scope,
        "DeadLetters",
        encryption=sqs.QueueEncryption.SQS_MANAGED,
        enforce_ssl=True,
        retention_period=Duration.days(14),
    )
    acknowledge(queue, "AwsSolutions-SQS3", reason="It is the queue of dead letters")
    return queue
