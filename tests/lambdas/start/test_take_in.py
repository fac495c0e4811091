"""One execution for each mail, however often the queue delivers it."""

import json

import pytest

from lambdas.domain.errors import UnknownArrival
from lambdas.domain.intake.arrival import health_arrival
from lambdas.start import handler
from tests.lambdas.start.conftest import CONTEXT, RESPOND, STARTED, expected, notification
from tests.samples import ACCOUNT, MAIL_BUCKET


def queue(*bodies):
    return {"Records": [{"messageId": "1", "eventSource": "aws:sqs", "body": body} for body in bodies]}


def test_a_mail_starts_an_execution_named_after_it(steps):
    steps.add_response("start_execution", STARTED, expected())
    handler(queue(notification()), CONTEXT)


def test_nobody_is_approved_by_a_mail(steps):
    steps.add_response("start_execution", STARTED, expected())
    handler(queue(json.dumps({**json.loads(notification()), "approved": ["i-0a7b1dd0e3f94c256"]})), CONTEXT)


def test_f12_a_mail_that_is_delivered_twice_is_started_once(steps):
    steps.add_response("start_execution", STARTED, expected())
    steps.add_client_error("start_execution", "ExecutionAlreadyExists", expected_params=expected())
    handler(queue(notification()), CONTEXT)
    handler(queue(notification()), CONTEXT)


def test_any_other_refusal_goes_back_to_the_queue(steps):
    steps.add_client_error("start_execution", "ExecutionLimitExceeded")
    with pytest.raises(Exception, match="ExecutionLimitExceeded"):
        handler(queue(notification()), CONTEXT)


def test_the_setup_message_starts_nothing(steps):
    handler(queue("Successfully validated SNS topic for Amazon SES event publishing."), CONTEXT)
    steps.assert_no_pending_responses()


@pytest.mark.parametrize("body", ["", "{}", notification(bucket="their-bucket")])
def test_f17_what_is_not_understood_is_kept_by_the_queue(steps, body):
    """F17: a peer drops it with a log line."""
    with pytest.raises(UnknownArrival):
        handler(queue(body), CONTEXT)
    steps.assert_no_pending_responses()


def test_f17_each_record_is_taken_by_itself(steps):
    """F17: a peer returns at the first record that needs nothing."""
    steps.add_client_error("start_execution", "ExecutionAlreadyExists", expected_params=expected())
    steps.add_response("start_execution", STARTED, expected("mail/second"))
    setup = "Successfully validated SNS topic for Amazon SES event publishing."
    handler(queue(setup, notification(), notification("mail/second")), CONTEXT)


HEALTH = {
    "source": "aws.health",
    "account": ACCOUNT,
    "time": "2026-11-16T07:42:11Z",
    "detail": {"eventArn": "arn:aws:health:global::event/AWS_ABUSE_DOS_REPORT_1", "communicationId": "c1-1"},
}


def test_a_health_event_is_kept_and_starts_one_execution(steps, buckets):
    arrival = health_arrival(HEALTH, MAIL_BUCKET)
    asked = {
        "stateMachineArn": RESPOND,
        "name": arrival.execution_name,
        "input": json.dumps({"arrival": arrival.to_json(), "approved": []}),
    }
    steps.add_response("start_execution", STARTED, asked)
    steps.add_client_error("start_execution", "ExecutionAlreadyExists", expected_params=asked)
    handler(queue(json.dumps(HEALTH)), CONTEXT)
    handler(queue(json.dumps({**HEALTH, "region": "us-west-2"})), CONTEXT)
    kept = json.loads(buckets.get_object(Bucket=MAIL_BUCKET, Key=arrival.key)["Body"].read())
    assert kept["detail"] == HEALTH["detail"]


def test_what_calls_itself_health_and_cannot_be_read_is_kept_by_the_queue(steps):
    with pytest.raises(UnknownArrival, match="not an event of AWS Health"):
        handler(queue('{"source": "aws.health"}'), CONTEXT)
    steps.assert_no_pending_responses()
