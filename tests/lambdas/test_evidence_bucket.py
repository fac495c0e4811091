"""What the evidence bucket promises: what was written first stays, and no other bytes than those that were meant."""

import base64
import hashlib

import pytest
from botocore.exceptions import ClientError, FlexibleChecksumError
from moto.s3.models import s3_backends

from lambdas import evidence_bucket
from tests.lambdas.conftest import EVIDENCE

pytestmark = pytest.mark.usefixtures("buckets")

KEY = "cases/1/i-1/before-state.json"


def test_what_was_written_first_stays(buckets):
    assert evidence_bucket.write_once(KEY, b"first", metadata={"read-at": "2026-11-16"}) is True
    assert evidence_bucket.write_once(KEY, b"second") is False
    assert evidence_bucket.read(KEY) == (b"first", {"read-at": "2026-11-16"})
    assert len(buckets.list_object_versions(Bucket=EVIDENCE)["Versions"]) == 1


def test_s3_keeps_the_hash(buckets):
    evidence_bucket.write_once(KEY, b"first")
    told = buckets.head_object(Bucket=EVIDENCE, Key=KEY, ChecksumMode="ENABLED")
    assert told["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(b"first").digest()).decode()


def test_what_is_not_there_is_none(buckets, refuse):
    assert evidence_bucket.find(KEY) is None
    refuse(buckets, "GetObject", "AccessDenied")  # what S3 says of it to whoever may not list
    assert evidence_bucket.find(KEY) is None
    with pytest.raises(ClientError, match="AccessDenied"):
        evidence_bucket.read(KEY)


def test_a_bucket_that_does_not_answer_is_no_empty_one(buckets, refuse):
    refuse(buckets, "GetObject", "SlowDown")
    with pytest.raises(ClientError, match="SlowDown"):
        evidence_bucket.find(KEY)


def test_other_bytes_than_those_that_were_stored_are_refused():
    evidence_bucket.write_once(KEY, b"first")
    (bucket,) = [one["global"].buckets[EVIDENCE] for one in s3_backends.values() if EVIDENCE in one["global"].buckets]
    bucket.keys[KEY].value = b"other"
    with pytest.raises(FlexibleChecksumError):
        evidence_bucket.read(KEY)


def test_people_find_it_by_its_address():
    assert evidence_bucket.address(KEY) == f"s3://{EVIDENCE}/{KEY}"
