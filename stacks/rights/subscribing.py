"""The rights to look at the admins' subscriptions and phones, and to subscribe the admins again."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from constructs import IConstruct

from lambdas.domain.settings.settings import Settings
from stacks.admins import AdminTopics
from stacks.function_builder import acknowledge_resources


def sms_failures(admins: AdminTopics) -> tuple[str, ...]:
    """The log groups in which SNS names the SMS that did not arrive. The names are SNS's own.

    AWS documents the first; whether an SMS that goes through a topic has one named after it, AWS does not say.
    https://docs.aws.amazon.com/sns/latest/dg/sms_stats_cloudwatch.html
    """
    stack = Stack.of(admins)
    names = ("DirectPublishToPhoneNumber", admins.topic.topic_name)
    return tuple(f"sns/{stack.region}/{stack.account}/{name}/Failure" for name in names)


def subscribe_permissions(settings: Settings, admins: AdminTopics) -> list[iam.PolicyStatement]:
    """Whom the settings name may be subscribed, and nobody else.

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
        # None of these has a resource or changes anything.
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
    """Findings of cdk-nag, with the reason for each."""
    acknowledge_resources(role, "*", reason="These have no resource in SNS, and only read")
    for streams in _streams(admins):
        acknowledge_resources(role, streams, reason="The star is for the streams of the one log group")


def _streams(admins: AdminTopics) -> list[str]:
    """The ARNs of all streams in the log groups of SMS that did not arrive."""
    return [
        Stack.of(admins).format_arn(
            service="logs", resource="log-group", resource_name=f"{name}:*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        for name in sms_failures(admins)
    ]
