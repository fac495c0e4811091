"""Take in a message of the intake queue, which counts as said by SES or by AWS Health: nobody else may send there."""

import json

from aws_lambda_powertools import Logger

from lambdas.aws import client
from lambdas.domain.intake.arrival import Arrival, health_arrival, parse_arrival, parse_health_event
from lambdas.domain.settings.function_config import StartConfig
from lambdas.load_config import load_config

logger = Logger(service="start")


def take_in(body: str) -> None:
    """Start the execution of a message. Raises UnknownArrival for what is no notice, and AWS's error if it refuses."""
    arrival = _arrival(body)
    if arrival is None:
        logger.info("SES's set-up message: no mail")
    else:
        start_execution(arrival)


def start_execution(arrival: Arrival) -> None:
    """Start it once: an arrival that is delivered twice has the same name."""
    steps = client("stepfunctions")
    try:
        steps.start_execution(
            stateMachineArn=load_config(StartConfig).respond,
            name=arrival.execution_name,
            input=json.dumps({"arrival": arrival.to_json(), "approved": []}),
        )
    except steps.exceptions.ExecutionAlreadyExists:
        logger.info("delivered twice, started once", extra={"execution": arrival.execution_name})


def _arrival(body: str) -> Arrival | None:
    """A Health event is stored first, beside the mail, so that it is kept and read as one."""
    health_event, bucket = parse_health_event(body), load_config(StartConfig).mail_bucket
    if health_event is None:
        return parse_arrival(body, bucket)
    arrival = health_arrival(health_event, bucket)
    client("s3").put_object(Bucket=arrival.bucket, Key=arrival.key, Body=body.encode(), ContentType="application/json")
    return arrival
