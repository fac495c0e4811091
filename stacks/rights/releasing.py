"""The permissions of `release`, and of its role in a member account.

They are wider than those of `contain`: any group for an interface, any profile for an instance. So they have their own
role, which only the state machine "release" uses.
https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
"""

from aws_cdk import Stack
from aws_cdk import aws_iam as iam

from lambdas.domain.containment.credentials import DENY_POLICY, SLOT_TAGS
from lambdas.domain.instance.tags import CASE_TAG, STATE_TAG
from stacks.function_builder import acknowledge_resources
from stacks.rights import arns
from stacks.rights.containing import LEFT_ALONE

_ELSEWHERE = "The case names the instance and what it belongs to; it may be any, in any Region"


def release_permissions(stack: Stack) -> list[iam.PolicyStatement]:
    """Read what containing changed and restore it, in any Region."""
    return [*_look(stack), *_network(stack), *_instance(stack), *_groups(stack), *_credentials(stack)]


def acknowledge_releasing(stack: Stack, role: iam.IRole | None) -> None:
    """Accept cdk-nag's findings on these permissions, with reasons."""
    acknowledge_resources(role, "*", reason="Describe calls have no resource type")
    for kind in ("instance", "network-interface", "security-group", "subnet", "volume"):
        acknowledge_resources(role, arns.ec2(stack, kind), reason=_ELSEWHERE)
    for arn in arns.what_an_instance_belongs_to(stack):
        acknowledge_resources(role, arn, reason=_ELSEWHERE)


def _look(stack: Stack) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="Look",
            actions=[
                "autoscaling:DescribeAutoScalingGroups",
                "ec2:DescribeIamInstanceProfileAssociations",
                "ec2:DescribeInstances",
                "ec2:DescribeNetworkInterfaces",
                "ec2:DescribeSecurityGroups",
                "elasticloadbalancing:DescribeLoadBalancers",
                "elasticloadbalancing:DescribeTargetHealth",
            ],
            resources=["*"],  # these calls have no resource type
        ),
        iam.PolicyStatement(
            sid="LookAtInstances", actions=["ec2:DescribeInstanceAttribute"], resources=[arns.ec2(stack, "instance")]
        ),
        iam.PolicyStatement(
            sid="LookAtRoles",
            actions=["iam:ListAttachedRolePolicies", "iam:ListRoleTags"],
            resources=[arns.iam(stack, "role")],
        ),
        iam.PolicyStatement(
            sid="LookAtProfiles", actions=["iam:GetInstanceProfile"], resources=[arns.iam(stack, "instance-profile")]
        ),
        iam.PolicyStatement(
            sid="LookWhoIsDenied",
            actions=["iam:ListEntitiesForPolicy"],
            resources=[arns.iam(stack, "policy", DENY_POLICY)],
        ),
    ]


def _network(stack: Stack) -> list[iam.PolicyStatement]:
    kinds = ("network-interface", "instance", "subnet", "security-group")
    return [
        iam.PolicyStatement(
            sid="PutBackGroups",
            actions=["ec2:ModifyNetworkInterfaceAttribute"],
            resources=[arns.ec2(stack, kind) for kind in kinds],
        )
    ]


def _instance(stack: Stack) -> list[iam.PolicyStatement]:
    """Termination protection, shutdown behaviour and volume deletion; only our two tags."""
    instance, volume = arns.ec2(stack, "instance"), arns.ec2(stack, "volume")
    return [
        iam.PolicyStatement(
            sid="PutBackProtection",
            actions=["ec2:ModifyInstanceAttribute"],
            resources=[instance, volume],
            conditions={"Null": {f"ec2:Attribute/{name}": "true" for name in LEFT_ALONE}},
        ),
        iam.PolicyStatement(
            sid="TakeTagsOff",
            actions=["ec2:CreateTags", "ec2:DeleteTags"],
            resources=[instance],
            conditions={
                "ForAllValues:StringEquals": {"aws:TagKeys": [CASE_TAG, STATE_TAG]},
                "Null": {"aws:TagKeys": "false"},
            },
        ),
    ]


def _groups(stack: Stack) -> list[iam.PolicyStatement]:
    """Back into its groups. Nothing here removes an instance or shrinks a group."""
    return [
        iam.PolicyStatement(
            sid="PutBackAutoScaling",
            actions=["autoscaling:AttachInstances", "autoscaling:ExitStandby"],
            resources=[arns.scaling_groups(stack)],
        ),
        iam.PolicyStatement(
            sid="PutBackTargetGroups",
            actions=["elasticloadbalancing:RegisterTargets"],
            resources=[arns.load_balancing(stack, "targetgroup")],
        ),
        iam.PolicyStatement(
            sid="PutBackLoadBalancers",
            actions=["elasticloadbalancing:RegisterInstancesWithLoadBalancer"],
            resources=[arns.load_balancing(stack, "loadbalancer")],
        ),
    ]


def _credentials(stack: Stack) -> list[iam.PolicyStatement]:
    return [
        iam.PolicyStatement(
            sid="TakeTheDenyOff",
            # Attached again if another instance was cut off at the same moment.
            actions=["iam:AttachRolePolicy", "iam:DetachRolePolicy"],
            resources=[arns.iam(stack, "role")],
            conditions={"ArnEquals": {"iam:PolicyARN": arns.iam(stack, "policy", DENY_POLICY)}},
        ),
        iam.PolicyStatement(
            sid="NameTheInstanceNoMore",
            actions=["iam:UntagRole"],
            resources=[arns.iam(stack, "role")],
            conditions={
                "ForAllValues:StringEquals": {"aws:TagKeys": list(SLOT_TAGS)},
                "Null": {"aws:TagKeys": "false"},
            },
        ),
        iam.PolicyStatement(
            sid="PutBackTheProfile",
            actions=[
                "ec2:AssociateIamInstanceProfile",
                "ec2:DisassociateIamInstanceProfile",
                "ec2:ReplaceIamInstanceProfileAssociation",
            ],
            resources=[arns.ec2(stack, "instance")],
        ),
        iam.PolicyStatement(
            sid="PassItsRole",
            actions=["iam:PassRole"],
            resources=[arns.iam(stack, "role")],
            conditions={"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
        ),
    ]
