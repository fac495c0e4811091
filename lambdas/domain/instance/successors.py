"""What an Auto Scaling group has launched since it launched an instance that is gone: it may be infected likewise."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lambdas.domain.phrase import Said, said

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Successors:
    """The instances of the group that were launched later, in the order of their launch.

    `templates` are what they were launched from, and `template` is what the one that is gone was; None where that is
    not known. `trouble` is why AWS could not be asked.
    """

    group: str
    instance_ids: tuple[str, ...]
    templates: tuple[Said, ...]
    template: Said | None
    trouble: Said | None = None

    @classmethod
    def of(
        cls,
        group: Mapping[str, Any],
        launched: Mapping[str, datetime],
        *,
        after: datetime | None,
        template: Said | None,
    ) -> "Successors":
        """Those of a group of DescribeAutoScalingGroups that were launched `after`; None takes them all.

        https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Instance.html
        """
        members = {one["InstanceId"]: one for one in group["Instances"]}
        later = sorted((at, one) for one, at in launched.items() if one in members and (after is None or at > after))
        return cls(
            group=group["AutoScalingGroupName"],
            instance_ids=tuple(one for _, one in later),
            templates=tuple(sorted({_template(members[one]) for _, one in later}, key=repr)),
            template=template,
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Successors":
        """The successors that `asdict` was made of."""
        return cls(
            group=data["group"],
            instance_ids=tuple(data["instance_ids"]),
            templates=tuple(map(Said.from_json, data["templates"])),
            template=Said.from_json(data["template"]) if data["template"] else None,
            trouble=Said.from_json(data["trouble"]) if data["trouble"] else None,
        )

    @property
    def words(self) -> Said:
        """Who took its place, and what that means."""
        if self.trouble:
            return said("successors:unknown", group=self.group, why=self.trouble)
        if not self.instance_ids:
            return said("successors:none", group=self.group)
        launched = named(self.instance_ids)
        if self.template and self.templates == (self.template,):
            return said("successors:same", group=self.group, instances=launched, template=self.template)
        if self.template:
            return said(
                "successors:other",
                group=self.group,
                instances=launched,
                templates=self.templates,
                template=self.template,
            )
        return said(
            "successors:from",
            group=self.group,
            instances=launched,
            templates=self.templates or [said("template:unnamed")],
        )


def named(instance_ids: Sequence[str]) -> Said | tuple[str, ...]:
    """A few of them by name, the rest by number."""
    shown = tuple(instance_ids[:MOST_NAMED])
    if len(instance_ids) <= MOST_NAMED:
        return shown
    return said("and_more", shown=shown, count=len(instance_ids) - MOST_NAMED)


def _template(member: Mapping[str, Any]) -> Said:
    """What a member of the group was launched from."""
    template = member.get("LaunchTemplate") or {}
    if template.get("LaunchTemplateId"):
        return said("template:launch", template=template["LaunchTemplateId"], version=template.get("Version", ""))
    configuration = member.get("LaunchConfigurationName")
    return said("template:configuration", name=configuration) if configuration else said("template:unnamed")
