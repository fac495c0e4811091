"""Builds a function with its role and log. functions.py lists the functions."""

from collections.abc import Sequence
from typing import Any

from aws_cdk import Acknowledgment, Duration, RemovalPolicy, Stack, Validations
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_logs as logs
from constructs import Construct, IConstruct

from lambdas.domain.settings.function_config import FunctionConfig

# A state machine waits a little longer than this for a step.
TIMEOUT = Duration.seconds(30)


def make_function(
    scope: Construct,
    construct_id: str,
    *,
    code: lambda_.Code,
    handler: str,
    permissions: Sequence[iam.PolicyStatement],
    config: FunctionConfig | None = None,
    role_name: str | None = None,
) -> lambda_.Function:
    """A function with a log group and a role; `role_name` only if another account must know it."""
    log_group = logs.LogGroup(
        scope, f"{construct_id}Log", retention=logs.RetentionDays.THIRTEEN_MONTHS, removal_policy=RemovalPolicy.DESTROY
    )
    role = iam.Role(
        scope, f"{construct_id}Role", assumed_by=iam.ServicePrincipal("lambda.amazonaws.com"), role_name=role_name
    )
    log_group.grant_write(role)
    for statement in permissions:
        role.add_to_policy(statement)
    function = lambda_.Function(
        scope,
        construct_id,
        code=code,
        handler=handler,
        runtime=lambda_.Runtime.PYTHON_3_13,
        architecture=lambda_.Architecture.ARM_64,
        # CPU grows with memory, and a cold start is all CPU.
        memory_size=1024,
        timeout=TIMEOUT,
        environment=config.to_environment() if config else None,
        log_group=log_group,
        role=role,
    )
    acknowledge(function, "AwsSolutions-L1", reason="Lambda supports Python 3.13 until 2029-06-30")
    return function


def acknowledge(construct: IConstruct | None, finding: str, *, reason: str) -> None:
    """Accept a cdk-nag finding for this construct and its children."""
    assert construct is not None  # noqa: S101  for the type checker: our functions have a role
    Validations.of(construct).acknowledge(Acknowledgment(id=finding, reason=reason))


def acknowledge_resources(construct: IConstruct | None, arn: str, *, reason: str) -> None:
    """Accept permissions on an ARN with a wildcard, written as in the policy."""
    assert construct is not None  # noqa: S101  as above
    resolved = Stack.of(construct).resolve(arn)
    acknowledge(construct, f"AwsSolutions-IAM5[Resource::{_in_a_finding(resolved)}]", reason=reason)


def _in_a_finding(resolved: Any) -> str:
    """An ARN as cdk-nag writes it in a finding, with `<AWS::Region>` for a reference.

    https://github.com/cdklabs/cdk-nag/blob/main/src/utils/flatten-cfn-reference.ts
    """
    match resolved:
        case {"Fn::Join": [separator, parts]}:
            return str(separator).join(map(_in_a_finding, parts))
        case {"Fn::GetAtt": [name, attribute]}:
            return f"<{name}.{attribute}>"
        case {"Ref": name}:
            return f"<{name}>"
    return str(resolved)


def allow_key_use(key: kms.Key, *services: str) -> iam.PolicyStatement:
    """Let the role use the key through these services only."""
    region = Stack.of(key).region
    return iam.PolicyStatement(
        actions=["kms:Decrypt", "kms:GenerateDataKey"],
        resources=[key.key_arn],
        # The suffix differs between partitions.
        conditions={"StringLike": {"kms:ViaService": [f"{service}.{region}.*" for service in services]}},
    )
