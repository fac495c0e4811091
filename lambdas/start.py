"""Start one execution of "respond" for each mail that came in."""

import json
import os
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.aws import client
from lambdas.domain.arrival import arrival_from

logger = Logger(service="start")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  Lambda passes it
    """Take one message of the front queue (the batch size is 1).

    What cannot be understood raises: the queue tries again, then keeps it in the dead-letter queue, whose alarm
    tells the admins.
    """
    for record in event["Records"]:
        arrival = arrival_from(record["body"], os.environ["MAIL_BUCKET"])
        if arrival is None:
            logger.info("SES's set-up message: no mail")
            continue
        steps = client("stepfunctions")
        try:
            steps.start_execution(
                stateMachineArn=os.environ["RESPOND"],
                name=arrival.execution_name,
                input=json.dumps({"arrival": arrival.to_json(), "approved": []}),
            )
        except steps.exceptions.ExecutionAlreadyExists:
            logger.info("delivered twice, started once", extra={"execution": arrival.execution_name})
