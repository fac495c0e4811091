"""An instance of a case as AWS shows it at this moment: what a person at the desk looks at beside the state before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from lambdas.domain.containment.before_state import AutoScalingMembership
from lambdas.domain.containment.quarantine import quarantine_violations
from lambdas.domain.instance.instance import TERMINATED_STATES, Instance, Interface
from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.phrase import Phrase, phrase


@dataclass(frozen=True, slots=True)
class LiveState:
    """How an instance stands now.

    `instance` is None where EC2 does not list it or could not be asked. `violations` says why it is not in quarantine,
    nothing when it is. `groups` are the names of the security groups that its interfaces carry, by id. `unread` says,
    by part, what could not be read and why.
    """

    instance: Instance | None
    violations: tuple[Phrase, ...]
    groups: Mapping[str, str]
    auto_scaling: AutoScalingMembership | None
    unread: Mapping[str, Phrase]

    @property
    def exists(self) -> bool:
        """Whether EC2 shows it, and not as terminated."""
        return self.instance is not None and self.instance.state not in TERMINATED_STATES

    @property
    def quarantined(self) -> bool:
        """Whether every interface carries exactly the quarantine group, and that has no rule."""
        return self.exists and not self.violations

    def to_json(self) -> dict[str, Any]:
        """What a program is told of it."""
        found, place = self.instance, self.auto_scaling
        return {
            "state": found.state if found else None,
            "quarantined": self.quarantined if found else None,
            "not_quarantined_because": [in_english(violation) for violation in self.violations],
            "interfaces": [
                {
                    "id": interface.interface_id,
                    "groups": [{"id": id_, "name": self.groups.get(id_, "")} for id_ in interface.groups],
                }
                for interface in (found.interfaces if found else ())
            ],
            "tags": dict(found.tags) if found else {},
            "profile": found.profile if found else "",
            "auto_scaling": {"group": place.group, "lifecycle": place.lifecycle} if place else None,
            "not_read": {part: in_english(why) for part, why in self.unread.items()},
        }


def unread_state(why: Phrase, part: str = "instance") -> LiveState:
    """What is said of an instance that could not be looked at."""
    return LiveState(None, (), {}, None, {part: why})


def why_not_quarantined(interfaces: Sequence[Interface], described: Sequence[Mapping[str, Any]]) -> list[Phrase]:
    """Why an instance with these interfaces is not in quarantine; `described` are the groups that they carry."""
    ours = [
        group
        for group in described
        if {"Key": ROLE_TAG, "Value": QUARANTINE} in [dict(tag) for tag in group.get("Tags", ())]
    ]
    if ours:
        return quarantine_violations(interfaces, ours[0])
    return [phrase("quarantine:none")]
