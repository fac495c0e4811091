"""The permissions of `contain`, and of its role in a member account.

Resource types and condition keys of each action:
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from lambdas.domain.containment.credentials import DENY_POLICY, NO_RIGHTS_PROFILE, NO_RIGHTS_ROLE, SLOT_TAGS
from lambdas.domain.instance.tags import CASE_TAG, COPY_TAG, INSTANCE_TAG, QUARANTINE, ROLE_TAG, STATE_TAG, TWO_STEP
from lambdas.domain.settings.settings import ContainmentMethod, Settings
from stacks.function_builder import acknowledge_resources
from stacks.rights import arns
from stacks.rights.allow import allow
from stacks.rights.protecting import never_touch_protected

_QUARANTINE = {"StringEquals": {f"aws:ResourceTag/{ROLE_TAG}": QUARANTINE}}
_TWO_STEP = {"StringEquals": {f"aws:ResourceTag/{ROLE_TAG}": TWO_STEP}}
# Attributes that containing never sets. Each key is present only if its attribute is set:
# https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-policies-ec2-console.html (ec2:Attribute/${AttributeName})
LEFT_ALONE = (
    "DisableApiStop",
    "EbsOptimized",
    "EnaSupport",
    "EnclaveOptions",
    "InstanceType",
    "Kernel",
    "Ramdisk",
    "SourceDestCheck",
    "SriovNetSupport",
    "UserData",
)


def contain_permissions(stack: Stack, settings: Settings) -> list[iam.PolicyStatement]:
    """Read anything and change what containing changes, in any Region."""
    permissions = [
        *_look(stack),
        *_keep(stack, settings),
        *(_lock(stack, settings.snapshot_lock_days) if settings.snapshot_lock_days else ()),
        *(_copy(stack, settings.snapshot_copy_key) if settings.snapshot_copy_key else ()),
        *_leave_groups(stack),
        *_quarantine(stack),
        *(_two_step(stack) if settings.two_step_seconds else ()),
        *(_stop(stack) if settings.method is ContainmentMethod.STOP else ()),
        *_cut_credentials(stack),
    ]
    return [*permissions, never_touch_protected(permissions, settings)]


def acknowledge_containing(stack: Stack, role: iam.IRole | None) -> None:
    """Accept cdk-nag's findings on these permissions, with reasons."""
    acknowledge_resources(role, "*", reason="Describe calls and CloudTrail's history have no resource type")
    for kind in ("instance", "network-interface", "security-group", "subnet", "volume", "vpc"):
        acknowledge_resources(
            role,
            arns.ec2(stack, kind),
            reason="A notice may name any instance in any Region; tags and conditions limit this",
        )
    acknowledge_resources(
        role, arns.ec2(stack, "snapshot"), reason="A new snapshot has no id yet; it must carry the case's tag"
    )
    acknowledge_resources(
        role,
        arns.keys(stack),
        reason="Conditions name the alias of the copies' key; a volume may use any key; only through EC2",
    )
    for arn in arns.what_an_instance_belongs_to(stack):
        acknowledge_resources(
            role,
            arn,
            reason="What an instance belongs to is known only when a notice comes in; few actions are allowed",
        )


def _look(stack: Stack) -> list[iam.PolicyStatement]:
    return [
        allow(
            "Look",
            [
                "autoscaling:DescribeAutoScalingGroups",
                "cloudtrail:LookupEvents",
                "ec2:DescribeAddresses",
                "ec2:DescribeIamInstanceProfileAssociations",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkAcls",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeRegions",
                "ec2:DescribeRouteTables",
                "ec2:DescribeSecurityGroups",
                "ec2:DescribeSnapshots",
                "ec2:DescribeSubnets",
                "ec2:DescribeVolumes",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeTargetGroups",
                "elasticloadbalancing:DescribeTargetHealth",
            ],
            ["*"],  # these calls have no resource type
        ),
        allow(
            "LookAtInstances",
            ["ec2:DescribeInstanceAttribute", "ec2:GetConsoleOutput", "ec2:GetConsoleScreenshot"],
            [arns.ec2(stack, "instance")],
        ),
        allow(
            "LookAtRoles",
            ["iam:GetRolePolicy", "iam:ListAttachedRolePolicies", "iam:ListRolePolicies", "iam:ListRoleTags"],
            [arns.iam(stack, "role")],
        ),
        allow("LookAtProfiles", ["iam:GetInstanceProfile"], [arns.iam(stack, "instance-profile")]),
        allow(
            "LookWhoIsDenied",  # the preview of a release names the role that lost its profile
            ["iam:ListEntitiesForPolicy"],
            [arns.iam(stack, "policy", DENY_POLICY)],
        ),
    ]


