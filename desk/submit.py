"""`desk submit`: hand in a mail that reached somebody else, with the admin's own IAM identity."""

import hashlib
from pathlib import Path
from typing import TextIO

import boto3

from desk.deployed import explain_aws_errors, outputs
from desk.execution import machine_arn, run_execution
from desk.read import readable
from lambdas.domain.intake.arrival import SUBMITTED_PREFIX


def submit(mail: Path, out: TextIO) -> int:
    """Store the mail under its own hash and have it handled. Raises DeskError where AWS refuses.

    Only the hash goes to the state machine: whoever may submit can give a mail no verdict. The same file again is the
    same execution.
    """
    raw = readable(mail).read_bytes()
    digest = hashlib.sha256(raw).hexdigest()
    with explain_aws_errors("Submit"):
        bucket, machine = outputs()["MailBucket"], machine_arn("DeskMachine", "submitted mails")
        boto3.client("s3").put_object(Bucket=bucket, Key=SUBMITTED_PREFIX + digest, Body=raw)
        run_execution(
            machine,
            {"action": "submit", "mail": digest},
            expected=(),
            goes_on="the mail is handled all the same, and all admins are told of it",
            look="submit the same file again: it is handled only once",
        )
    print(f"submitted as s3://{bucket}/{SUBMITTED_PREFIX}{digest}; all admins will get the report", file=out)
    return 0
