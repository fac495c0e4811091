"""One instance with everything that containing it touches, in a fresh account, and what became of it."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from lambdas.domain.containment.credentials import DENY_POLICY, NO_RIGHTS_PROFILE, NO_RIGHTS_ROLE
from lambdas.domain.containment.protection import STANDBY
from lambdas.domain.instance.tags import CASE_TAG, QUARANTINE, ROLE_TAG
from tests.account import account
from tests.execution import Execution, execute
from tests.lambdas.conftest import EVIDENCE, TABLE
from tests.lambdas.contain.fleet import HTTPS_IN, Fleet
from tests.recording import Call, Look
from tests.samples import ALL_PASS, CASE, INSTANCE, MAIL_BUCKET, as_json

REGION = "ap-northeast-1"
ROLE = "web-server"  # and its instance profile
GROUP = "web"
_TESTS = Path(__file__).parents[1]
_STORY = _TESTS.parent / "desk" / "rehearsal" / "story"
_TRUST = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
# Mails of the story: key, file, and when each came in, seconds after its date.
FIRST = ("mail/k3v9story1", "1-first-notice.eml", "2026-11-16T07:42:11+00:00")
FIRST_AGAIN = ("mail/m2x7story1", *FIRST[1:])
FOLLOW_UP = ("mail/p4w8story2", "2-follow-up.eml", "2026-11-18T09:15:40+00:00")
DEFINITION = json.loads((_TESTS / "stacks" / "machines" / "respond.asl.json").read_text())


@dataclass
class Stage:
    """The account in which the instance stands."""

    client: Callable[..., Any]
    fleet: Fleet
    before: dict[str, Any]  # the instance as "Find instances" found it, before anything was changed
    long_ago: Counter[str] = field(default_factory=Counter)  # snapshots by volume

    @property
    def volumes(self) -> list[str]:
        return sorted(volume["volume_id"] for volume in self.before["volumes"])

    @property
    def groups_before(self) -> dict[str, list[str]]:
        return {interface["interface_id"]: interface["groups"] for interface in self.before["interfaces"]}

    def play(
        self,
        mail: tuple[str, str, str],
        name: str = "one",
        *,
        change: Callable[[bytes], bytes] = bytes,
        before: Look | None = None,
        after: Look | None = None,
    ) -> Execution:
        """What "start" starts when this mail, changed or as it is, has come in."""
        key, file, received_at = mail
        self.client("s3").put_object(Bucket=MAIL_BUCKET, Key=key, Body=change((_STORY / file).read_bytes()))
        arrival = {
            "bucket": MAIL_BUCKET,
            "key": key,
            "received_at": received_at,
            "verdicts": {name: getattr(ALL_PASS, name) for name in ALL_PASS.__slots__},
        }

        def as_ec2_does(call: Call) -> None:
            if before:
                before(call)
            self._one_snapshot_at_a_time(call)

        return execute(DEFINITION, {"arrival": arrival, "approved": []}, name=name, before=as_ec2_does, after=after)

    def _one_snapshot_at_a_time(self, call: Call) -> None:
        """EC2 takes one snapshot of a volume every 15 seconds, which no execution here lasts; Moto takes any number.

        https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshot.html
        """
        if call.operation in {"CreateSnapshot", "CreateSnapshots"}:
            recent = Counter(self.snapshots()) - self.long_ago
            if call.parameters.get("VolumeId") in recent or (call.operation == "CreateSnapshots" and recent):
                raise call.refuse("SnapshotCreationPerVolumeRateExceeded")

    def quarantined(self, instance_id: str = INSTANCE) -> bool:
        """Whether every interface carries one group alone, tagged as quarantine and without any rule, in EC2 now."""
        carried = set(self.fleet.carried(instance_id).values())
        if len(carried) != 1 or len(groups := carried.pop()) != 1:
            return False
        (group,) = self.fleet.ec2.describe_security_groups(GroupIds=list(groups))["SecurityGroups"]
        closed = not group["IpPermissions"] and not group["IpPermissionsEgress"]
        return closed and {"Key": ROLE_TAG, "Value": QUARANTINE} in group.get("Tags", [])

    def kept_before_states(self) -> list[dict[str, Any]]:
        """What the case keeps."""
        query = self.client("dynamodb").query(
            TableName=TABLE,
            KeyConditionExpression="pk = :case AND begins_with(sk, :before)",
            ExpressionAttributeValues={":case": {"S": CASE}, ":before": {"S": f"before#{INSTANCE}"}},
        )
        return [json.loads(item["data"]["S"]) for item in query["Items"]]

    def filed_before_states(self) -> list[dict[str, Any]]:
        """Each version of what was ever written to the evidence."""
        s3, prefix = self.client("s3"), f"cases/{CASE}/{INSTANCE}/before-state"
        versions = s3.list_object_versions(Bucket=EVIDENCE, Prefix=prefix).get("Versions", [])
        return [
            json.loads(
                s3.get_object(Bucket=EVIDENCE, Key=version["Key"], VersionId=version["VersionId"])["Body"].read()
            )
            for version in versions
        ]

    def snapshots(self) -> list[str]:
        """The volume of each snapshot of the case."""
        return self.fleet.snapshots()

    def tagged(self) -> bool:
        return self.fleet.now().tags.get(CASE_TAG) == CASE

    def protected(self) -> bool:
        """Whether nothing takes it away: neither a call, nor a shutdown from inside, nor its Auto Scaling group."""
        ec2, scaling = self.fleet.ec2, self.client("autoscaling", REGION)
        termination = ec2.describe_instance_attribute(InstanceId=INSTANCE, Attribute="disableApiTermination")
        shutdown = ec2.describe_instance_attribute(InstanceId=INSTANCE, Attribute="instanceInitiatedShutdownBehavior")
        members = scaling.describe_auto_scaling_instances(InstanceIds=[INSTANCE])["AutoScalingInstances"]
        return (
            termination["DisableApiTermination"]["Value"]
            and shutdown["InstanceInitiatedShutdownBehavior"]["Value"] == "stop"
            and all(member["LifecycleState"] in STANDBY for member in members)
            and not any(volume.delete_on_termination for volume in self.fleet.now().volumes)
        )

    def cut_off(self) -> bool:
        """Whether its profile has no rights, and the role that it had denies it everything."""
        iam = self.client("iam")
        policies = iam.list_attached_role_policies(RoleName=ROLE)["AttachedPolicies"]
        named = [tag["Value"] for tag in iam.list_role_tags(RoleName=ROLE)["Tags"]]
        profile = self.fleet.now().profile.rsplit("/", 1)[-1]
        return (profile, [policy["PolicyName"] for policy in policies], named) == (
            NO_RIGHTS_PROFILE,
            [DENY_POLICY],
            [INSTANCE],
        )

    def out_of_load_balancers(self) -> bool:
        """Whether no load balancer sends anybody to it."""
        balancing, classic = self.client("elbv2", REGION), self.client("elb", REGION)
        (group,) = balancing.describe_target_groups()["TargetGroups"]
        health = balancing.describe_target_health(TargetGroupArn=group["TargetGroupArn"])["TargetHealthDescriptions"]
        (balancer,) = classic.describe_load_balancers()["LoadBalancerDescriptions"]
        return (
            not [target for target in health if target["TargetHealth"]["State"] != "draining"]
            and not balancer["Instances"]
        )

    def let_ten_minutes_pass(self) -> None:
        """Age what holds others off for a while: the locks of executions that are gone, and young snapshots."""
        self.long_ago = Counter(self.snapshots())
        dynamodb = self.client("dynamodb")
        for item in dynamodb.scan(TableName=TABLE)["Items"]:
            if "since" in item:
                item["since"]["N"] = str(int(item["since"]["N"]) - 600)
                dynamodb.put_item(TableName=TABLE, Item=item)


@contextmanager
def stage(interfaces: int = 2, instance_ids: tuple[str, ...] = (INSTANCE,), **config: object) -> Iterator[Stage]:
    """Launch the instance in a dual-stack VPC: with a role, in an Auto Scaling group and behind load balancers."""
    with account(regions=(REGION,), **config) as client:
        fleet = Fleet(client, REGION)
        fleet.group("web", inbound=HTTPS_IN)
        _roles(client)
        for instance_id in instance_ids:
            fleet.launch((("web", "ssh"), *[("web",)] * (interfaces - 1)), instance_id=instance_id)
            fleet.ec2.associate_iam_instance_profile(IamInstanceProfile={"Name": ROLE}, InstanceId=instance_id)
        _auto_scaling(client, fleet, instance_ids)
        _load_balancers(client, fleet, instance_ids)
        yield Stage(client, fleet, as_json(fleet.now(instance_ids[0])))


def _roles(client: Callable[..., Any]) -> None:
    """The instance's role, and what the stacks make to cut it off."""
    iam, version = client("iam"), "2012-10-17"
    for role, profile in ((ROLE, ROLE), (NO_RIGHTS_ROLE, NO_RIGHTS_PROFILE)):
        iam.create_role(RoleName=role, AssumeRolePolicyDocument=json.dumps({"Version": version, "Statement": _TRUST}))
        iam.create_instance_profile(InstanceProfileName=profile)
        iam.add_role_to_instance_profile(InstanceProfileName=profile, RoleName=role)
    deny = {"Effect": "Deny", "Action": "*", "Resource": "*"}
    iam.create_policy(PolicyName=DENY_POLICY, PolicyDocument=json.dumps({"Version": version, "Statement": deny}))


