"""ARNs for containing and releasing, in any Region of the account."""

from aws_cdk import Stack


def ec2(stack: Stack, kind: str) -> str:
    """Every EC2 resource of a kind, such as "instance". A snapshot's ARN has no account."""
    owner = "" if kind == "snapshot" else stack.account
    return f"arn:{stack.partition}:ec2:*:{owner}:{kind}/*"


def iam(stack: Stack, kind: str, name: str = "*") -> str:
    """Every role, policy or instance profile, or the one with this path and name."""
    return f"arn:{stack.partition}:iam::{stack.account}:{kind}/{name}"


def scaling_groups(stack: Stack) -> str:
    return f"arn:{stack.partition}:autoscaling:*:{stack.account}:autoScalingGroup:*:autoScalingGroupName/*"


def load_balancing(stack: Stack, kind: str) -> str:
    """Every target group ("targetgroup") or load balancer ("loadbalancer"), also the classic ones."""
    return f"arn:{stack.partition}:elasticloadbalancing:*:{stack.account}:{kind}/*"


def keys(stack: Stack) -> str:
    return f"arn:{stack.partition}:kms:*:{stack.account}:key/*"


def what_an_instance_belongs_to(stack: Stack) -> tuple[str, ...]:
    """Every Auto Scaling group, target group, load balancer, role and instance profile."""
    return (
        scaling_groups(stack),
        *(load_balancing(stack, kind) for kind in ("targetgroup", "loadbalancer")),
        *(iam(stack, kind) for kind in ("role", "instance-profile")),
    )
