"""A statement that allows something."""

from collections.abc import Mapping, Sequence
from typing import Any

from aws_cdk import aws_iam as iam


def allow(
    sid: str, actions: Sequence[str], resources: Sequence[str], conditions: Mapping[str, Any] | None = None
) -> iam.PolicyStatement:
    """These actions on these resources, if all conditions are met."""
    return iam.PolicyStatement(sid=sid, actions=[*actions], resources=[*resources], conditions=conditions)
