"""The outputs of the deployed responder, read with the admin's own AWS credentials."""

from collections.abc import Iterator
from contextlib import contextmanager

import boto3
from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError, NoRegionError

from desk.errors import DeskError

STACK = "AbuseResponder"
EXAMPLE = "for example AWS_PROFILE=security AWS_DEFAULT_REGION=us-east-1"


@contextmanager
def explain_aws_errors(verb: str) -> Iterator[None]:
    """Turn AWS's errors into a DeskError that says what to do: `with explain_aws_errors("Submit"):`."""
    right = f"{verb} with credentials of the account and Region of {STACK}, {EXAMPLE}"
    try:
        yield
    except (NoCredentialsError, NoRegionError) as error:
        raise DeskError(f"{error} {right}") from error
    except (ClientError, BotoCoreError) as error:
        raise DeskError(f"AWS refused: {error}. {right}") from error


def outputs() -> dict[str, str]:
    """The stack's outputs by name. Raises DeskError if it is not deployed in this account and Region."""
    stack_outputs = _outputs(STACK)
    if stack_outputs is None:
        account = boto3.client("sts").get_caller_identity()["Account"]
        region = boto3.client("cloudformation").meta.region_name
        raise DeskError(
            f"{STACK} is not deployed in account {account}, Region {region}. Name the right ones, {EXAMPLE}"
        )
    return stack_outputs


def intake_address() -> str:
    """The intake address; empty if the mail stack is not deployed."""
    return (_outputs(f"{STACK}Mail") or {}).get("IntakeAddress", "")


def _outputs(name: str) -> dict[str, str] | None:
    """A stack's outputs; None if there is no such stack."""
    try:
        (stack,) = boto3.client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" not in error.response["Error"]["Message"]:
            raise
        return None
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", ())}
