"""Instances that an Auto Scaling group launched after one that is gone: they may be infected too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lambdas.domain.phrase import Phrase, phrase

MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Successors:
    """The instances of the group that were launched later, in the order of their launch.

    `templates` are what they were launched from, and `template` is what the one that is gone was; None where that is
    not known. `problem` is why AWS could not be asked.
    """

    group: str
    instance_ids: tuple[str, ...]
    templates: tuple[Phrase, ...]
    template: Phrase | None
    problem: Phrase | None = None

    @classmethod
    def of(
        cls,
        group: Mapping[str, Any],
        launched: Mapping[str, datetime],
        *,
        after: datetime | None,
        template: Phrase | None,
    ) -> "Successors":
        """Those of a group of DescribeAutoScalingGroups that were launched `after`; None takes them all.

        https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_Instance.html
        """
        members = {instance["InstanceId"]: instance for instance in group["Instances"]}
        later = sorted(
            (at, instance_id)
            for instance_id, at in launched.items()
            if instance_id in members and (after is None or at > after)
        )
        return cls(
            group=group["AutoScalingGroupName"],
            instance_ids=tuple(instance_id for _, instance_id in later),
            templates=tuple(sorted({_template(members[instance_id]) for _, instance_id in later}, key=repr)),
            template=template,
        )

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Successors":
        """The successors that `asdict` was made of."""
        return cls(
            group=data["group"],
            instance_ids=tuple(data["instance_ids"]),
            templates=tuple(map(Phrase.from_json, data["templates"])),
            template=Phrase.from_json(data["template"]) if data["template"] else None,
            problem=Phrase.from_json(data["problem"]) if data["problem"] else None,
        )

    @property
    def summary(self) -> Phrase:
        """Who took its place, and what that means."""
        if self.problem:
            return phrase("successors:unknown", group=self.group, why=self.problem)
        if not self.instance_ids:
            return phrase("successors:none", group=self.group)
        launched = name_some(self.instance_ids)
        if self.template and self.templates == (self.template,):
            return phrase("successors:same", group=self.group, instances=launched, template=self.template)
        if self.template:
            return phrase(
                "successors:other",
                group=self.group,
                instances=launched,
                templates=self.templates,
                template=self.template,
            )
        return phrase(
            "successors:from",
            group=self.group,
            instances=launched,
            templates=self.templates or [phrase("template:unnamed")],
        )


def name_some(instance_ids: Sequence[str]) -> Phrase | tuple[str, ...]:
    """A few of them by name, the rest by number."""
    shown = tuple(instance_ids[:MOST_NAMED])
    if len(instance_ids) <= MOST_NAMED:
        return shown
    return phrase("and_more", shown=shown, count=len(instance_ids) - MOST_NAMED)


def _template(member: Mapping[str, Any]) -> Phrase:
    """What a member of the group was launched from."""
    template = member.get("LaunchTemplate") or {}
    if template.get("LaunchTemplateId"):
        return phrase("template:launch", template=template["LaunchTemplateId"], version=template.get("Version", ""))
    configuration = member.get("LaunchConfigurationName")
    return phrase("template:configuration", name=configuration) if configuration else phrase("template:unnamed")
