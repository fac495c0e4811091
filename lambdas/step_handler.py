"""The handler of a function whose work is cut into steps: each state of a machine names the step that it wants."""

from collections.abc import Callable, Mapping
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext


def step_handler(service: str, steps: Mapping[str, Callable[[dict[str, Any]], Any]]) -> Callable[..., Any]:
    """A Lambda handler that runs `steps[event["step"]]` and logs it as `service`.

    The step gets the event and the `account_id` of the function.
    """
    logger = Logger(service=service)

    @logger.inject_lambda_context(clear_state=True)
    def handler(event: dict[str, Any], context: LambdaContext) -> Any:
        instance_id = event.get("instance", {}).get("instance_id")
        logger.append_keys(step=event["step"], execution=event["execution"], instance_id=instance_id)
        account_id = context.invoked_function_arn.split(":")[4]
        result = steps[event["step"]]({**event, "account_id": account_id})
        logger.info("done")
        return result

    return handler
