"""Redrive dead letters: an admin asks for what could not be started to be handled again."""

from typing import Any, Final

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.domain.errors import UnknownArrival
from lambdas.domain.settings.function_config import StartConfig
from lambdas.load_config import load_config
from lambdas.start.take_in import take_in

# Each takes a part of a second, and the function has 30 s.
MAX_DEAD_LETTERS: Final = 30


def redrive_dead_letters(event: dict[str, Any]) -> dict[str, Any]:  # noqa: ARG001  as each step
    """Take in up to MAX_DEAD_LETTERS messages of the dead-letter queue as if they came now.

    Nothing is sent to the intake queue, whose policy takes messages from nobody but SNS and EventBridge. What fails
    again stays, and shows up after a minute. Returns how many were `handled`, the `failed` ones with why, and whether
    there may be `more`.
    """
    config, sqs = load_config(StartConfig), client("sqs")
    handled, failed = 0, list[dict[str, str]]()
    while handled + len(failed) < MAX_DEAD_LETTERS:
        answer = sqs.receive_message(
            QueueUrl=config.dead_letters,
            MaxNumberOfMessages=min(10, MAX_DEAD_LETTERS - handled - len(failed)),
            MessageSystemAttributeNames=["DeadLetterQueueSourceArn"],
            VisibilityTimeout=60,  # longer than this function runs
            WaitTimeSeconds=2,  # a short poll may find nothing although something waits
        )
        for message in answer.get("Messages", ()):
            try:
                _refuse_other_queues(message, config.intake_queue)
                take_in(message["Body"])
            except (UnknownArrival, ClientError) as error:
                failed.append({"message": message["MessageId"], "error": f"{type(error).__name__}: {error}"})
                continue
            sqs.delete_message(QueueUrl=config.dead_letters, ReceiptHandle=message["ReceiptHandle"])
            handled += 1
        if not answer.get("Messages"):
            return {"handled": handled, "failed": failed, "more": False}
    return {"handled": handled, "failed": failed, "more": True}


def _refuse_other_queues(message: dict[str, Any], intake_queue: str) -> None:
    """Anyone in the account may make a queue whose dead letters go to ours, and no policy is asked when SQS moves them.

    SQS names the queue that a message failed in; what SNS or EventBridge could not deliver has no such name.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
    """
    source = message.get("Attributes", {}).get("DeadLetterQueueSourceArn", intake_queue)
    if source != intake_queue:
        raise UnknownArrival(f"it failed in {source}, not in the intake queue")
