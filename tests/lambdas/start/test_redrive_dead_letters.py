"""What no execution could be started for is handled again, and what fails again stays."""

import pytest
from botocore.stub import ANY, Stubber

from lambdas.start.redrive_dead_letters import MAX_DEAD_LETTERS
from tests.lambdas.start.conftest import DEAD_LETTERS, INTAKE_QUEUE, STARTED, expected, notification, step


@pytest.fixture
def letters(moto):
    """The dead-letter queue, which answers just what a test expects it to be asked."""
    with Stubber(moto("sqs")) as stub:
        yield stub
        stub.assert_no_pending_responses()


def letter(body, number="1", **attributes):
    return {"MessageId": number, "ReceiptHandle": f"handle-{number}", "Body": body, "Attributes": attributes}


def received(letters, *messages):
    letters.add_response(
        "receive_message",
        {"Messages": list(messages)} if messages else {},
        {
            "QueueUrl": DEAD_LETTERS,
            "MaxNumberOfMessages": ANY,
            "MessageSystemAttributeNames": ["DeadLetterQueueSourceArn"],
            "VisibilityTimeout": 60,
            "WaitTimeSeconds": 2,
        },
    )


def deleted(letters, number):
    letters.add_response("delete_message", {}, {"QueueUrl": DEAD_LETTERS, "ReceiptHandle": f"handle-{number}"})


def test_dead_letters_are_handled_and_deleted(steps, letters):
    """From the intake queue, and what SNS or EventBridge could not put there, which names no queue."""
    received(
        letters,
        letter(notification(), DeadLetterQueueSourceArn=INTAKE_QUEUE),
        letter(notification("mail/second"), "2"),
    )
    for number, key in enumerate(("mail/k3v9story1", "mail/second"), start=1):
        steps.add_response("start_execution", STARTED, expected(key))
        deleted(letters, number)
    received(letters)
    assert step("Redrive dead letters") == {"handled": 2, "failed": [], "more": False}


def test_a_dead_letter_that_fails_again_stays_and_stops_no_other(steps, letters):
    received(letters, letter("nonsense"), letter(notification(), "2"), letter(notification("mail/second"), "3"))
    steps.add_client_error("start_execution", "ExecutionLimitExceeded")
    steps.add_response("start_execution", STARTED, expected("mail/second"))
    deleted(letters, "3")
    received(letters)
    answer = step("Redrive dead letters")
    assert (answer["handled"], answer["more"]) == (1, False)
    assert [failure["message"] for failure in answer["failed"]] == ["1", "2"]
    assert answer["failed"][0]["error"].startswith("UnknownArrival: not SES's notification")
    assert "ExecutionLimitExceeded" in answer["failed"][1]["error"]


@pytest.mark.usefixtures("steps")
def test_a_message_that_failed_in_a_queue_of_somebody_else_is_refused(letters):
    """Anyone can make a queue whose dead letters go to ours: SQS asks no policy of ours when it moves a message."""
    theirs = INTAKE_QUEUE.replace("front", "theirs")
    received(letters, letter(notification(), DeadLetterQueueSourceArn=theirs))
    received(letters)
    (failure,) = step("Redrive dead letters")["failed"]
    assert failure["error"] == f"UnknownArrival: it failed in {theirs}, not in the intake queue"


@pytest.mark.usefixtures("steps")
def test_a_call_handles_so_many_dead_letters_and_says_that_more_may_wait(letters):
    for batch in range(MAX_DEAD_LETTERS // 10):
        received(letters, *(letter("nonsense", f"{batch}-{number}") for number in range(10)))
    answer = step("Redrive dead letters")
    assert (answer["handled"], len(answer["failed"]), answer["more"]) == (0, MAX_DEAD_LETTERS, True)
