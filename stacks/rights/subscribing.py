"""The permissions to check the admins' subscriptions and phones, and to subscribe them again."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from lambdas.domain.settings.settings import Settings
from stacks.admins import AdminTopics
from stacks.function_builder import acknowledge_resources


def sms_failures(admins: AdminTopics) -> tuple[str, ...]:
    """SNS's log groups for SMS that did not arrive. AWS documents only the first; SMS of a topic may use the second.

    https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
    """
    stack = Stack.of(admins)
    names = ("DirectPublishToPhoneNumber", admins.topic.topic_name)
    return tuple(f"sns/{stack.region}/{stack.account}/{name}/Failure" for name in names)


def subscribe_permissions(settings: Settings, admins: AdminTopics) -> list[iam.PolicyStatement]:
    """Only addresses in the settings can be subscribed.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonsns.html
    """
    topics = [admins.topic.topic_arn, admins.alarms.topic_arn]
    addresses = [address for admin in settings.admins for address in (admin.email, admin.phone) if address]
    return [
        iam.PolicyStatement(actions=["sns:ListSubscriptionsByTopic"], resources=topics),
        iam.PolicyStatement(
            actions=["sns:Subscribe"],
            resources=topics,
            conditions={"StringEquals": {"sns:Protocol": ["email", "sms"], "sns:Endpoint": addresses}},
        ),
        # These read only, and have no resource type.
        iam.PolicyStatement(
            actions=[
                "sns:CheckIfPhoneNumberIsOptedOut",
                "sns:GetSMSSandboxAccountStatus",
                "sns:GetSubscriptionAttributes",
                "sns:ListSMSSandboxPhoneNumbers",
            ],
            resources=["*"],
        ),
        iam.PolicyStatement(actions=["logs:FilterLogEvents"], resources=_streams(admins)),
    ]


def acknowledge_subscribing(role: IConstruct | None, admins: AdminTopics) -> None:
    """Accept cdk-nag's findings, with reasons."""
    acknowledge_resources(role, "*", reason="These calls read only and have no resource type")
    for streams in _streams(admins):
        acknowledge_resources(role, streams, reason="The wildcard is for the streams of one log group")


def _streams(admins: AdminTopics) -> list[str]:
    """The ARNs of all streams in these log groups."""
    return [
        Stack.of(admins).format_arn(
            service="logs", resource="log-group", resource_name=f"{name}:*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        for name in sms_failures(admins)
    ]
