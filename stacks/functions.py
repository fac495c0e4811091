"""The functions, cut by what they may do, each with a role of its own and the reason beside every `*`."""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from lambdas.domain.arrival import HEALTH_PREFIX, SUBMITTED_PREFIX
from lambdas.domain.quarantine import CASE_TAG, INSTANCE_TAG, QUARANTINE, ROLE_TAG, STATE_TAG
from lambdas.domain.settings import Settings
from stacks.admins import Admins
from stacks.casebook import Casebook
from stacks.function import acknowledge, acknowledge_keys, function, use_key
from stacks.mailbox import Mailbox
from stacks.receipt_rule import MAIL_PREFIX

# Below what a notice may lie in the mail bucket.
_NOTICES = (MAIL_PREFIX, HEALTH_PREFIX, SUBMITTED_PREFIX)


class Functions(Construct):
    """`read` understands and decides, `contain` changes EC2, `tell` writes to the admins."""

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
        read_mail = iam.PolicyStatement(
            actions=["s3:GetObject"],
            resources=[mailbox.bucket.arn_for_objects(f"{prefix}*") for prefix in _NOTICES],
        )
        keep_book = iam.PolicyStatement(
            actions=["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"],
            resources=[casebook.table.table_arn],
        )
        self.read = function(
            self,
            "Read",
            code=code,
            handler="lambdas.read.handler",
            environment={
                **book,
                "MODE": settings.mode,
                "PROTECT_TAG": settings.protect_tag,
                "MAX_INSTANCES_PER_HOUR": str(settings.max_instances_per_hour),
                "ADMIN_ADDRESSES": ",".join(admin.email.lower() for admin in settings.admins),
                "TRUSTED_FORWARDERS": ",".join(settings.trusted_forwarders),
                "FORWARDERS_MAY_CONTAIN": "true" if settings.forwarders_may_contain else "false",
            },
            may=[read_mail, keep_book, use_key(key, "dynamodb", "s3")],
        )
        self.contain = function(
            self,
            "Contain",
            code=code,
            handler="lambdas.contain.handler",
            environment={
                **book,
                "REGIONS": ",".join(settings.regions),
                "EVIDENCE_BUCKET": casebook.evidence.bucket_name,
            },
            may=[
                iam.PolicyStatement(
                    actions=["dynamodb:GetItem", "dynamodb:PutItem"], resources=[casebook.table.table_arn]
                ),
                iam.PolicyStatement(actions=["s3:PutObject"], resources=[casebook.evidence.arn_for_objects("cases/*")]),
                use_key(key, "dynamodb", "s3"),
                *_contain_instances(Stack.of(self), settings.protect_tag),
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
                "LANGUAGES": ",".join(dict.fromkeys(admin.language for admin in settings.admins)),
            },
            may=[
                read_mail,
                iam.PolicyStatement(actions=["dynamodb:Query"], resources=[casebook.table.table_arn]),
                iam.PolicyStatement(actions=["sns:Publish"], resources=[admins.topic.topic_arn]),
                use_key(key, "dynamodb", "s3", "sns"),
            ],
        )
        self._acknowledge(mailbox, casebook)

    def _acknowledge(self, mailbox: Mailbox, casebook: Casebook) -> None:
        """What cdk-nag would refuse, and why it stands."""
        for reader in (self.read, self.tell):
            for prefix in _NOTICES:
                acknowledge_keys(
                    reader, mailbox.bucket, prefix, reason="The key is known when a notice comes in; others are closed"
                )
        acknowledge_keys(
            self.contain,
            casebook.evidence,
            "cases/",
            reason="The key names the case and the instance; it may only be put",
        )
        acknowledge(
            self.contain.role,
            "AwsSolutions-IAM5[Resource::*]",
            reason="EC2's Describe calls and CloudTrail's history know no resource",
        )
        for kind in ("instance", "network-interface", "security-group", "subnet", "volume", "vpc"):
            acknowledge(
                self.contain.role,
                f"AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:*:<AWS::AccountId>:{kind}/*]",
                reason="A notice may name any instance of the account, in any Region; tags and conditions hold it",
            )
        acknowledge(
            self.contain.role,
            "AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:*::snapshot/*]",
            reason="A snapshot has no id before it is made; it must carry the case's tag",
        )


