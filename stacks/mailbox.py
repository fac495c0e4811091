"""The bucket in which SES stores mails, and the topic on which it reports them."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from constructs import Construct

from lambdas.domain.intake.arrival import MAIL_PREFIX
from lambdas.domain.settings.settings import Settings
from stacks.bucket import deny_writes, retained_bucket
from stacks.receipt_rule import receipt_rule_arn


class Mailbox(Construct):
    """The mail bucket and the "arrived" topic. Only our own receipt rule may write to either."""

    def __init__(
        self, scope: Construct, construct_id: str, *, settings: Settings, key: kms.Key, access_logs: s3.Bucket
    ) -> None:
        super().__init__(scope, construct_id)
        self.bucket = retained_bucket(
            self, "Mail", retention_days=settings.retention_days, key=key, access_logs=access_logs
        )
        self.arrived = sns.Topic(self, "Arrived", master_key=key, enforce_ssl=True)
        self._let_only_our_rule_write(settings, key)

    def allow_write(self, function: lambda_.Function, prefix: str) -> None:
        """Deny writing below a prefix to everyone but one function, whose role allows it."""
        assert function.role is not None  # noqa: S101  for the type checker
        role = function.role.role_arn
        deny_writes(self.bucket, f"{prefix}*", sid="OneFunctionWrites", unless={"aws:PrincipalArn": role})

    def _let_only_our_rule_write(self, settings: Settings, key: kms.Key) -> None:
        """CDK's policies would allow all of SES on the bucket, and nothing on the key.

        https://docs.aws.amazon.com/ses/latest/dg/receiving-email-permissions.html
        """
        stack = Stack.of(self)
        rule = receipt_rule_arn(stack, settings)
        our_rule = {"StringEquals": {"aws:SourceAccount": stack.account, "aws:SourceArn": rule}}
        ses = iam.ServicePrincipal("ses.amazonaws.com")
        mail = self.bucket.arn_for_objects(f"{MAIL_PREFIX}*")
        self.bucket.add_to_resource_policy(
            iam.PolicyStatement(
                sid="OurRuleWrites", principals=[ses], actions=["s3:PutObject"], resources=[mail], conditions=our_rule
            )
        )
        deny_writes(self.bucket, f"{MAIL_PREFIX}*", sid="NobodyElseWrites", unless={"aws:SourceArn": rule})
        self.arrived.add_to_resource_policy(
            iam.PolicyStatement(
                sid="OurRulePublishes",
                principals=[ses],
                actions=["sns:Publish"],
                resources=[self.arrived.topic_arn],
                conditions=our_rule,
            )
        )
        # Without this, sns:Publish in anybody's own policy would do: its account owns the topic.
        self.arrived.add_to_resource_policy(
            iam.PolicyStatement(
                sid="NobodyElsePublishes",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["sns:Publish"],
                resources=[self.arrived.topic_arn],
                conditions={"StringNotEquals": {"aws:SourceArn": rule}},
            )
        )
        key.add_to_resource_policy(
            iam.PolicyStatement(
                sid="OurRuleEncrypts",
                principals=[ses],
                actions=["kms:Decrypt", "kms:GenerateDataKey*"],
                resources=["*"],  # in a key policy this is the key itself
                conditions=our_rule,
            )
        )
