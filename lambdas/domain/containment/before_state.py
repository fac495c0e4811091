"""What an instance was like before anything was changed: what a release puts back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lambdas.domain.case.table_keys import RELEASE_PREFIX
from lambdas.domain.instance.instance import Instance

IN_SERVICE = "InService"


@dataclass(frozen=True, slots=True)
class AutoScalingMembership:
    """An instance's place in its Auto Scaling group, with the group's sizes at that moment.

    `lifecycle` is Auto Scaling's word, such as "InService" or "Standby":
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
    """

    group: str
    lifecycle: str
    min_size: int
    max_size: int
    desired: int

    @property
    def can_shrink(self) -> bool:
        """Whether the group may do with one instance less; if not, it starts another one in its place."""
        return self.desired > self.min_size


@dataclass(frozen=True, slots=True)
class BeforeState:
    """The state before. `unread` says, by part, why one could not be read: a release leaves that part alone.

    `termination_protection` None and `shutdown_behaviour` empty mean that they were not read.
    """

    instance: Instance
    termination_protection: bool | None
    shutdown_behaviour: str
    auto_scaling: AutoScalingMembership | None
    unread: Mapping[str, str]

    def to_json(self) -> dict[str, Any]:
        """The state as JSON for the case table, the evidence bucket and the state machine."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "BeforeState":
        """The state that `to_json` was made of."""
        return cls(
            instance=Instance.from_json(data["instance"]),
            termination_protection=data["termination_protection"],
            shutdown_behaviour=data["shutdown_behaviour"],
            auto_scaling=AutoScalingMembership(**data["auto_scaling"]) if data["auto_scaling"] else None,
            unread=dict(data["unread"]),
        )


def record_sort_key(prefix: str, instance_id: str, sorts: Iterable[str]) -> str:
    """The sort key of what is written once for each containing of an instance, such as its before-state.

    An instance that was released may be contained again in the same case: what stood before then is another state.
    `sorts` are the keys of the case; every finished release has left one.
    """
    releases = sum(sort.startswith(f"{RELEASE_PREFIX}{instance_id}#") for sort in sorts)
    return f"{prefix}{instance_id}#{releases}" if releases else f"{prefix}{instance_id}"


def membership_in(group: Mapping[str, Any], instance_id: str) -> AutoScalingMembership | None:
    """The place of an instance in a group of DescribeAutoScalingGroups; None where it is not in it.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AutoScalingGroup.html
    """
    for member in group["Instances"]:
        if member["InstanceId"] == instance_id:
            return AutoScalingMembership(
                group=group["AutoScalingGroupName"],
                lifecycle=member["LifecycleState"],
                min_size=group["MinSize"],
                max_size=group["MaxSize"],
                desired=group["DesiredCapacity"],
            )
    return None
