"""The case table and the evidence bucket. Both outlive the stack."""

from typing import Final

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_dynamodb as dynamodb
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_lambda_event_sources as event_sources
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from lambdas.domain.case.table_keys import ENTRY_PREFIX
from lambdas.domain.settings.settings import Settings
from stacks.bucket import deny_writes, retained_bucket
from stacks.function_builder import acknowledge_resources

# The keys of the pages of cases in the evidence bucket.
PAGE_KEYS: Final = "cases/*/reports/*"


class CaseStorage(Construct):
    """The case table (its keys: lambdas/case_table.py) and the write-once evidence bucket."""

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
            stream=dynamodb.StreamViewType.NEW_IMAGE,  # feeds the event bus and the pages
            removal_policy=RemovalPolicy.RETAIN,
            deletion_protection=True,  # a call deletes a table with its backups; updates and `make destroy` do not
        )
        self.evidence = retained_bucket(
            self,
            "Evidence",
            retention_days=settings.retention_days,
            key=key,
            access_logs=access_logs,
            object_lock=True,  # it cannot be undone; the setting below can change
            lock_days=settings.evidence_lock_days,
        )
        # Evidence is written once: every put must be conditional on the object not existing.
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
                    # Parts of a multipart upload have no such condition; its completion has.
                    "Bool": {"s3:ObjectCreationOperation": "true"},
                },
            )
        )

    def let_only_write(self, evidence: lambda_.Function, pages: lambda_.Function) -> None:
        """Deny writing evidence to everyone but the function that collects it and the one that writes the pages."""
        roles = [function.role.role_arn for function in (evidence, pages) if function.role]
        deny_writes(self.evidence, "*", sid="TwoFunctionsWrite", unless={"aws:PrincipalArn": roles})
        deny_writes(self.evidence, PAGE_KEYS, sid="OneWritesPages", unless={"aws:PrincipalArn": roles[1]})

    @property
    def stream_permissions(self) -> list[iam.PolicyStatement]:
        """What a function's role needs for Lambda to read the table's stream."""
        return [
            iam.PolicyStatement(
                actions=["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"],
                resources=[self._stream],
            ),
            iam.PolicyStatement(actions=["dynamodb:ListStreams"], resources=["*"]),  # has no resource type
        ]

    def stream_to(
        self,
        consumer: lambda_.Function,
        *,
        batch_size: int,
        dead_letters: sqs.Queue,
        at_once: Duration | None = None,
        in_halves: bool = False,
    ) -> None:
        """Send new timeline entries to a function in order, with retries. A stream allows two readers:

        https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Streams.Lambda.html
        """
        acknowledge_resources(consumer.role, "*", reason="ListStreams has no resource")
        consumer.add_event_source_mapping(
            "Timeline",
            event_source_arn=self._stream,
            starting_position=lambda_.StartingPosition.TRIM_HORIZON,
            batch_size=batch_size,
            max_batching_window=at_once,
            bisect_batch_on_error=in_halves,
            filters=[
                lambda_.FilterCriteria.filter(
                    {
                        "eventName": lambda_.FilterRule.is_equal("INSERT"),  # not expiries
                        "dynamodb": {"Keys": {"sk": {"S": lambda_.FilterRule.begins_with(ENTRY_PREFIX)}}},
                    }
                )
            ],
            # The stream keeps records for 24 hours: https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
            max_record_age=Duration.hours(23),
            # The queue gets the record's position in the stream; the entry stays in the table.
            on_failure=event_sources.SqsDlq(dead_letters),
        )

    @property
    def _stream(self) -> str:
        stream = self.table.table_stream_arn
        assert stream is not None  # noqa: S101  for the type checker
        return stream
