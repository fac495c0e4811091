"""The admins' topics: every admin has one subscription for each channel."""

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_cloudwatch as cloudwatch
from aws_cdk import aws_cloudwatch_actions as cloudwatch_actions
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sns_subscriptions as subscriptions
from constructs import Construct

from lambdas.domain.case.clock import ALL_ADMINS
from lambdas.domain.settings.settings import Admin, Settings


class AdminTopics(Construct):
    """The topic for cases, filtered for each admin, and the topic for the responder's own alarms."""

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings, key: kms.Key) -> None:
        super().__init__(scope, construct_id)
        self.topic = sns.Topic(self, "Cases", master_key=key, enforce_ssl=True, display_name="AWS abuse")
        # A separate topic: an alarm about a failing topic must not depend on that topic.
        self.alarms = sns.Topic(self, "Alarms", master_key=key, enforce_ssl=True, display_name="AWS abuse responder")
        for admin in settings.admins:
            self._subscribe(admin)
            self.alarms.add_subscription(subscriptions.EmailSubscription(admin.email))
        self._our_alarms = Stack.of(self).format_arn(
            service="cloudwatch", resource="alarm", resource_name="*", arn_format=ArnFormat.COLON_RESOURCE_NAME
        )
        self._let_our_alarms_publish(key)

    def let_only_publish(self, tell: lambda_.Function) -> None:
        """Deny publishing to everyone but this function and, on their topic, the account's alarms.

        Otherwise someone with sns:Publish could tell the admins anything in the responder's name.
        """
        assert tell.role is not None  # noqa: S101  for the type checker
        for topic, unless in ((self.topic, {}), (self.alarms, {"ArnNotLike": {"aws:SourceArn": self._our_alarms}})):
            topic.add_to_resource_policy(
                iam.PolicyStatement(
                    sid="NobodyElsePublishes",
                    effect=iam.Effect.DENY,
                    principals=[iam.AnyPrincipal()],
                    actions=["sns:Publish"],
                    resources=[topic.topic_arn],
                    conditions={"StringNotEquals": {"aws:PrincipalArn": tell.role.role_arn}, **unless},
                )
            )

    def alarm(self, alarm: cloudwatch.Alarm) -> None:
        """Mail all admins when the alarm goes off."""
        alarm.add_alarm_action(cloudwatch_actions.SnsAction(self.alarms))

    def _let_our_alarms_publish(self, key: kms.Key) -> None:
        """A topic with its own policy loses the default one, which lets the account's alarms publish.

        https://docs.aws.amazon.com/sns/latest/dg/sns-access-policy-use-cases.html
        """
        stack = Stack.of(self)
        cloudwatch_service = iam.ServicePrincipal("cloudwatch.amazonaws.com")
        self.alarms.add_to_resource_policy(
            iam.PolicyStatement(
                sid="OurAlarmsPublish",
                principals=[cloudwatch_service],
                actions=["sns:Publish"],
                resources=[self.alarms.topic_arn],
                conditions={
                    "StringEquals": {"aws:SourceAccount": stack.account},
                    "ArnLike": {"aws:SourceArn": self._our_alarms},
                },
            )
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="OurAlarmsEncrypt",
                principals=[cloudwatch_service],
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                resources=["*"],  # in a key policy this is the key itself
                conditions={"StringEquals": {"aws:SourceAccount": stack.account}},
            )
        )

    def _subscribe(self, admin: Admin) -> None:
        self.topic.add_subscription(subscriptions.EmailSubscription(admin.email, filter_policy=_only("email", admin)))
        if admin.phone:
            self.topic.add_subscription(subscriptions.SmsSubscription(admin.phone, filter_policy=_only("sms", admin)))


def _only(channel: str, admin: Admin) -> dict[str, sns.SubscriptionFilter]:
    """Messages on this channel, in the admin's language and time zone, to all admins or this one.

    Keep equal to lambdas/domain/admins/roster.py, which restores lost subscriptions; a test compares them.
    """
    return {
        "channel": sns.SubscriptionFilter.string_filter(allowlist=[channel]),
        "language": sns.SubscriptionFilter.string_filter(allowlist=[admin.language]),
        "time_zone": sns.SubscriptionFilter.string_filter(allowlist=[admin.time_zone]),
        "to": sns.SubscriptionFilter.string_filter(allowlist=[ALL_ADMINS, admin.email.lower()]),
    }
