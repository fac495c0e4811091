"""`desk submit`: hand in a mail that reached somebody else, under the admin's own IAM identity."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from desk.errors import DeskError
from desk.read import readable
from lambdas.domain.arrival import SUBMITTED_PREFIX, submission

STACK = "AbuseResponder"


def submit(mail: Path, out: TextIO) -> int:
    """Store the mail and tell the front queue. Raises DeskError where AWS refuses, with nothing half done.

    The same file again is the same execution: it is stored under its own hash, and an execution of that name is
    started once.
    """
    raw = readable(mail).read_bytes()
    key = SUBMITTED_PREFIX + hashlib.sha256(raw).hexdigest()
    try:
        outputs = _outputs()
        boto3.client("s3").put_object(Bucket=outputs["MailBucket"], Key=key, Body=raw)
        boto3.client("sqs").send_message(
            QueueUrl=outputs["FrontQueue"], MessageBody=submission(outputs["MailBucket"], key, datetime.now(UTC))
        )
    except (ClientError, BotoCoreError) as error:
        raise DeskError(
            f"AWS refused: {error}. Submit with credentials of the account and Region of {STACK}, for example "
            "AWS_PROFILE=security AWS_REGION=us-east-1"
        ) from error
    print(f"submitted as s3://{outputs['MailBucket']}/{key}; all admins get what becomes of it", file=out)
    return 0


def _outputs() -> dict[str, str]:
    (stack,) = boto3.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
    return {output["OutputKey"]: output["OutputValue"] for output in stack.get("Outputs", ())}
