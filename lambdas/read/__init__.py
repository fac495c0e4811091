"""The function that may read mail and the case table: it understands, remembers and decides."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.read.ask_admins import ask_admins
from lambdas.read.decide import decide
from lambdas.read.decide_release import decide_release
from lambdas.read.deliver_decision import deliver_decision
from lambdas.read.open_case import open_case
from lambdas.read.read_notice import read_notice
from lambdas.read.record_admin_action import record_admin_action
from lambdas.read.record_answer import record_answer
from lambdas.read.record_missing_decision import record_missing_decision
from lambdas.read.record_outcomes import record_outcomes

logger = Logger(service="read")

STEPS: dict[str, Callable[..., Any]] = {
    "Read notice": read_notice,
    "Record answer": record_answer,
    "Open case": open_case,
    "Decide": decide,
    "Record outcomes": record_outcomes,
    "Decide release": decide_release,
    "Ask admins": ask_admins,
    "Record missing decision": record_missing_decision,
    "Record admin action": record_admin_action,
    "Deliver decision": deliver_decision,
}


@logger.inject_lambda_context(clear_state=True)
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Do the step that the state names: `{"step": "Read notice", "account_id": …, …}`."""
    logger.append_keys(step=event["step"], execution=event["execution"])
    account_id = context.invoked_function_arn.split(":")[4]
    result = STEPS[event["step"]]({**event, "account_id": account_id})
    logger.info("done")
    return result
