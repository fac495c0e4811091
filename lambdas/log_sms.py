"""Have SNS log failed SMS: the handler of a CloudFormation custom resource."""

from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext
from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.custom_resource import send_response
from lambdas.domain.admins.sms_log import LEFT, OURS, SmsLogPlan, plan
from lambdas.domain.settings.function_config import SmsLogConfig
from lambdas.domain.settings.rule_set_activation import RequestType
from lambdas.load_config import load_config

logger = Logger(service="log_sms")

_ROLE = "DeliveryStatusIAMRole"


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  Lambda passes it
    """Never answer CloudFormation with a failure, because a missing log must not stop a deployment.

    If AWS refuses, for example where SNS has no SMS, the output `SmsDeliveryLog` says so.
    """
    request = RequestType(event["RequestType"])
    physical_id = event.get("PhysicalResourceId", LEFT)
    if request is RequestType.DELETE and physical_id == LEFT:
        return send_response(event, physical_id=physical_id, words="Nothing was changed, so there is nothing to undo.")
    try:
        step = _apply(request, event)
    except Exception as error:  # CloudFormation waits for an answer
        logger.exception("failed")
        # The role may have been set before the failure, so a deletion must remove it.
        physical_id = physical_id if request is RequestType.DELETE else OURS
        return send_response(event, physical_id=physical_id, words=f"Failed SMS are not logged: {error}")
    logger.info("done", extra={"words": step.words})
    return send_response(event, physical_id=step.physical_id, words=step.words)


def _apply(request: RequestType, event: dict[str, Any]) -> SmsLogPlan:
    sns = client("sns")
    current = sns.get_sms_attributes(attributes=[_ROLE])["attributes"].get(_ROLE, "")
    former = event.get("OldResourceProperties", {}).get("Role", "")
    step = plan(request, event["ResourceProperties"]["Role"], current=current, former=former)
    if step.role:
        _create_log()
    if step.role is not None:
        sns.set_sms_attributes(attributes={_ROLE: step.role})
    return step


def _create_log() -> None:
    """Create the log group with a retention time: one that SNS creates keeps phone numbers forever."""
    logs, config = client("logs"), load_config(SmsLogConfig)
    name = config.sms_failures[0]
    try:
        logs.create_log_group(logGroupName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise
        return
    logs.put_retention_policy(logGroupName=name, retentionInDays=config.log_days)
