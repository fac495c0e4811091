"""`desk submit`: hand in a mail that reached somebody else, under the admin's own IAM identity."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import boto3

from desk.deployed import explain_aws_errors, outputs
from desk.read import readable
from lambdas.domain.intake.arrival import SUBMITTED_PREFIX, submission_message


def submit(mail: Path, out: TextIO) -> int:
    """Store the mail and tell the intake queue. Raises DeskError where AWS refuses, with nothing half done.

    The same file again is the same execution: it is stored under its own hash, and an execution of that name is
    started once.
    """
    raw = readable(mail).read_bytes()
    key = SUBMITTED_PREFIX + hashlib.sha256(raw).hexdigest()
    with explain_aws_errors("Submit"):
        deployed = outputs()
        boto3.client("s3").put_object(Bucket=deployed["MailBucket"], Key=key, Body=raw)
        boto3.client("sqs").send_message(
            QueueUrl=deployed["IntakeQueue"],
            MessageBody=submission_message(deployed["MailBucket"], key, datetime.now(UTC)),
        )
    print(f"submitted as s3://{deployed['MailBucket']}/{key}; all admins get what becomes of it", file=out)
    return 0