def _contain_instances(stack: Stack, protect_tag: str) -> list[iam.PolicyStatement]:
    """What containing takes in EC2, in any Region: a notice may name any.

    Resource types and condition keys:
    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html
    """

    def ec2(kind: str, *, owned: bool = True) -> str:
        return f"arn:{stack.partition}:ec2:*:{stack.account if owned else ''}:{kind}/*"

    group, snapshot = ec2("security-group"), ec2("snapshot", owned=False)
    quarantine = {"StringEquals": {f"aws:ResourceTag/{ROLE_TAG}": QUARANTINE}}
    return [
        iam.PolicyStatement(
            sid="Look",
            actions=[
                "ec2:DescribeAddresses",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeRegions",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSnapshots",
            ],
            resources=["*"],  # EC2's Describe calls know no resource
        ),
        iam.PolicyStatement(
            sid="WhoHeldAnAddress",
            actions=["cloudtrail:LookupEvents"],
            resources=["*"],  # the event history is no resource
        ),
        iam.PolicyStatement(
            sid="MakeQuarantineGroup",
            actions=["ec2:CreateSecurityGroup"],
            resources=[group],
            conditions={"StringEquals": {f"aws:RequestTag/{ROLE_TAG}": QUARANTINE}},
        ),
        iam.PolicyStatement(sid="InAnyVpc", actions=["ec2:CreateSecurityGroup"], resources=[ec2("vpc")]),
        iam.PolicyStatement(
            sid="CloseQuarantineGroup",
            actions=["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
            resources=[group],
            conditions=quarantine,
        ),
        iam.PolicyStatement(
            sid="MoveInterfaces",
            actions=["ec2:ModifyNetworkInterfaceAttribute"],
            resources=[ec2("network-interface"), ec2("instance"), ec2("subnet")],
        ),
        # The call is authorised on the group as well: this is what keeps every other group out of reach.
        iam.PolicyStatement(
            sid="OnlyIntoQuarantine",
            actions=["ec2:ModifyNetworkInterfaceAttribute"],
            resources=[group],
            conditions=quarantine,
        ),
        iam.PolicyStatement(sid="SnapshotInstances", actions=["ec2:CreateSnapshots"], resources=[ec2("instance")]),
        iam.PolicyStatement(
            sid="SnapshotVolumes",
            actions=["ec2:CreateSnapshot", "ec2:CreateSnapshots"],
            resources=[ec2("volume")],
        ),
        iam.PolicyStatement(
            sid="SnapshotsCarryTheCase",
            actions=["ec2:CreateSnapshot", "ec2:CreateSnapshots"],
            resources=[snapshot],
            conditions={"Null": {f"aws:RequestTag/{CASE_TAG}": "false"}},
        ),
        iam.PolicyStatement(
            sid="TagWhatIsMade",
            actions=["ec2:CreateTags"],
            resources=[group, snapshot],
            conditions={
                "StringEquals": {"ec2:CreateAction": ["CreateSecurityGroup", "CreateSnapshot", "CreateSnapshots"]},
                "ForAllValues:StringEquals": {"aws:TagKeys": [ROLE_TAG, CASE_TAG, INSTANCE_TAG]},
            },
        ),
        iam.PolicyStatement(
            sid="TagInstances",
            actions=["ec2:CreateTags"],
            resources=[ec2("instance")],
            conditions={
                "ForAllValues:StringEquals": {"aws:TagKeys": [CASE_TAG, STATE_TAG]},
                "Null": {"aws:TagKeys": "false"},
            },
        ),
        iam.PolicyStatement(
            sid="NeverTouchProtected",
            effect=iam.Effect.DENY,
            actions=["ec2:CreateSnapshots", "ec2:CreateTags", "ec2:ModifyNetworkInterfaceAttribute"],
            resources=[ec2("instance")],
            conditions={"Null": {f"aws:ResourceTag/{protect_tag}": "false"}},
        ),
    ]
