"""The bucket in which SES stores the mail as it came."""

from lambdas.aws import client

# SES takes in up to 40 MB; what names the resources stands at the front.
# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
_READ_BYTES = 2 * 1024 * 1024


def read_mail(bucket: str, key: str) -> bytes:
    """The first 2 MiB of a stored mail."""
    answer = client("s3").get_object(Bucket=bucket, Key=key, Range=f"bytes=0-{_READ_BYTES - 1}")
    raw: bytes = answer["Body"].read()
    return raw