def _auto_scaling(client: Callable[..., Any], fleet: Fleet, instance_ids: tuple[str, ...]) -> None:
    scaling = client("autoscaling", REGION)
    scaling.create_launch_configuration(LaunchConfigurationName=GROUP, ImageId="ami-12345678", InstanceType="t3.micro")
    scaling.create_auto_scaling_group(
        AutoScalingGroupName=GROUP,
        LaunchConfigurationName=GROUP,
        MinSize=0,
        MaxSize=99,
        DesiredCapacity=0,
        VPCZoneIdentifier=fleet.subnet,
    )
    scaling.attach_instances(AutoScalingGroupName=GROUP, InstanceIds=list(instance_ids))


def _load_balancers(client: Callable[..., Any], fleet: Fleet, instance_ids: tuple[str, ...]) -> None:
    balancing, classic = client("elbv2", REGION), client("elb", REGION)
    target_group = balancing.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=fleet.vpc)
    arn = target_group["TargetGroups"][0]["TargetGroupArn"]
    balancing.register_targets(
        TargetGroupArn=arn, Targets=[{"Id": instance_id, "Port": 80} for instance_id in instance_ids]
    )
    classic.create_load_balancer(
        LoadBalancerName="web",
        Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
        Subnets=[fleet.subnet],
    )
    classic.register_instances_with_load_balancer(
        LoadBalancerName="web", Instances=[{"InstanceId": instance_id} for instance_id in instance_ids]
    )
