"""The function that may look at the admins' subscriptions and subscribe the admins, and nobody else."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.roster.check_roster import check_roster

logger = Logger(service="roster")

STEPS: dict[str, Callable[..., Any]] = {"Check roster": check_roster}


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:  # noqa: ARG001  Lambda passes it
    """Do the step that the state names: `{"step": "Check roster", …}`."""
    logger.append_keys(step=event["step"], execution=event["execution"])
    result = STEPS[event["step"]](event)
    logger.info("done")
    return result
