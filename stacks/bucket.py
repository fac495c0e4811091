"""A bucket for what must not get lost or out: mail and evidence."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct


def kept_bucket(
    scope: Construct, construct_id: str, *, retention_days: int, key: kms.Key, access_logs: s3.Bucket
) -> s3.Bucket:
    """Private, encrypted with our key, versioned, logged, ended by age only; it outlives the stack."""
    return s3.Bucket(
        scope,
        construct_id,
        encryption=s3.BucketEncryption.KMS,
        encryption_key=key,
        bucket_key_enabled=True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        versioned=True,
        server_access_logs_bucket=access_logs,
        server_access_logs_prefix=f"{construct_id.lower()}/",
        lifecycle_rules=[
            s3.LifecycleRule(
                expiration=Duration.days(retention_days),
                # In a versioned bucket that only hides an object; what somebody deletes can be got back as long.
                noncurrent_version_expiration=Duration.days(30),
                abort_incomplete_multipart_upload_after=Duration.days(7),
            )
        ],
        removal_policy=RemovalPolicy.RETAIN,
    )
