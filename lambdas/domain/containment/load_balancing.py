"""Where load balancers send their users to an instance: what is taken away when it is contained, and put back."""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from lambdas.domain.instance.instance import Instance

# A target that is draining is on its way out: it was not registered before.
_LEAVING = "draining"


@dataclass(frozen=True, slots=True)
class Target:
    """One registration in a target group: `id` is an instance id or an IP address, `zone` empty unless it was set."""

    group: str  # its ARN
    id: str
    port: int
    zone: str

    def description(self) -> dict[str, Any]:
        """As RegisterTargets and DeregisterTargets take it.

        https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetDescription.html
        """
        return {"Id": self.id, "Port": self.port, **({"AvailabilityZone": self.zone} if self.zone else {})}


@dataclass(frozen=True, slots=True)
class Registrations:
    """Every place in which an instance is registered: targets, and the names of classic load balancers."""

    targets: tuple[Target, ...]
    classic: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The registrations as JSON for the case table."""
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Registrations":
        """The registrations that `to_json` was made of."""
        return cls(tuple(Target(**target) for target in data["targets"]), tuple(data["classic"]))


def can_target(group: Mapping[str, Any], instance: Instance) -> bool:
    """Whether a group of DescribeTargetGroups can have the instance as a target: by its id or by an address of its VPC.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetGroup.html
    """
    return group.get("VpcId") == instance.vpc_id and group.get("TargetType", "instance") in {"instance", "ip"}


def targets_of(group: str, health: Iterable[Mapping[str, Any]], instance: Instance) -> list[Target]:
    """The targets of DescribeTargetHealth that are the instance, by its id or by one of its private addresses.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_TargetHealthDescription.html
    """
    ours = {instance.instance_id, *instance.private_addresses}
    return [
        Target(group, target["Target"]["Id"], target["Target"]["Port"], target["Target"].get("AvailabilityZone", ""))
        for target in health
        if target["Target"]["Id"] in ours and target["TargetHealth"]["State"] != _LEAVING
    ]
