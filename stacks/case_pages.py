"""The page of a case, stored with its evidence at each change that the case table's stream reports."""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from lambdas.domain.settings.function_config import PageConfig
from lambdas.domain.settings.settings import Settings
from stacks.case_storage import PAGE_KEYS, CaseStorage
from stacks.function_builder import acknowledge_resources, allow_key_use, make_function

# The only other objects of the evidence bucket that `archive_page` uses.
_MANIFESTS = "cases/*/manifest.json"


class CasePages(Construct):
    """The function `archive_page`, which writes one page for the entries of several seconds."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        code: lambda_.Code,
        storage: CaseStorage,
        dead_letters: sqs.Queue,
        key: kms.Key,
    ) -> None:
        super().__init__(scope, construct_id)
        self.archive_page = make_function(
            self,
            "ArchivePage",
            code=code,
            handler="lambdas.archive_page.handler",
            config=PageConfig(
                case_table=storage.table.table_name,
                retention_days=settings.retention_days,
                evidence_bucket=storage.evidence.bucket_name,
                intake_address=settings.recipient,
                page_language=settings.admins[0].language,
            ),
            permissions=[
                iam.PolicyStatement(actions=["dynamodb:Query"], resources=[storage.table.table_arn]),
                iam.PolicyStatement(actions=["s3:GetObject"], resources=[storage.evidence.arn_for_objects(_MANIFESTS)]),
                iam.PolicyStatement(actions=["s3:PutObject"], resources=[storage.evidence.arn_for_objects(PAGE_KEYS)]),
                *storage.stream_permissions,
                allow_key_use(key, "dynamodb", "s3"),
            ],
        )
        storage.stream_to(
            self.archive_page, batch_size=100, at_once=Duration.seconds(5), in_halves=True, dead_letters=dead_letters
        )
        for keys in (_MANIFESTS, PAGE_KEYS):
            acknowledge_resources(
                self.archive_page.role,
                storage.evidence.arn_for_objects(keys),
                reason="The key names the case; no object can be overwritten",
            )
