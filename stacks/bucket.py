"""A bucket for data that must be neither lost nor leaked: mail and evidence."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from constructs import Construct


def retained_bucket(
    scope: Construct,
    construct_id: str,
    *,
    retention_days: int,
    key: kms.Key,
    access_logs: s3.Bucket,
    object_lock: bool = False,
    lock_days: int | None = None,
) -> s3.Bucket:
    """Private, encrypted with our key, versioned, logged, ended by age only; it outlives the stack.

    With `object_lock` versions can be locked, with `lock_days` each new one is. An expired object is hidden all the
    same, and a locked version is deleted by age only after its lock has ended:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock-managing.html
    """
    return s3.Bucket(
        scope,
        construct_id,
        encryption=s3.BucketEncryption.KMS,
        encryption_key=key,
        bucket_key_enabled=True,
        block_public_access=s3.BlockPublicAccess.BLOCK_ALL,
        enforce_ssl=True,
        versioned=True,
        object_lock_enabled=object_lock or None,
        # Governance: whoever may bypass it can still correct a mistake. In compliance mode nobody could for years.
        object_lock_default_retention=s3.ObjectLockRetention.governance(Duration.days(lock_days))
        if lock_days
        else None,
        server_access_logs_bucket=access_logs,
        server_access_logs_prefix=f"{construct_id.lower()}/",
        lifecycle_rules=[
            s3.LifecycleRule(
                expiration=Duration.days(retention_days),
                # In a versioned bucket expiry only hides an object; a deleted object can be restored for so long.
                noncurrent_version_expiration=Duration.days(30),
                abort_incomplete_multipart_upload_after=Duration.days(7),
            )
        ],
        removal_policy=RemovalPolicy.RETAIN,
    )