def _keep(stack: Stack, settings: Settings) -> list[iam.PolicyStatement]:
    """Keep the instance and its volumes as evidence, and create snapshots."""
    instance, volume, snapshot = (arns.ec2(stack, kind) for kind in ("instance", "volume", "snapshot"))
    return [
        allow(
            "KeepInstance",
            ["ec2:ModifyInstanceAttribute"],
            [instance, volume],
            {
                # IfExists, because each call sets one attribute.
                "StringEqualsIgnoreCaseIfExists": {
                    "ec2:Attribute/DisableApiTermination": "true",
                    "ec2:Attribute/InstanceInitiatedShutdownBehavior": "stop",
                },
                "Null": {f"ec2:Attribute/{name}": "true" for name in LEFT_ALONE},
            },
        ),
        allow("SnapshotInstances", ["ec2:CreateSnapshots"], [instance]),
        allow("SnapshotVolumes", ["ec2:CreateSnapshot", "ec2:CreateSnapshots"], [volume]),
        allow(
            "SnapshotsCarryTheCase",
            ["ec2:CreateSnapshot", "ec2:CreateSnapshots"],
            [snapshot],
            {"Null": {f"aws:RequestTag/{CASE_TAG}": "false"}},
        ),
        allow(
            "TagInstances",
            ["ec2:CreateTags"],
            [instance],
            {"ForAllValues:StringEquals": {"aws:TagKeys": [CASE_TAG, STATE_TAG]}, "Null": {"aws:TagKeys": "false"}},
        ),
        allow(
            "TagWhatIsMade",
            ["ec2:CreateTags"],
            [arns.ec2(stack, "security-group"), snapshot],
            {
                "StringEquals": {
                    "ec2:CreateAction": ["CopySnapshot", "CreateSecurityGroup", "CreateSnapshot", "CreateSnapshots"]
                    if settings.snapshot_copy_key
                    else ["CreateSecurityGroup", "CreateSnapshot", "CreateSnapshots"]
                },
                "ForAllValues:StringEquals": {
                    "aws:TagKeys": [ROLE_TAG, CASE_TAG, INSTANCE_TAG]
                    + ([COPY_TAG] if settings.snapshot_copy_key else [])
                },
            },
        ),
    ]


def _lock(stack: Stack, days: int) -> list[iam.PolicyStatement]:
    """Only by setting: nobody can delete a case's snapshots for so many days.

    IAM has no key for the lock's mode: an attacker with this role could lock in compliance mode, which nobody can undo,
    but only snapshots of a case, and only for that long.
    https://docs.aws.amazon.com/ebs/latest/userguide/snapshot-lock-iam.html
    """
    return [
        allow("LookAtLocks", ["ec2:DescribeLockedSnapshots"], ["*"]),
        allow(
            "LockSnapshots",
            ["ec2:LockSnapshot"],
            [arns.ec2(stack, "snapshot")],
            {
                "Null": {f"aws:ResourceTag/{CASE_TAG}": "false", "ec2:SnapshotCoolOffPeriod": "true"},
                "NumericEquals": {"ec2:SnapshotLockDuration": str(days)},
            },
        ),
    ]


def _copy(stack: Stack, alias: str) -> list[iam.PolicyStatement]:
    """Only by setting: copies of the case's snapshots with the key of this alias. EC2 calls KMS for the caller:

    https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html
    """
    snapshot, keys = arns.ec2(stack, "snapshot"), arns.keys(stack)
    by_ec2 = {"StringLike": {"kms:ViaService": "ec2.*"}}  # the suffix differs between partitions
    return [
        # The call is authorised on the copy (request tags) and on its source (resource tags).
        allow(
            "CopiesCarryTheCase", ["ec2:CopySnapshot"], [snapshot], {"Null": {f"aws:RequestTag/{CASE_TAG}": "false"}}
        ),
        allow(
            "CopySnapshotsOfTheCase",
            ["ec2:CopySnapshot"],
            [snapshot],
            {"Null": {f"aws:ResourceTag/{CASE_TAG}": "false"}},
        ),
        allow(
            "EncryptCopies",
            ["kms:GenerateDataKeyWithoutPlaintext", "kms:ReEncryptTo"],
            [keys],
            {**by_ec2, "ForAnyValue:StringEquals": {"kms:ResourceAliases": alias}},
        ),
        # A volume may use any key of the account.
        allow("ReadSources", ["kms:Decrypt", "kms:DescribeKey", "kms:ReEncryptFrom"], [keys], by_ec2),
        allow("LetEc2GoOn", ["kms:CreateGrant"], [keys], {**by_ec2, "Bool": {"kms:GrantIsForAWSResource": "true"}}),
    ]


