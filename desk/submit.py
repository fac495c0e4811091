"""`desk submit`: hand in a mail that reached somebody else, with the admin's own IAM identity."""

import hashlib
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import boto3

from desk.deployed import explain_aws_errors, outputs
from desk.read import readable
from lambdas.domain.intake.arrival import SUBMITTED_PREFIX, submission_message


def submit(mail: Path, out: TextIO) -> int:
    """Store the mail and send a message to the intake queue. Raises DeskError if AWS refuses.

    Submitting a file twice handles it once: its hash names the object and the execution.
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
    print(f"submitted as s3://{deployed['MailBucket']}/{key}; all admins will get the report", file=out)
    return 0
