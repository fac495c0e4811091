"""Start one execution of "respond" for each notice that came in, by mail or from AWS Health."""

import json
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.aws import client
from lambdas.domain.intake.arrival import Arrival, health_arrival, parse_arrival, parse_health_event
from lambdas.domain.settings.function_config import StartConfig
from lambdas.load_config import load_config

logger = Logger(service="start")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  Lambda passes it
    """Take one message of the intake queue (the batch size is 1).

    What cannot be understood raises: the queue tries again, then keeps it in the dead-letter queue, whose alarm
    tells the admins.
    """
    for record in event["Records"]:
        arrival = _arrival(record["body"])
        if arrival is None:
            logger.info("SES's set-up message: no mail")
            continue
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
