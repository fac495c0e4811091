"""What is remembered: the case table and the evidence bucket. Neither goes away with the stack."""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct

from lambdas.domain.settings import Settings
from stacks.bucket import kept_bucket


class Casebook(Construct):
    """The case table (its keys: lambdas/casebook.py) and the write-once evidence bucket."""

    def __init__(
        self, scope: Construct, construct_id: str, *, settings: Settings, key: kms.Key, access_logs: s3.Bucket
    ) -> None:
        super().__init__(scope, construct_id)
        self.table = dynamodb.Table(
            self,
            "Cases",
            partition_key=dynamodb.Attribute(name="pk", type=dynamodb.AttributeType.STRING),
            sort_key=dynamodb.Attribute(name="sk", type=dynamodb.AttributeType.STRING),
            billing_mode=dynamodb.BillingMode.PAY_PER_REQUEST,
            encryption=dynamodb.TableEncryption.CUSTOMER_MANAGED,
            encryption_key=key,
            point_in_time_recovery_specification=dynamodb.PointInTimeRecoverySpecification(
                point_in_time_recovery_enabled=True
            ),
            time_to_live_attribute="expires_at",
            stream=dynamodb.StreamViewType.NEW_IMAGE,  # the bus hears of each new entry of a timeline from it
            removal_policy=RemovalPolicy.RETAIN,
        )
        self.evidence = kept_bucket(
            self,
            "Evidence",
            retention_days=settings.retention_days,
            key=key,
            access_logs=access_logs,
            object_lock=True,  # it cannot be taken back, so the setting below may come and go
            lock_days=settings.evidence_lock_days,
        )
        # Whoever writes must say "only if it is not there": evidence is written once, by whoever has the right to put.
        # https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
        self.evidence.add_to_resource_policy(
            iam.PolicyStatement(
                sid="NothingIsOverwritten",
                effect=iam.Effect.DENY,
                principals=[iam.AnyPrincipal()],
                actions=["s3:PutObject"],
                resources=[self.evidence.arn_for_objects("*")],
                conditions={
                    "Null": {"s3:if-none-match": "true"},
                    # The parts of an upload in parts know no such condition; its completion does.
                    "Bool": {"s3:ObjectCreationOperation": "true"},
                },
            )
        )
