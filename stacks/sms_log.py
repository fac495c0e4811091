"""SNS's log of SMS that fail, so that the roster can say whose did not arrive and why."""

from aws_cdk import ArnFormat, CfnOutput, CustomResource, Duration, Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from lambdas.domain.settings.function_config import SmsLogConfig
from stacks.admins import AdminTopics
from stacks.function_builder import acknowledge_resources, make_function
from stacks.rights.subscribing import sms_failures

# The log holds phone numbers; the roster looks one day back.
_DAYS = 90


class SmsLog(Construct):
    """The role by which SNS logs SMS, and what sets it where the account has none. Made where an admin has a phone.

    The role is for SMS that fail only as long as the account's rate of logged successes is 0, as it comes.
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
                f"{sms_failures(admins)[0]}*",  # with and without the star of its streams
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
                # One setting for the account: these calls know no resource.
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
        setting.node.add_dependency(role)  # with its policy; and it is taken off before the role is gone
        CfnOutput(
            stack,
            "SmsDeliveryLog",
            value=setting.get_att_string("Words"),
            description="How SMS that fail are logged, and why",
        )
        # What cdk-nag would refuse, and why it stands.
        acknowledge_resources(role, groups, reason="The names below are SNS's own, a group for a topic")
        acknowledge_resources(set_it.role, "*", reason="The account's settings for SMS are no resource")
        acknowledge_resources(set_it.role, failures, reason="The star is for the streams of the one log group")
