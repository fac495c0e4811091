"""The functions, cut by what they may do, each with a role of its own and the reason beside every `*`."""

import json

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from lambdas.domain.arrival import HEALTH_PREFIX, SUBMITTED_PREFIX
from lambdas.domain.members import CONTAIN_ROLE, HOME_CONTAIN_ROLE, HOME_RELEASE_ROLE, RELEASE_ROLE
from lambdas.domain.settings import Settings
from stacks.admins import Admins
from stacks.casebook import Casebook
from stacks.function import acknowledge_resources, function, use_key
from stacks.mailbox import Mailbox
from stacks.member import reaching_members
from stacks.receipt_rule import MAIL_PREFIX
from stacks.rights.containing import acknowledge_containing, containing
from stacks.rights.releasing import acknowledge_releasing, releasing
from stacks.rights.subscribing import acknowledge_subscribing, sms_failures, subscribing

# Below what a notice may lie in the mail bucket.
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
        casebook: Casebook,
        admins: Admins,
        key: kms.Key,
    ) -> None:
        super().__init__(scope, construct_id)
        book = {"CASE_TABLE": casebook.table.table_name, "RETENTION_DAYS": str(settings.retention_days)}
        addresses = ",".join(admin.email.lower() for admin in settings.admins)
        read_mail = iam.PolicyStatement(
            actions=["s3:GetObject"],
            resources=[mailbox.bucket.arn_for_objects(f"{prefix}*") for prefix in _NOTICES],
        )
        keep_book = iam.PolicyStatement(
            actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
            resources=[casebook.table.table_arn],
        )
        # Step Functions knows no resource of this action: whoever has the token may answer, and nobody can guess it.
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
        answer_questions = iam.PolicyStatement(actions=["states:SendTaskSuccess"], resources=["*"])
        self.read = function(
            self,
            "Read",
            code=code,
            handler="lambdas.read.handler",
            environment={
                **book,
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
            may=[read_mail, keep_book, answer_questions, use_key(key, "dynamodb", "s3")],
        )
        members = reaching_members(Stack.of(self), settings, own_role=HOME_CONTAIN_ROLE, their_role=CONTAIN_ROLE)
        self.contain = function(
            self,
            "Contain",
            role_name=members.own_role,
            code=code,
            handler="lambdas.contain.handler",
            environment={
                **book,
                **members.environment,
                "REGIONS": ",".join(settings.regions),
                "TWO_STEP_SECONDS": str(settings.two_step_seconds),
                "SNAPSHOT_LOCK_DAYS": str(settings.snapshot_lock_days or ""),
                "SNAPSHOT_COPY_KEY": settings.snapshot_copy_key or "",
                "EVIDENCE_BUCKET": casebook.evidence.bucket_name,
            },
            may=[
                iam.PolicyStatement(
                    actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
                    resources=[casebook.table.table_arn],
                ),
                iam.PolicyStatement(
                    # It reads back what it has written, or what an earlier try has.
                    actions=["s3:GetObject", "s3:PutObject"],
                    resources=[casebook.evidence.arn_for_objects("cases/*")],
                ),
                use_key(key, "dynamodb", "s3"),
                *containing(Stack.of(self), settings),
                *members.may,
            ],
        )
        members = reaching_members(Stack.of(self), settings, own_role=HOME_RELEASE_ROLE, their_role=RELEASE_ROLE)
        self.release = function(
            self,
            "Release",
            role_name=members.own_role,
            code=code,
            handler="lambdas.release.handler",
            environment={**book, **members.environment},
            may=[
                iam.PolicyStatement(
                    actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
                    resources=[casebook.table.table_arn],
                ),
                use_key(key, "dynamodb"),
                *releasing(Stack.of(self)),
                *members.may,
            ],
        )
        self.tell = function(
            self,
            "Tell",
            code=code,
            handler="lambdas.tell.handler",
            environment={
                **book,
                "ADMINS_TOPIC": admins.topic.topic_arn,
                "ALARMS_TOPIC": admins.alarms.topic_arn,
                "ADMIN_ADDRESSES": addresses,
                "AUDIENCES": ",".join(dict.fromkeys(f"{one.language} {one.time_zone}" for one in settings.admins)),
            },
            may=[
                read_mail,
                iam.PolicyStatement(
                    # It notes in a case that it has reminded, so that nobody is reminded twice.
                    actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"],
                    resources=[casebook.table.table_arn],
                ),
                # To the alarms' topic only where the other one may reach nobody.
                iam.PolicyStatement(
                    actions=["sns:Publish"], resources=[admins.topic.topic_arn, admins.alarms.topic_arn]
                ),
                use_key(key, "dynamodb", "s3", "sns"),
            ],
        )
        self.roster = function(
            self,
            "Roster",
            code=code,
            handler="lambdas.roster.handler",
            environment={
                **book,
                "ADMINS_TOPIC": admins.topic.topic_arn,
                "ALARMS_TOPIC": admins.alarms.topic_arn,
                "SMS_FAILURES": ",".join(sms_failures(admins)),
                "ADMINS": json.dumps(
                    [[one.name, one.email, one.phone, one.language, one.time_zone] for one in settings.admins]
                ),
            },
            may=[
                # It notes whom it has asked today.
                iam.PolicyStatement(actions=["dynamodb:PutItem"], resources=[casebook.table.table_arn]),
                use_key(key, "dynamodb"),
                *subscribing(settings, admins),
            ],
        )
        self._acknowledge(mailbox, casebook, admins)

    def _acknowledge(self, mailbox: Mailbox, casebook: Casebook, admins: Admins) -> None:
        """What cdk-nag would refuse, and why it stands."""
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
            casebook.evidence.arn_for_objects("cases/*"),
            reason="The key names the case and the instance; nothing there can be put twice",
        )
        acknowledge_containing(Stack.of(self), self.contain.role)
        acknowledge_releasing(Stack.of(self), self.release.role)
        acknowledge_subscribing(self.roster.role, admins)
