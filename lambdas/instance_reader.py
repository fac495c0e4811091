"""What AWS shows of an instance at this moment, for every function and for the desk.

The caller hands in the clients: nothing here knows an environment or makes a client.
"""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from lambdas.domain.containment.before_state import AutoScalingMembership, membership_in
from lambdas.domain.containment.load_balancing import Registrations, Target, can_target, targets_of
from lambdas.domain.instance.instance import Instance, Interface, interfaces_from
from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG

_AT_ONCE = 8


def describe_instances(ec2: Any, instance_ids: Sequence[str]) -> list[dict[str, Any]]:
    """Read by filter: unlike by id, an instance that EC2 does not list is no error."""
    pages = ec2.get_paginator("describe_instances").paginate(Filters=_filters({"instance-id": instance_ids}))
    return [instance for page in pages for reservation in page["Reservations"] for instance in reservation["Instances"]]


def describe_interfaces(ec2: Any, filter_name: str, values: Sequence[str]) -> list[dict[str, Any]]:
    """The network interfaces for which the filter has one of these values."""
    pages = ec2.get_paginator("describe_network_interfaces").paginate(Filters=_filters({filter_name: values}))
    return [interface for page in pages for interface in page["NetworkInterfaces"]]


def describe_auto_scaling_group(autoscaling: Any, name: str) -> dict[str, Any] | None:
    """The group, or None where it is gone."""
    groups = autoscaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"]
    return next(iter(groups), None)


@dataclass(frozen=True, slots=True)
class InstanceReader:
    """Reads an instance; `clients` gives the client of a service for the account and Region of the instance."""

    known: Instance
    clients: Callable[[str], Any]

    def instance(self) -> Instance:
        """Raises InvalidInstanceID.NotFound where EC2 no longer lists it: about an hour after its end."""
        answer = self.clients("ec2").describe_instances(InstanceIds=[self.known.instance_id])
        (description,) = (instance for reservation in answer["Reservations"] for instance in reservation["Instances"])
        return Instance.from_description(description, region=self.known.region, account_id=self.known.account_id)

    def find_instance(self) -> Instance | None:
        """None where EC2 no longer lists it."""
        try:
            return self.instance()
        except ClientError as error:
            if error.response["Error"]["Code"] != "InvalidInstanceID.NotFound":
                raise
            return None

    def interfaces(self) -> tuple[Interface, ...]:
        """The interfaces that are attached to it."""
        instance_id = self.known.instance_id
        return interfaces_from(describe_interfaces(self.clients("ec2"), "attachment.instance-id", [instance_id]))

    def security_groups(self, interfaces: Iterable[Interface]) -> list[dict[str, Any]]:
        """The security groups of these interfaces that exist, with their rules."""
        group_ids = sorted({group for interface in interfaces for group in interface.groups})
        return self._security_groups({"group-id": group_ids}) if group_ids else []

    def quarantine_groups(self) -> list[dict[str, Any]]:
        """The quarantine groups of its VPC, with their rules."""
        return self.role_groups(QUARANTINE)

    def role_groups(self, role: str) -> list[dict[str, Any]]:
        """The security groups of its VPC that the responder made for this role, with their rules."""
        return self._security_groups({"vpc-id": [self.known.vpc_id], f"tag:{ROLE_TAG}": [role]})

    def _security_groups(self, filters: dict[str, Sequence[str]]) -> list[dict[str, Any]]:
        groups = self.clients("ec2").describe_security_groups(Filters=_filters(filters))["SecurityGroups"]
        return sorted(groups, key=lambda group: str(group["GroupId"]))

    def membership(self) -> AutoScalingMembership | None:
        """Its membership in the Auto Scaling group that launched it; None where it is in none now."""
        if not self.known.auto_scaling_group:
            return None
        group = describe_auto_scaling_group(self.clients("autoscaling"), self.known.auto_scaling_group)
        return membership_in(group, self.known.instance_id) if group else None

    def termination_protection(self) -> bool:
        """Whether EC2 refuses to terminate it."""
        return bool(self._attribute("disableApiTermination", "DisableApiTermination"))

    def shutdown_behaviour(self) -> str:
        """What a shutdown from inside does: "stop" or "terminate"."""
        return str(self._attribute("instanceInitiatedShutdownBehavior", "InstanceInitiatedShutdownBehavior"))

    def _attribute(self, name: str, key: str) -> Any:
        """One attribute a call: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeInstanceAttribute.html."""
        ec2 = self.clients("ec2")
        return ec2.describe_instance_attribute(InstanceId=self.known.instance_id, Attribute=name)[key]["Value"]

    def registrations(self) -> Registrations:
        """Where it is registered: in target groups of its VPC, and in classic load balancers."""
        groups = [
            group["TargetGroupArn"]
            for page in self.clients("elbv2").get_paginator("describe_target_groups").paginate()
            for group in page["TargetGroups"]
            if can_target(group, self.known)
        ]
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            targets = [target for in_group in pool.map(self.targets_in, groups) for target in in_group or ()]
        names = [
            balancer["LoadBalancerName"]
            for page in self.clients("elb").get_paginator("describe_load_balancers").paginate()
            for balancer in page["LoadBalancerDescriptions"]
            if self._is_in(balancer)
        ]
        return Registrations(tuple(targets), tuple(names))

    def targets_in(self, group: str) -> list[Target] | None:
        """Its targets in the target group of this ARN; None where the group is gone."""
        elb = self.clients("elbv2")
        try:
            health = elb.describe_target_health(TargetGroupArn=group)["TargetHealthDescriptions"]
        except elb.exceptions.TargetGroupNotFoundException:
            return None
        return targets_of(group, health, self.known)

    def is_in_classic(self, name: str) -> bool | None:
        """Whether the classic load balancer has it; None where the load balancer is gone."""
        elb = self.clients("elb")
        try:
            (balancer,) = elb.describe_load_balancers(LoadBalancerNames=[name])["LoadBalancerDescriptions"]
        except elb.exceptions.AccessPointNotFoundException:
            return None
        return self._is_in(balancer)

    def _is_in(self, balancer: dict[str, Any]) -> bool:
        return any(member["InstanceId"] == self.known.instance_id for member in balancer["Instances"])


def _filters(filters: dict[str, Sequence[str]]) -> list[dict[str, Any]]:
    return [{"Name": name, "Values": list(values)} for name, values in filters.items()]
