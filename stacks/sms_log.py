"""SNS's log of failed SMS, from which the roster says who got none and why."""

from aws_cdk import ArnFormat, CfnOutput, CustomResource, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from lambdas.domain.settings.function_config import SmsLogConfig
from stacks.admins import AdminTopics
from stacks.function_builder import acknowledge_resources, make_function
from stacks.rights.subscribing import sms_failures

# The log holds phone numbers. The roster needs one day only.
_DAYS = 90


class SmsLog(Construct):
    """SNS's role to log SMS, and a function that sets it if the account has none. Only if an admin has a phone.

    Only failures are logged while the account's sampling rate of successes has its default of 0.
    """

    def __init__(self, scope: Construct, construct_id: str, *, code: lambda_.Code, admins: AdminTopics) -> None:
        super().__init__(scope, construct_id)
        stack = Stack.of(self)
        groups, failures = (
            stack.format_arn(
                service="logs", resource="log-group", resource_name=name, arn_format=ArnFormat.COLON_RESOURCE_NAME
            )
            for name in (
                f"sns/{stack.region}/{stack.account}/*",
                f"{sms_failures(admins)[0]}*",  # with and without the wildcard of its streams
            )
        )
        role = iam.Role(self, "Role", assumed_by=iam.ServicePrincipal("sns.amazonaws.com"))
        role.add_to_policy(
            iam.PolicyStatement(
                actions=["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"], resources=[groups]
            )
        )
        set_it = make_function(
            self,
            "Set",
            code=code,
            handler="lambdas.log_sms.handler",
            config=SmsLogConfig(sms_failures=sms_failures(admins), log_days=_DAYS),
            permissions=[
                # An account setting: these calls have no resource type.
                iam.PolicyStatement(actions=["sns:GetSMSAttributes", "sns:SetSMSAttributes"], resources=["*"]),
                iam.PolicyStatement(
                    actions=["iam:PassRole"],
                    resources=[role.role_arn],
                    conditions={"StringEquals": {"iam:PassedToService": "sns.amazonaws.com"}},
                ),
                iam.PolicyStatement(actions=["logs:CreateLogGroup", "logs:PutRetentionPolicy"], resources=[failures]),
            ],
        )
        setting = CustomResource(
            self,
            "Setting",
            resource_type="Custom::SmsLog",
            service_token=set_it.function_arn,
            service_timeout=Duration.minutes(5),
            properties={"Role": role.role_arn},
        )
        setting.node.add_dependency(role)  # with its policy; on deletion the setting goes first
        CfnOutput(
            stack,
            "SmsDeliveryLog",
            value=setting.get_att_string("Words"),
            description="How failed SMS are logged, and why",
        )
        acknowledge_resources(role, groups, reason="SNS chooses the names, one log group for each topic")
        acknowledge_resources(set_it.role, "*", reason="The account's settings for SMS are not a resource")
        acknowledge_resources(set_it.role, failures, reason="The wildcard is for the streams of one log group")
