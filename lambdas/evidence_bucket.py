"""The evidence bucket: what was written first stays, and S3 checks the hash of every byte that it takes."""

import base64
import hashlib
from collections.abc import Mapping
from typing import NamedTuple

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.domain.settings.function_config import EvidenceConfig
from lambdas.load_config import load_config

# Without the right to list the bucket, S3 refuses what is not there as it refuses what may not be read:
# https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html
_NOT_THERE = {"NoSuchKey", "AccessDenied"}


class EvidenceObject(NamedTuple):
    """An object of the bucket."""

    body: bytes
    metadata: Mapping[str, str]


def address(key: str) -> str:
    """Where an object lies, as people and the AWS CLI name it. The bucket is ours, wherever the instance is."""
    return f"s3://{_bucket()}/{key}"


def write_once(
    key: str, body: bytes, *, content_type: str = "application/json", metadata: Mapping[str, str] | None = None
) -> bool:
    """Store an object unless one is there. Returns whether this call stored it; if not, `read` says what is there.

    S3 refuses a body that does not have the hash:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html
    """
    try:
        client("s3").put_object(
            Bucket=_bucket(),
            Key=key,
            Body=body,
            ContentType=content_type,
            Metadata=metadata or {},
            IfNoneMatch="*",
            ChecksumAlgorithm="SHA256",
            ChecksumSHA256=base64.b64encode(hashlib.sha256(body).digest()).decode(),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
        return False
    return True


def read(key: str) -> EvidenceObject:
    """What is stored. Its checksum is checked on the way."""
    answer = client("s3").get_object(Bucket=_bucket(), Key=key, ChecksumMode="ENABLED")
    return EvidenceObject(answer["Body"].read(), answer["Metadata"])


def find(key: str) -> EvidenceObject | None:
    """What is stored; None where S3 shows nothing."""
    try:
        return read(key)
    except ClientError as error:
        if error.response["Error"]["Code"] not in _NOT_THERE:
            raise
        return None


def _bucket() -> str:
    return load_config(EvidenceConfig).evidence_bucket
