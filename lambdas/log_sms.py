"""Have SNS log the SMS that fail: the handler of a CloudFormation custom resource."""

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
    """Answer CloudFormation in every case, and never with a failure: a log is not worth a deployment.

    What AWS refuses, as where SNS has no SMS, stands in the output `SmsDeliveryLog`, and SMS stay unlogged.
    """
    request = RequestType(event["RequestType"])
    physical_id = event.get("PhysicalResourceId", LEFT)
    if request is RequestType.DELETE and physical_id == LEFT:
        return send_response(event, physical_id=physical_id, words="Nothing was changed, so there is nothing to undo.")
    try:
        step = _done(request, event)
    except Exception as error:  # whatever it is, CloudFormation must hear of it
        logger.exception("failed")
        # What may have been set before it failed is ours to take back.
        physical_id = physical_id if request is RequestType.DELETE else OURS
        return send_response(event, physical_id=physical_id, words=f"SMS that fail are not logged: {error}")
    logger.info("done", extra={"words": step.words})
    return send_response(event, physical_id=step.physical_id, words=step.words)


def _done(request: RequestType, event: dict[str, Any]) -> SmsLogPlan:
    sns = client("sns")
    current = sns.get_sms_attributes(attributes=[_ROLE])["attributes"].get(_ROLE, "")
    former = event.get("OldResourceProperties", {}).get("Role", "")
    step = plan(request, event["ResourceProperties"]["Role"], current=current, former=former)
    if step.role:
        _make_log()
    if step.role is not None:
        sns.set_sms_attributes(attributes={_ROLE: step.role})
    return step


def _make_log() -> None:
    """SNS would make it with the first failure, and numbers would stay in it for ever. One that is there is left."""
    logs, config = client("logs"), load_config(SmsLogConfig)
    name = config.sms_failures[0]
    try:
        logs.create_log_group(logGroupName=name)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceAlreadyExistsException":
            raise
        return
    logs.put_retention_policy(logGroupName=name, retentionInDays=config.log_days)
