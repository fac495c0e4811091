"""The permissions of `release`, and of its role in a member account.

They are wider than those of `contain`: any group for an interface, any profile for an instance. So they have their own
role, which only the state machine "release" uses.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from lambdas.domain.containment.credentials import DENY_POLICY, SLOT_TAGS
from lambdas.domain.instance.tags import CASE_TAG, STATE_TAG
from lambdas.domain.settings.settings import Settings
from stacks.function_builder import acknowledge_resources
from stacks.rights import arns
from stacks.rights.allow import allow
from stacks.rights.containing import LEFT_ALONE
from stacks.rights.protecting import never_touch_protected

_ELSEWHERE = "The case names the instance and what it belongs to; it may be any, in any Region"


def release_permissions(stack: Stack, settings: Settings) -> list[iam.PolicyStatement]:
    """Read what containing changed and restore it, in any Region, but for what has the protect tag."""
    permissions = [*_look(stack), *_network(stack), *_instance(stack), *_groups(stack), *_credentials(stack)]
    return [*permissions, never_touch_protected(permissions, settings)]


def acknowledge_releasing(stack: Stack, role: iam.IRole | None) -> None:
    """Accept cdk-nag's findings on these permissions, with reasons."""
    acknowledge_resources(role, "*", reason="Describe calls have no resource type")
    for kind in ("instance", "network-interface", "security-group", "subnet", "volume"):
        acknowledge_resources(role, arns.ec2(stack, kind), reason=_ELSEWHERE)
    for arn in arns.what_an_instance_belongs_to(stack):
        acknowledge_resources(role, arn, reason=_ELSEWHERE)


def _look(stack: Stack) -> list[iam.PolicyStatement]:
    return [
        allow(
            "Look",
            [
                "autoscaling:DescribeAutoScalingGroups",
                "ec2:DescribeIamInstanceProfileAssociations",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeTargetHealth",
            ],
            ["*"],  # these calls have no resource type
        ),
        allow("LookAtInstances", ["ec2:DescribeInstanceAttribute"], [arns.ec2(stack, "instance")]),
        allow("LookAtRoles", ["iam:ListAttachedRolePolicies", "iam:ListRoleTags"], [arns.iam(stack, "role")]),
        allow("LookAtProfiles", ["iam:GetInstanceProfile"], [arns.iam(stack, "instance-profile")]),
        allow("LookWhoIsDenied", ["iam:ListEntitiesForPolicy"], [arns.iam(stack, "policy", DENY_POLICY)]),
    ]


def _network(stack: Stack) -> list[iam.PolicyStatement]:
    kinds = ("network-interface", "instance", "subnet", "security-group")
    return [allow("PutBackGroups", ["ec2:ModifyNetworkInterfaceAttribute"], [arns.ec2(stack, kind) for kind in kinds])]


def _instance(stack: Stack) -> list[iam.PolicyStatement]:
    """Termination protection, shutdown behaviour and volume deletion; only our two tags."""
    instance, volume = arns.ec2(stack, "instance"), arns.ec2(stack, "volume")
    return [
        allow(
            "PutBackProtection",
            ["ec2:ModifyInstanceAttribute"],
            [instance, volume],
            {"Null": {f"ec2:Attribute/{name}": "true" for name in LEFT_ALONE}},
        ),
        allow(
            "TakeTagsOff",
            ["ec2:CreateTags", "ec2:DeleteTags"],
            [instance],
            {"ForAllValues:StringEquals": {"aws:TagKeys": [CASE_TAG, STATE_TAG]}, "Null": {"aws:TagKeys": "false"}},
        ),
    ]


def _groups(stack: Stack) -> list[iam.PolicyStatement]:
    """Back into its groups. Nothing here removes an instance or shrinks a group."""
    return [
        allow(
            "PutBackAutoScaling",
            ["autoscaling:AttachInstances", "autoscaling:ExitStandby"],
            [arns.scaling_groups(stack)],
        ),
        allow(
            "PutBackTargetGroups", ["elasticloadbalancing:RegisterTargets"], [arns.load_balancing(stack, "targetgroup")]
        ),
        allow(
            "PutBackLoadBalancers",
            ["elasticloadbalancing:RegisterInstancesWithLoadBalancer"],
            [arns.load_balancing(stack, "loadbalancer")],
        ),
    ]


def _credentials(stack: Stack) -> list[iam.PolicyStatement]:
    return [
        allow(
            "TakeTheDenyOff",
            # Attached again if another instance was cut off at the same moment.
            ["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
            [arns.iam(stack, "role")],
            {"ArnEquals": {"iam:PolicyARN": arns.iam(stack, "policy", DENY_POLICY)}},
        ),
        allow(
            "NameTheInstanceNoMore",
            ["iam:UntagRole"],
            [arns.iam(stack, "role")],
            {"ForAllValues:StringEquals": {"aws:TagKeys": list(SLOT_TAGS)}, "Null": {"aws:TagKeys": "false"}},
        ),
        allow(
            "PutBackTheProfile",
            [
                "ec2:AssociateIamInstanceProfile",
                "ec2:DisassociateIamInstanceProfile",
                "ec2:ReplaceIamInstanceProfileAssociation",
            ],
            [arns.ec2(stack, "instance")],
        ),
        allow(
            "PassItsRole",
            ["iam:PassRole"],
            [arns.iam(stack, "role")],
            {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
    ]
