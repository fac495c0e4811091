"""One instance with all that it may belong to, in a fresh account: how it is contained, released and looked at."""

import itertools
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from inspect import unwrap
from typing import Any

import pytest

from lambdas import aws, case_table
from lambdas.domain.containment.credentials import SLOT_TAGS
from lambdas.domain.release import contained_record
from tests.execution import Execution, execute
from tests.lambdas import conftest
from tests.lambdas.contain.fleet import Fleet
from tests.lambdas.profiles import Profiles
from tests.samples import ACCOUNT, CASE, INSTANCE
from tests.stacks.machines.definitions import RELEASE

MEMBER = "444455556666"
OTHER = "i-0b57a4de7b57a4de7"
REGION = "eu-west-1"
ADA = f"arn:aws:iam::{ACCOUNT}:user/ada"
# What containing does to an instance, in its order; snapshots and evidence change nothing of it.
CONTAINING = (
    "Write before-state",
    "Protect instance",
    "Quarantine network",
    "Verify quarantine",
    "Verify protection",
    "Revoke credentials",
    "Leave load balancers",
    "Tag instance",
)


@dataclass(frozen=True)
class Topology:
    """What the instance is made of. `scaling` is the smallest and largest size of its Auto Scaling group of one.

    `by_id` and `by_address` are the ports under which it is a target.
    """

    interfaces: tuple[tuple[str, ...], ...] = (("web", "ssh"), ("web",))
    volumes: tuple[bool, ...] = (True, False)  # whether each goes with the instance
    protected: bool = False
    shutdown: str = "stop"
    profile: bool = False
    shared: bool = False  # another instance has the same profile, and is contained as well
    tags: tuple[tuple[str, str], ...] = ()
    scaling: tuple[int, int] | None = None
    standby: bool = False  # it is in standby in that group already
    by_id: tuple[int, ...] = ()
    by_address: tuple[int, ...] = ()
    classic: bool = False
    account_id: str = ACCOUNT


