"""Activate the receipt rule set: the handler of a CloudFormation custom resource.

https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html
"""

from typing import Any

import boto3
from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.config import Config
from botocore.exceptions import ClientError

from lambdas.custom_resource import send_response
from lambdas.domain.settings.rule_set_activation import (
    UNTOUCHED,
    ActivationRefused,
    RequestType,
    RuleSetProperties,
    plan_activation,
    previous_rule_set,
)

logger = Logger(service="activate_rule_set")

# SES accepts each of these calls once a second. Three retries wait 7 s at most, within the time-out of 30 s.
_CONFIG = Config(connect_timeout=2, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 4})


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> None:
    """Always answer CloudFormation: without an answer the deployment hangs until its time-out."""
    request = RequestType(event["RequestType"])
    physical_id = event.get("PhysicalResourceId", UNTOUCHED)
    if request is RequestType.DELETE and physical_id == UNTOUCHED:
        return send_response(event, physical_id=physical_id, words="Nothing was changed, so there is nothing to undo.")
    try:
        ses = boto3.client("ses", config=_CONFIG)
        active = _active_rule_set(ses)
        requested = RuleSetProperties.from_properties(event["ResourceProperties"])
        former = None
        if request is RequestType.UPDATE:
            former = RuleSetProperties.from_properties(event["OldResourceProperties"])
        step = plan_activation(
            request, requested, former=former, active=active, previous=previous_rule_set(physical_id)
        )
        if request is not RequestType.DELETE:  # a failure from here on must remember it too
            physical_id = step.physical_id
        words = step.words
        if step.active != active:
            logger.info("switching the active rule set", extra={"from": active, "to": step.active})
            words = _switch(ses, step.active, words, or_off=request is RequestType.DELETE)
    except ActivationRefused as refused:
        logger.warning("refused", extra={"words": str(refused)})
        return send_response(event, physical_id=physical_id, words=str(refused), failed=True)
    except Exception as error:  # CloudFormation waits for an answer
        logger.exception("failed")
        words = f"{type(error).__name__}: {error} (log group {context.log_group_name})"
        return send_response(event, physical_id=physical_id, words=words, failed=True)
    logger.info("done", extra={"words": words})
    return send_response(event, physical_id=physical_id, words=words)


def _active_rule_set(ses: Any) -> str | None:
    try:
        name: str | None = ses.describe_active_receipt_rule_set().get("Metadata", {}).get("Name")
    except ClientError as error:
        if error.response["Error"]["Code"] != "InvalidAction":
            raise
        raise ActivationRefused(
            "SES receives no mail in this Region. Deploy AbuseResponderMail in one that has an e-mail receiving "
            "endpoint: https://docs.aws.amazon.com/general/latest/gr/ses.html"
        ) from error
    return name


def _switch(ses: Any, name: str | None, words: str, *, or_off: bool) -> str:
    """Activate the rule set, None for none. With `or_off`, a set that no longer exists means none."""
    if name is None:
        ses.set_active_receipt_rule_set()
        return words
    try:
        ses.set_active_receipt_rule_set(RuleSetName=name)
    except ses.exceptions.RuleSetDoesNotExistException:
        if not or_off:
            raise
        ses.set_active_receipt_rule_set()
        return f"{name}, which was active before, no longer exists. No rule set is active."
    return words
