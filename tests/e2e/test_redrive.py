"""`desk redrive` end to end: what waits among the dead letters is handled, and what makes no sense stays."""

import json
import os
import subprocess
import sys

from tests.e2e.notices import fresh, health_event


def test_a_dead_letter_is_handled_and_one_that_makes_no_sense_stays(responder, play):
    _, instance_id = fresh()
    play(b"Subject: " + instance_id.encode() + b"\n\nno notice, only to launch the instance\n")
    sqs, stack = (responder.emulators.client(service) for service in ("sqs", "cloudformation"))
    outputs = stack.describe_stacks(StackName="AbuseResponder")["Stacks"][0]["Outputs"]
    (queue,) = [output["OutputValue"] for output in outputs if output["OutputKey"] == "DeadLetters"]
    for body in (health_event(instance_id).decode(), "nonsense"):
        sqs.send_message(QueueUrl=queue, MessageBody=body)

    done = subprocess.run(
        [sys.executable, "-m", "desk", "redrive", "--json"],
        env={**os.environ, **responder.emulators.environment()},
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 1, done.stderr
    printed = json.loads(done.stdout)
    assert (printed["handled"], printed["more"]) == (1, False)
    (failure,) = printed["failed"]
    assert failure["error"].startswith("UnknownArrival: not SES's notification")
    messages = responder.inboxes.wait(4, seconds=30)
    assert any(instance_id in message.subject for message in messages)
    attributes = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    counts = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=attributes)["Attributes"]
    assert sum(map(int, counts.values())) == 1