@dataclass
class Stage:
    """The instance in its account."""

    client: Any
    fleet: Fleet
    profiles: Profiles
    topology: Topology
    profile: str = ""  # the ARN of the one that the topology asks for
    names: Iterator[str] = field(default_factory=lambda: (f"release-{number}" for number in itertools.count(1)))

    def service(self, name: str) -> Any:
        return self.client(name, REGION, self.topology.account_id)

    def contain(
        self, instance_id: str = INSTANCE, case: str = CASE, steps: Sequence[str] = CONTAINING
    ) -> dict[str, Any]:
        """All that containing does, each step by its handler; returns how each ended."""
        instance, results = self.fleet.now(instance_id), {}
        for name in steps:
            results[name] = _call(
                "contain",
                name,
                case={"id": case},
                instance=instance.to_json(),
                before_state=results.get("Write before-state", {}),
                prepared={},
            )
        return results

    def release(
        self, case: str = CASE, instances: tuple[str, ...] = (), *, do: bool = True, force: bool = False, **around: Any
    ) -> Execution:
        """One execution of the state machine; `around` is called around each call of AWS: see tests/execution.py."""
        asked = {"case": case, "instances": list(instances), "do": do, "force": force, "by": ADA}
        return execute(RELEASE.definition, asked, name=next(self.names), **around)

    def step(self, name: str, instance_id: str = INSTANCE, *, case: str = CASE, force: bool = False) -> Any:
        """One step about the instance by its handler, as the state machine calls it."""
        state = contained_record(case_table.read_items(case), instance_id)
        assert state
        return _call(
            "release",
            name,
            case={"id": case},
            instance=state.before.instance.to_json(),
            before=state.before.to_json(),
            targets=state.registrations.to_json() if state.registrations else None,
            force=force,
        )

    def look(self, instance_id: str = INSTANCE) -> dict[str, Any]:
        """Everything that a release may put back, as AWS shows it, by what it is about."""
        now = self.fleet.now(instance_id)
        ask = self.fleet.ec2.describe_instance_attribute
        found: dict[str, Any] = {
            f"groups of {one['NetworkInterfaceId']}": sorted(group["GroupId"] for group in one["Groups"])
            for one in self.fleet.ec2.describe_network_interfaces()["NetworkInterfaces"]
            if one.get("Attachment", {}).get("InstanceId") == instance_id
        }
        found |= {f"{one.volume_id} goes": one.delete_on_termination for one in now.volumes}
        found |= {f"tag {key}": value for key, value in now.tags.items() if not key.startswith("aws:")}
        found |= {
            "protected": ask(InstanceId=instance_id, Attribute="disableApiTermination")["DisableApiTermination"][
                "Value"
            ],
            "shutdown": ask(InstanceId=instance_id, Attribute="instanceInitiatedShutdownBehavior")[
                "InstanceInitiatedShutdownBehavior"
            ]["Value"],
            "profile": self.profiles.of(instance_id),
            "state": now.state,
        }
        for role in ("web", "shop"):
            if self._has_role(role):
                tags = self.profiles.tags(role)
                found[f"role {role} names it"] = instance_id in [tags.get(key) for key in SLOT_TAGS] or None
                found[f"role {role} has"] = {key: value for key, value in tags.items() if key not in SLOT_TAGS}
        return found | self._scaling(instance_id) | self._load_balancers(instance_id, now.private_addresses)

    def _has_role(self, role: str) -> bool:
        return role in [one["RoleName"] for one in self.profiles.iam.list_roles()["Roles"]]

    def _scaling(self, instance_id: str) -> dict[str, Any]:
        groups = self.service("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
        return {
            f"{what} of {group['AutoScalingGroupName']}": value
            for group in groups
            for what, value in (
                ("desired", group["DesiredCapacity"]),
                ("place", {one["InstanceId"]: one["LifecycleState"] for one in group["Instances"]}.get(instance_id)),
            )
        }

    def _load_balancers(self, instance_id: str, addresses: tuple[str, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for group in self.service("elbv2").describe_target_groups()["TargetGroups"]:
            health = self.service("elbv2").describe_target_health(TargetGroupArn=group["TargetGroupArn"])
            for one in health["TargetHealthDescriptions"]:
                if one["Target"]["Id"] in {instance_id, *addresses} and one["TargetHealth"]["State"] != "draining":
                    found[f"{group['TargetGroupName']} {one['Target']['Id']}:{one['Target']['Port']}"] = "registered"
        for balancer in self.service("elb").describe_load_balancers()["LoadBalancerDescriptions"]:
            if instance_id in [one["InstanceId"] for one in balancer["Instances"]]:
                found[f"classic {balancer['LoadBalancerName']}"] = "registered"
        return found


@contextmanager
def staged(topology: Topology) -> Iterator[Stage]:
    """The instance as the topology says, before anything is done to it."""
    member = topology.account_id == MEMBER
    with pytest.MonkeyPatch.context() as patch, contextmanager(unwrap(conftest.moto))(patch, None) as client:
        configure = unwrap(conftest.configure)(patch)
        if member:
            configure(member_accounts=(MEMBER,), member_external_id="k7f3q9-abuse-responder")
        else:
            patch.setenv("MOTO_ACCOUNT_ID", ACCOUNT)  # with this set Moto knows no other account
        unwrap(conftest.table)(client)
        configure(admins_topic=client("sns").create_topic(Name="admins")["TopicArn"])
        try:
            yield _set_up(client, topology)
        finally:
            if member:  # its credentials end with the account
                aws._cached_client.cache_clear()
                aws._session.cache_clear()


def _set_up(client: Any, topology: Topology) -> Stage:
    fleet = Fleet(client, REGION, topology.account_id)
    profiles = Profiles(lambda service, region: client(service, region, topology.account_id), REGION)
    stage = Stage(client, fleet, profiles, topology)
    _launch(stage, INSTANCE)
    if topology.shared:
        _launch(stage, OTHER)
    if topology.scaling:
        fleet.scale(smallest=topology.scaling[0], largest=topology.scaling[1])
    if topology.standby:
        stage.service("autoscaling").enter_standby(
            AutoScalingGroupName="web-asg", InstanceIds=[INSTANCE], ShouldDecrementDesiredCapacity=True
        )
    _register(stage)
    return stage


def _launch(stage: Stage, instance_id: str) -> None:
    fleet, topology = stage.fleet, stage.topology
    fleet.launch(topology.interfaces, instance_id=instance_id, tags=topology.tags, volumes=len(topology.volumes))
    # Without any, EC2 gives it the root device of its image.
    for volume, goes in zip(fleet.now(instance_id).volumes, topology.volumes, strict=False):
        fleet.ec2.modify_instance_attribute(
            InstanceId=instance_id,
            BlockDeviceMappings=[{"DeviceName": volume.device, "Ebs": {"DeleteOnTermination": goes}}],
        )
    fleet.ec2.modify_instance_attribute(InstanceId=instance_id, DisableApiTermination={"Value": topology.protected})
    fleet.ec2.modify_instance_attribute(
        InstanceId=instance_id, InstanceInitiatedShutdownBehavior={"Value": topology.shutdown}
    )
    if topology.profile:
        stage.profile = stage.profile or stage.profiles.make("web", tags={"Team": "shop"})
        stage.profiles.give(stage.profile, instance_id)


def _register(stage: Stage) -> None:
    fleet, topology = stage.fleet, stage.topology
    if topology.by_id:
        fleet.balance(*((INSTANCE, port) for port in topology.by_id), name="by-id")
    if topology.by_address:
        address = fleet.now().private_addresses[0]
        fleet.balance(*((address, port) for port in topology.by_address), kind="ip", name="by-address")
    if topology.classic:
        elb = stage.service("elb")
        elb.create_load_balancer(
            LoadBalancerName="old",
            Listeners=[{"Protocol": "HTTP", "LoadBalancerPort": 80, "InstancePort": 80}],
            AvailabilityZones=[f"{REGION}a"],
        )
        elb.register_instances_with_load_balancer(LoadBalancerName="old", Instances=[{"InstanceId": INSTANCE}])


_call = unwrap(conftest.call)()
