"""The page of a case, filed with its evidence at each change: what the case table's stream tells of is written down."""

from aws_cdk import Duration
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from lambdas.domain.settings import Settings
from stacks.casebook import Casebook
from stacks.function import acknowledge_resources, function, use_key

# All that `file_page` knows of the evidence bucket: the list of each collection, and the pages of cases.
_MANIFESTS, _REPORTS = "cases/*/manifest.json", "cases/*/reports/*"


class Pages(Construct):
    """The function `file_page`, which waits some seconds for what comes with a change, and keeps up with the stream."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        code: lambda_.Code,
        casebook: Casebook,
        dead_letters: sqs.Queue,
        key: kms.Key,
    ) -> None:
        super().__init__(scope, construct_id)
        file_page = function(
            self,
            "FilePage",
            code=code,
            handler="lambdas.file_page.handler",
            environment={
                "CASE_TABLE": casebook.table.table_name,
                "EVIDENCE_BUCKET": casebook.evidence.bucket_name,
                "INTAKE_ADDRESS": settings.recipient,
                "PAGE_LANGUAGE": settings.admins[0].language,
            },
            may=[
                iam.PolicyStatement(actions=["dynamodb:Query"], resources=[casebook.table.table_arn]),
                iam.PolicyStatement(
                    actions=["s3:GetObject"], resources=[casebook.evidence.arn_for_objects(_MANIFESTS)]
                ),
                iam.PolicyStatement(actions=["s3:PutObject"], resources=[casebook.evidence.arn_for_objects(_REPORTS)]),
                *casebook.may_follow,
                use_key(key, "dynamodb", "s3"),
            ],
        )
        casebook.feed(file_page, batch_size=100, at_once=Duration.seconds(5), in_halves=True, dead_letters=dead_letters)
        for keys in (_MANIFESTS, _REPORTS):
            acknowledge_resources(
                file_page.role,
                casebook.evidence.arn_for_objects(keys),
                reason="The key names the case; nothing there can be put twice",
            )
