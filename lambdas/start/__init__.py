"""The function that starts one execution of "respond" for each notice: by mail, from AWS Health, or of an admin."""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.start.redrive_dead_letters import redrive_dead_letters
from lambdas.start.start_submitted_mail import start_submitted_mail
from lambdas.start.take_in import logger, take_in
from lambdas.step_handler import step_handler

STEPS = {"Start submitted mail": start_submitted_mail, "Redrive dead letters": redrive_dead_letters}

_run_step = step_handler("start", STEPS)


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Take one message of the intake queue (the batch size is 1), or run a step of the state machine "desk".

    What cannot be understood raises: the queue tries again, then keeps it in the dead-letter queue, whose alarm
    tells the admins.
    """
    if "step" in event:
        return _run_step(event, context)
    for record in event["Records"]:
        take_in(record["body"])
    return None