def _leave_groups(stack: Stack) -> list[iam.PolicyStatement]:
    """Leave the Auto Scaling group, which would terminate it, and the load balancers."""
    return [
        allow(
            "LeaveAutoScaling",
            ["autoscaling:DetachInstances", "autoscaling:EnterStandby"],
            [arns.scaling_groups(stack)],
        ),
        allow(
            "LeaveTargetGroups", ["elasticloadbalancing:DeregisterTargets"], [arns.load_balancing(stack, "targetgroup")]
        ),
        allow(
            "LeaveLoadBalancers",
            ["elasticloadbalancing:DeregisterInstancesFromLoadBalancer"],
            [arns.load_balancing(stack, "loadbalancer")],
        ),
    ]


def _quarantine(stack: Stack) -> list[iam.PolicyStatement]:
    group = arns.ec2(stack, "security-group")
    return [
        allow(
            "MakeQuarantineGroup",
            ["ec2:CreateSecurityGroup"],
            [group],
            {"StringEquals": {f"aws:RequestTag/{ROLE_TAG}": QUARANTINE}},
        ),
        allow("InAnyVpc", ["ec2:CreateSecurityGroup"], [arns.ec2(stack, "vpc")]),
        allow(
            "CloseQuarantineGroup",
            ["ec2:RevokeSecurityGroupEgress", "ec2:RevokeSecurityGroupIngress"],
            [group],
            _QUARANTINE,
        ),
        allow(
            "MoveInterfaces",
            ["ec2:ModifyNetworkInterfaceAttribute"],
            [arns.ec2(stack, kind) for kind in ("network-interface", "instance", "subnet")],
        ),
        # The call is also authorised on the group: this excludes every other group.
        allow("OnlyIntoQuarantine", ["ec2:ModifyNetworkInterfaceAttribute"], [group], _QUARANTINE),
    ]


def _two_step(stack: Stack) -> list[iam.PolicyStatement]:
    """Only by setting: a group that allows everything for some seconds."""
    group = arns.ec2(stack, "security-group")
    return [
        allow(
            "MakeTwoStepGroup",
            ["ec2:CreateSecurityGroup"],
            [group],
            {"StringEquals": {f"aws:RequestTag/{ROLE_TAG}": TWO_STEP}},
        ),
        allow(
            "ThroughTwoStepGroup",
            [
                "ec2:AuthorizeSecurityGroupEgress",
                "ec2:AuthorizeSecurityGroupIngress",
                "ec2:ModifyNetworkInterfaceAttribute",
            ],
            [group],
            _TWO_STEP,
        ),
    ]


def _stop(stack: Stack) -> list[iam.PolicyStatement]:
    """Only by setting."""
    return [allow("Stop", ["ec2:StopInstances"], [arns.ec2(stack, "instance")])]


def _cut_credentials(stack: Stack) -> list[iam.PolicyStatement]:
    """Attach a deny policy and a profile without rights: neither grants anything."""
    instance = arns.ec2(stack, "instance")
    return [
        allow(
            "AttachTheDeny",
            ["iam:AttachRolePolicy"],
            [arns.iam(stack, "role")],
            {"ArnEquals": {"iam:PolicyARN": arns.iam(stack, "policy", DENY_POLICY)}},
        ),
        allow(
            "NameTheInstance",
            ["iam:TagRole"],
            [arns.iam(stack, "role")],
            {"ForAllValues:StringEquals": {"aws:TagKeys": list(SLOT_TAGS)}, "Null": {"aws:TagKeys": "false"}},
        ),
        allow(
            "GiveTheEmptyProfile",
            ["ec2:AssociateIamInstanceProfile", "ec2:ReplaceIamInstanceProfileAssociation"],
            [instance],
            {"ArnEquals": {"ec2:NewInstanceProfile": arns.iam(stack, "instance-profile", NO_RIGHTS_PROFILE)}},
        ),
        # EC2 can replace the profile of a running instance only; a stopped one loses it first.
        allow("TakeTheProfileOff", ["ec2:DisassociateIamInstanceProfile"], [instance]),
        allow(
            "PassTheEmptyRole",
            ["iam:PassRole"],
            [arns.iam(stack, "role", NO_RIGHTS_ROLE)],
            {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
    ]
