"""What an Auto Scaling group has launched since it launched an instance that is gone: it may be infected likewise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Successors:
    """The instances of the group that were launched later, in the order of their launch.

    `templates` are what they were launched from, as "launch template lt-0a1 version 3", and `template` is what the one
    that is gone was; empty where that is not known. `trouble` is why AWS could not be asked.
    """

    group: str
    instance_ids: tuple[str, ...]
    templates: tuple[str, ...]
    template: str
    trouble: str = ""

    @classmethod
    def of(
        cls,
        group: Mapping[str, Any],
        launched: Mapping[str, datetime],
        *,
        after: datetime | None,
        template: str,
    ) -> "Successors":
        """Those of a group of DescribeAutoScalingGroups that were launched `after`; None takes them all.

        https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Instance.html
        """
        members = {one["InstanceId"]: one for one in group["Instances"]}
        later = sorted((at, one) for one, at in launched.items() if one in members and (after is None or at > after))
        return cls(
            group=group["AutoScalingGroupName"],
            instance_ids=tuple(one for _, one in later),
            templates=tuple(sorted({_template(members[one]) for _, one in later})),
            template=template,
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Successors":
        """The successors that `asdict` was made of."""
        return cls(**{**data, "instance_ids": tuple(data["instance_ids"]), "templates": tuple(data["templates"])})

    @property
    def words(self) -> str:
        """Who took its place, and what that means."""
        if self.trouble:
            return f"what its Auto Scaling group {self.group} launched since cannot be told: {self.trouble}"
        if not self.instance_ids:
            return f"its Auto Scaling group {self.group} has launched nothing since that is still in it"
        origin = f"from {', '.join(filter(None, self.templates)) or 'what the group names now'}"
        if self.template and self.templates == (self.template,):
            origin = f"from the same {self.template}"
        elif self.template:
            origin = f"{origin}, where it was from {self.template}"
        return (
            f"its Auto Scaling group {self.group} has launched {named(self.instance_ids)} since, {origin}: "
            "what let the abuse in may be there likewise"
        )


def named(instance_ids: Sequence[str]) -> str:
    """A few of them by name, the rest by number."""
    shown = ", ".join(instance_ids[:MOST_NAMED])
    return shown if len(instance_ids) <= MOST_NAMED else f"{shown} and {len(instance_ids) - MOST_NAMED} more"


def _template(member: Mapping[str, Any]) -> str:
    """What a member of the group was launched from."""
    template = member.get("LaunchTemplate") or {}
    if template.get("LaunchTemplateId"):
        return f"launch template {template['LaunchTemplateId']} version {template.get('Version', '')}"
    configuration = member.get("LaunchConfigurationName")
    return f"launch configuration {configuration}" if configuration else ""
