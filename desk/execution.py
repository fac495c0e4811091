"""Starts and follows an execution of a state machine with the admin's own IAM identity."""

import json
import time
from collections.abc import Collection, Mapping
from typing import Any

import boto3

from desk.deployed import STACK, outputs
from desk.errors import DeskError
from lambdas.domain.containment.outcome import failure_text

_SECONDS = 1.0


def machine_arn(output: str, what: str) -> str:
    """The ARN in the stack's outputs. Raises DeskError if the deployed version is older than this desk."""
    machine = outputs().get(output)
    if machine is None:
        raise DeskError(f"the deployed {STACK} does not support {what} yet: deploy this version with `make deploy`")
    return machine


def caller() -> str:
    """The ARN of the person at the desk, as in CloudTrail."""
    return str(boto3.client("sts").get_caller_identity()["Arn"])


def run_execution(
    machine: str, request: Mapping[str, Any], *, expected: Collection[str], goes_on: str, look: str
) -> tuple[str, dict[str, Any]]:
    """Start an execution and follow it to its end; returns its ARN and its output.

    Raises DeskError if it refused (an error in `expected` is shown without its class), if it failed (`look` says how
    to see what it did), or on Ctrl-C if it `goes_on` without the desk; with "" KeyboardInterrupt is raised.
    """
    steps = boto3.client("stepfunctions")
    execution = str(steps.start_execution(stateMachineArn=machine, input=json.dumps(request))["executionArn"])
    result = _ended(steps, execution, goes_on)
    if result["status"] != "SUCCEEDED":
        raise DeskError(
            f"the execution ended as {result['status']} ({result.get('error', 'no error is named')}), and the admins "
            f"were not told. {execution} shows what it did; {look}"
        )
    output: dict[str, Any] = json.loads(result["output"])
    if refused := output.get("refused"):
        words = failure_text(refused)
        known = refused.get("Error") in expected
        raise DeskError(words.removeprefix(f"{refused['Error']}: ") if known else f"{words}. See {execution}")
    return execution, output


def _ended(steps: Any, execution: str, goes_on: str) -> dict[str, Any]:
    try:
        while (described := steps.describe_execution(executionArn=execution))["status"] == "RUNNING":
            time.sleep(_SECONDS)
    except KeyboardInterrupt:
        if goes_on:
            raise DeskError(f"interrupted; {goes_on}: {execution}") from None
        raise
    result: dict[str, Any] = described
    return result
