"""Whose clients are made: the function's own account's, and by a role those of the members, of nobody else."""

import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lambdas import aws
from lambdas.domain.errors import NotAMember
from lambdas.domain.settings.member_roles import CONTAIN_ROLE
from tests.samples import ACCOUNT

MEMBER, OTHER = "444455556666", "777788889999"
ROOT = Path(__file__).resolve().parents[2]
# Where the Makefile installs tests/older_sdk.txt.
OLDER_SDK = Path(sys.prefix) / "older_sdk"
# All tests of finding by a name, one by an address, and one of the desk, which looks at an instance again.
FINDING = (
    "tests/lambdas/contain/test_find_instances.py",
    "tests/lambdas/contain/test_address_holders.py::test_two_addresses_of_one_instance_are_one_find",
    "tests/desk/test_show.py::test_an_instance_stands_as_ec2_shows_it_now",
)


def whose(client):
    return client("sts", None, MEMBER).get_caller_identity()


def test_its_own_account_is_reached_by_its_own_credentials(moto):
    assert moto("ec2", "eu-west-1", ACCOUNT) is moto("ec2", "eu-west-1")


def test_a_member_is_reached_by_its_role(members, calls):
    client = members(MEMBER)
    assumed = calls(client("sts"), "AssumeRole")
    identity = whose(client)
    assert identity["Account"] == MEMBER
    assert identity["Arn"] == f"arn:aws:sts::{MEMBER}:assumed-role/{CONTAIN_ROLE}/contain"
    (asked,) = assumed
    assert asked == {
        "RoleArn": f"arn:aws:iam::{MEMBER}:role/{CONTAIN_ROLE}",
        "RoleSessionName": "contain",
        "ExternalId": "k7f3q9-abuse-responder",
    }


def test_the_role_is_assumed_once_for_all_services_regions_and_threads(members, calls):
    client = members(MEMBER)
    assumed = calls(client("sts"), "AssumeRole")

    def describe(region):
        return client("ec2", region, MEMBER).describe_vpcs()["Vpcs"][0]["OwnerId"]

    with ThreadPoolExecutor(max_workers=8) as pool:
        owners = set(pool.map(describe, ["eu-west-1", "us-east-1", "ap-south-1", "sa-east-1"] * 4))
    client("iam", None, MEMBER).list_roles()
    assert owners == {MEMBER}
    assert len(assumed) == 1


def test_nothing_is_asked_before_it_is_needed(members, calls):
    client = members(MEMBER)
    assumed = calls(client("sts"), "AssumeRole")
    client("ec2", "eu-west-1", MEMBER)
    assert assumed == []


def test_credentials_are_got_anew_before_they_end(members, calls, monkeypatch):
    client = members(MEMBER)
    assumed = calls(client("sts"), "AssumeRole")
    whose(client)
    credentials = aws._session(MEMBER).get_credentials()
    monkeypatch.setattr(credentials, "_expiry_time", datetime.now(UTC) + timedelta(minutes=1))
    assert whose(client)["Account"] == MEMBER
    assert len(assumed) == 2


def test_an_account_that_is_no_member_is_refused_before_any_call(members, calls):
    client = members(MEMBER)
    assumed = calls(client("sts"), "AssumeRole")
    with pytest.raises(NotAMember, match=f"account {OTHER} is not one of the members"):
        client("ec2", "eu-west-1", OTHER)
    assert assumed == []


def test_a_role_that_may_not_be_assumed_says_so_in_the_words_of_aws(members, refuse):
    client = members(MEMBER)
    refuse(client("sts"), "AssumeRole", "AccessDenied")
    with pytest.raises(client("sts").exceptions.ClientError, match="AccessDenied said AWS"):
        whose(client)


def test_a_client_is_made_once(moto):
    with ThreadPoolExecutor(max_workers=8) as pool:
        made = set(pool.map(lambda region: id(moto("ec2", region)), ["eu-west-1", "eu-west-2"] * 8))
    assert len(made) == 2


@pytest.mark.parametrize("kind", ["instances", "network_interfaces", "volumes"])
def test_what_a_service_manages_is_asked_for_as_well(moto, kind):
    """An account may hide a node of EKS Auto Mode, which is abused all the same."""
    ec2, sent = moto("ec2", "eu-west-1"), []

    def look(params, **_):
        sent.append(params["body"])

    ec2.meta.events.register("before-call.ec2", look)
    getattr(ec2, f"describe_{kind}")()
    ec2.meta.events.unregister("before-call.ec2", look)
    assert [body["IncludeManagedResources"] for body in sent] == ["true"]


@pytest.mark.slow
def test_an_instance_is_found_with_the_sdk_that_lambda_may_have():
    """An older SDK refuses a parameter that it does not know, before it sends anything."""
    assert OLDER_SDK.is_dir(), "the older SDK is not installed: make .venv/tests"
    run = (
        "import sys, botocore, pytest\n"
        "assert botocore.__version__ == '1.42.93', botocore.__file__\n"
        "sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', '-p', 'no:xdist', *sys.argv[1:]]))"
    )
    done = subprocess.run(
        [sys.executable, "-c", run, *FINDING],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(OLDER_SDK)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
