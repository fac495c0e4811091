"""The functions, one for each set of permissions, each with its own role."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from lambdas.domain.intake.arrival import HEALTH_PREFIX, MAIL_PREFIX, SUBMITTED_PREFIX
from lambdas.domain.settings.function_config import ContainConfig, ReadConfig, ReleaseConfig, RosterConfig, TellConfig
from lambdas.domain.settings.member_roles import CONTAIN_ROLE, HOME_CONTAIN_ROLE, HOME_RELEASE_ROLE, RELEASE_ROLE
from lambdas.domain.settings.settings import Settings
from stacks.admins import AdminTopics
from stacks.case_storage import CaseStorage
from stacks.function_builder import acknowledge_resources, allow_key_use, make_function
from stacks.mailbox import Mailbox
from stacks.member import member_access
from stacks.rights.containing import acknowledge_containing, contain_permissions
from stacks.rights.releasing import acknowledge_releasing, release_permissions
from stacks.rights.subscribing import acknowledge_subscribing, sms_failures, subscribe_permissions

# The prefixes of notices in the mail bucket.
_NOTICES = (MAIL_PREFIX, HEALTH_PREFIX, SUBMITTED_PREFIX)


class Functions(Construct):
    """`read` decides, `contain` changes EC2, `release` restores it, `tell` notifies, `roster` subscribes admins."""

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
        table, days = storage.table.table_name, settings.retention_days
        topic, alarms_topic = admins.topic.topic_arn, admins.alarms.topic_arn
        addresses = tuple(admin.email.lower() for admin in settings.admins)
        member_accounts = settings.members.accounts if settings.members else ()
        external_id = settings.members.external_id if settings.members else ""
        read_mail = iam.PolicyStatement(
            actions=["s3:GetObject"], resources=[mailbox.bucket.arn_for_objects(f"{prefix}*") for prefix in _NOTICES]
        )
        use_case_table = iam.PolicyStatement(
            actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
            resources=[storage.table.table_arn],
        )
        add_to_cases = iam.PolicyStatement(
            actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"], resources=[storage.table.table_arn]
        )
        # This action has no resource type. The token cannot be guessed.
        # https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsstepfunctions.html
        answer_questions = iam.PolicyStatement(actions=["states:SendTaskSuccess"], resources=["*"])
        self.read = make_function(
            self,
            "Read",
            code=code,
            handler="lambdas.read.handler",
            config=ReadConfig(
                case_table=table,
                retention_days=days,
                member_accounts=member_accounts,
                mode=settings.mode,
                method=settings.method,
                protect_tag=settings.protect_tag,
                max_instances_per_hour=settings.max_instances_per_hour,
                admin_addresses=addresses,
                remind_hours=settings.remind_hours,
                acknowledge_minutes=settings.acknowledge_minutes,
                decide_hours=settings.decide_hours,
                unanswered=settings.unanswered,
                trusted_forwarders=settings.trusted_forwarders,
                forwarders_may_contain=settings.forwarders_may_contain,
                abuse_desks=settings.abuse_desks,
                aws_contacts=settings.aws_contacts,
            ),
            permissions=[read_mail, use_case_table, answer_questions, allow_key_use(key, "dynamodb", "s3")],
        )
        members = member_access(Stack.of(self), settings, own_role=HOME_CONTAIN_ROLE, their_role=CONTAIN_ROLE)
        self.contain = make_function(
            self,
            "Contain",
            role_name=members.own_role,
            code=code,
            handler="lambdas.contain.handler",
            config=ContainConfig(
                case_table=table,
                retention_days=days,
                evidence_bucket=storage.evidence.bucket_name,
                account_id=Stack.of(self).account,
                member_accounts=member_accounts,
                member_role=CONTAIN_ROLE,
                member_external_id=external_id,
                regions=settings.regions,
                two_step_seconds=settings.two_step_seconds,
                snapshot_lock_days=settings.snapshot_lock_days,
                snapshot_copy_key=settings.snapshot_copy_key or "",
                protect_tag=settings.protect_tag,
            ),
            permissions=[
                add_to_cases,
                iam.PolicyStatement(
                    actions=["s3:GetObject", "s3:PutObject"], resources=[storage.evidence.arn_for_objects("cases/*")]
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
            config=ReleaseConfig(
                case_table=table,
                retention_days=days,
                account_id=Stack.of(self).account,
                member_accounts=member_accounts,
                member_role=RELEASE_ROLE,
                member_external_id=external_id,
                protect_tag=settings.protect_tag,
            ),
            permissions=[
                add_to_cases,
                allow_key_use(key, "dynamodb"),
                *release_permissions(Stack.of(self), settings),
                *members.permissions,
            ],
        )
        self.tell = make_function(
            self,
            "Tell",
            code=code,
            handler="lambdas.tell.handler",
            config=TellConfig(
                case_table=table,
                retention_days=days,
                admins_topic=topic,
                alarms_topic=alarms_topic,
                admin_addresses=addresses,
                audiences=tuple(dict.fromkeys((admin.language, admin.time_zone) for admin in settings.admins)),
            ),
            permissions=[
                read_mail,
                add_to_cases,
                # The alarms' topic is the fallback if the other one may reach nobody.
                iam.PolicyStatement(actions=["sns:Publish"], resources=[topic, alarms_topic]),
                allow_key_use(key, "dynamodb", "s3", "sns"),
            ],
        )
        self.roster = make_function(
            self,
            "Roster",
            code=code,
            handler="lambdas.roster.handler",
            config=RosterConfig(
                case_table=table,
                retention_days=days,
                admins_topic=topic,
                alarms_topic=alarms_topic,
                admins=settings.admins,
                sms_failures=sms_failures(admins),
            ),
            permissions=[
                iam.PolicyStatement(actions=["dynamodb:PutItem"], resources=[storage.table.table_arn]),
                allow_key_use(key, "dynamodb"),
                *subscribe_permissions(settings, admins),
            ],
        )
        self._acknowledge(mailbox, storage, admins)

    def _acknowledge(self, mailbox: Mailbox, storage: CaseStorage, admins: AdminTopics) -> None:
        """Accept cdk-nag's findings, with reasons."""
        for reader in (self.read, self.tell):
            for prefix in _NOTICES:
                acknowledge_resources(
                    reader.role,
                    mailbox.bucket.arn_for_objects(f"{prefix}*"),
                    reason="The object's key is known only when a notice comes in",
                )
        acknowledge_resources(
            self.read.role, "*", reason="SendTaskSuccess has no resource type; the token cannot be guessed"
        )
        acknowledge_resources(
            self.contain.role,
            storage.evidence.arn_for_objects("cases/*"),
            reason="The key names the case and the instance; no object can be overwritten",
        )
        acknowledge_containing(Stack.of(self), self.contain.role)
        acknowledge_releasing(Stack.of(self), self.release.role)
        acknowledge_subscribing(self.roster.role, admins)
