"""The functions, one for each set of permissions, each with its own role and a reason for every `*`."""

import json

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from lambdas.domain.intake.arrival import HEALTH_PREFIX, SUBMITTED_PREFIX
from lambdas.domain.settings.member_roles import CONTAIN_ROLE, HOME_CONTAIN_ROLE, HOME_RELEASE_ROLE, RELEASE_ROLE
from lambdas.domain.settings.settings import Settings
from stacks.admins import AdminTopics
from stacks.case_storage import CaseStorage
from stacks.function_builder import acknowledge_resources, allow_key_use, make_function
from stacks.mailbox import Mailbox
from stacks.member import member_access
from stacks.receipt_rule import MAIL_PREFIX
from stacks.rights.containing import acknowledge_containing, contain_permissions
from stacks.rights.releasing import acknowledge_releasing, release_permissions
from stacks.rights.subscribing import acknowledge_subscribing, sms_failures, subscribe_permissions

# The prefixes of notices in the mail bucket.
_NOTICES = (MAIL_PREFIX, HEALTH_PREFIX, SUBMITTED_PREFIX)


class Functions(Construct):
    """`read` decides, `contain` changes EC2, `release` changes it back, `tell` writes, `roster` subscribes admins."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        code: lambda_.Code,
        mailbox: Mailbox,
        storage: CaseStorage,
        admins: AdminTopics,
        key: kms.Key,
    ) -> None:
        super().__init__(scope, construct_id)
        case_table = {"CASE_TABLE": storage.table.table_name, "RETENTION_DAYS": str(settings.retention_days)}
        addresses = ",".join(admin.email.lower() for admin in settings.admins)
        read_mail = iam.PolicyStatement(
            actions=["s3:GetObject"],
            resources=[mailbox.bucket.arn_for_objects(f"{prefix}*") for prefix in _NOTICES],
        )
        use_case_table = iam.PolicyStatement(
            actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
            resources=[storage.table.table_arn],
        )
        # This action has no resource: anyone with the token can answer, and nobody can guess it.
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
        answer_questions = iam.PolicyStatement(actions=["states:SendTaskSuccess"], resources=["*"])
        self.read = make_function(
            self,
            "Read",
            code=code,
            handler="lambdas.read.handler",
            environment={
                **case_table,
                "MEMBER_ACCOUNTS": ",".join(settings.members.accounts) if settings.members else "",
                "MODE": settings.mode,
                "METHOD": settings.method,
                "PROTECT_TAG": settings.protect_tag,
                "MAX_INSTANCES_PER_HOUR": str(settings.max_instances_per_hour),
                "ADMIN_ADDRESSES": addresses,
                "REMIND_HOURS": ",".join(f"{hours:g}" for hours in settings.remind_hours),
                "ACKNOWLEDGE_MINUTES": str(settings.acknowledge_minutes or ""),
                "DECIDE_HOURS": f"{settings.decide_hours:g}",
                "UNANSWERED": settings.unanswered,
                "TRUSTED_FORWARDERS": ",".join(settings.trusted_forwarders),
                "FORWARDERS_MAY_CONTAIN": "true" if settings.forwarders_may_contain else "false",
            },
            permissions=[read_mail, use_case_table, answer_questions, allow_key_use(key, "dynamodb", "s3")],
        )
        members = member_access(Stack.of(self), settings, own_role=HOME_CONTAIN_ROLE, their_role=CONTAIN_ROLE)
        self.contain = make_function(
            self,
            "Contain",
            role_name=members.own_role,
            code=code,
            handler="lambdas.contain.handler",
            environment={
                **case_table,
                **members.environment,
                "REGIONS": ",".join(settings.regions),
                "TWO_STEP_SECONDS": str(settings.two_step_seconds),
                "SNAPSHOT_LOCK_DAYS": str(settings.snapshot_lock_days or ""),
                "SNAPSHOT_COPY_KEY": settings.snapshot_copy_key or "",
                "EVIDENCE_BUCKET": storage.evidence.bucket_name,
            },
            permissions=[
                iam.PolicyStatement(
                    actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
                    resources=[storage.table.table_arn],
                ),
                iam.PolicyStatement(
                    # It reads back what it has written, or what an earlier try has.
                    actions=["s3:GetObject", "s3:PutObject"],
                    resources=[storage.evidence.arn_for_objects("cases/*")],
                ),
                allow_key_use(key, "dynamodb", "s3"),
                *contain_permissions(Stack.of(self), settings),
                *members.permissions,
            ],
        )
        members = member_access(Stack.of(self), settings, own_role=HOME_RELEASE_ROLE, their_role=RELEASE_ROLE)
        self.release = make_function(
            self,
            "Release",
            role_name=members.own_role,
            code=code,
            handler="lambdas.release.handler",
            environment={**case_table, **members.environment},
            permissions=[
                iam.PolicyStatement(
                    actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
                    resources=[storage.table.table_arn],
                ),
                allow_key_use(key, "dynamodb"),
                *release_permissions(Stack.of(self)),
                *members.permissions,
            ],
        )
        self.tell = make_function(
            self,
            "Tell",
            code=code,
            handler="lambdas.tell.handler",
            environment={
                **case_table,
                "ADMINS_TOPIC": admins.topic.topic_arn,
                "ALARMS_TOPIC": admins.alarms.topic_arn,
                "ADMIN_ADDRESSES": addresses,
                "AUDIENCES": ",".join(
                    dict.fromkeys(f"{admin.language} {admin.time_zone}" for admin in settings.admins)
                ),
            },
            permissions=[
                read_mail,
                iam.PolicyStatement(
                    # It records each reminder in the case, so that nobody is reminded twice.
                    actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
                    resources=[storage.table.table_arn],
                ),
                # The alarms' topic is used only if the other may reach nobody.
                iam.PolicyStatement(
                    actions=["sns:Publish"], resources=[admins.topic.topic_arn, admins.alarms.topic_arn]
                ),
                allow_key_use(key, "dynamodb", "s3", "sns"),
            ],
        )
        self.roster = make_function(
            self,
            "Roster",
            code=code,
            handler="lambdas.roster.handler",
            environment={
                **case_table,
                "ADMINS_TOPIC": admins.topic.topic_arn,
                "ALARMS_TOPIC": admins.alarms.topic_arn,
                "SMS_FAILURES": ",".join(sms_failures(admins)),
                "ADMINS": json.dumps(
                    [
                        [admin.name, admin.email, admin.phone, admin.language, admin.time_zone]
                        for admin in settings.admins
                    ]
                ),
            },
            permissions=[
                # It records whom it asked today.
                iam.PolicyStatement(actions=["dynamodb:PutItem"], resources=[storage.table.table_arn]),
                allow_key_use(key, "dynamodb"),
                *subscribe_permissions(settings, admins),
            ],
        )
        self._acknowledge(mailbox, storage, admins)

    def _acknowledge(self, mailbox: Mailbox, storage: CaseStorage, admins: AdminTopics) -> None:
        """Findings of cdk-nag, with the reason for each."""
        for reader in (self.read, self.tell):
            for prefix in _NOTICES:
                acknowledge_resources(
                    reader.role,
                    mailbox.bucket.arn_for_objects(f"{prefix}*"),
                    reason="The key is known when a notice comes in; others are closed",
                )
        acknowledge_resources(
            self.read.role,
            "*",
            reason="An answer to a question names its token; Step Functions knows no resource of the call",
        )
        acknowledge_resources(
            self.contain.role,
            storage.evidence.arn_for_objects("cases/*"),
            reason="The key names the case and the instance; nothing there can be put twice",
        )
        acknowledge_containing(Stack.of(self), self.contain.role)
        acknowledge_releasing(Stack.of(self), self.release.role)
        acknowledge_subscribing(self.roster.role, admins)
