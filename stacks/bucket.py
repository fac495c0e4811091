"""A bucket for mail or evidence, which must be neither lost nor leaked."""

from aws_cdk import Duration, RemovalPolicy
from aws_cdk import aws_iam as iam
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
    """Private, encrypted, versioned, logged; it outlives the stack, and objects expire by age only.

    `lock_days` locks each new version. Expiry hides a locked object, but deletes its version only after the lock ends:
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
        # Governance mode: people with the right to bypass it can correct a mistake. Compliance mode allows nobody to.
        object_lock_default_retention=s3.ObjectLockRetention.governance(Duration.days(lock_days))
        if lock_days
        else None,
        server_access_logs_bucket=access_logs,
        server_access_logs_prefix=f"{construct_id.lower()}/",
        lifecycle_rules=[
            s3.LifecycleRule(
                expiration=Duration.days(retention_days),
                # How long a deleted or expired object can be restored.
                noncurrent_version_expiration=Duration.days(30),
                abort_incomplete_multipart_upload_after=Duration.days(7),
            )
        ],
        removal_policy=RemovalPolicy.RETAIN,
    )


def deny_writes(bucket: s3.Bucket, keys: str, *, sid: str, unless: dict[str, str | list[str]]) -> None:
    """Deny writing objects with these keys to everyone, unless the request has one of these values of a condition key.

    A request without the key is denied too, so this holds for people and functions, whatever their policies allow.
    Replication writes without s3:PutObject:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    """
    bucket.add_to_resource_policy(
        iam.PolicyStatement(
            sid=sid,
            effect=iam.Effect.DENY,
            principals=[iam.AnyPrincipal()],
            actions=["s3:PutObject", "s3:ReplicateObject"],
            resources=[bucket.arn_for_objects(keys)],
            conditions={"StringNotEquals": unless},
        )
    )
