"""What a case keeps of the instances that it contained."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from lambdas.domain.case.table_keys import BEFORE_PREFIX, RELEASE_PREFIX, TARGETS_PREFIX
from lambdas.domain.containment.before_state import BeforeState
from lambdas.domain.containment.load_balancing import Registrations

# What is known of each goes through Step Functions, which fails beyond 256 KiB and cannot catch that.
MAX_INSTANCES = 5


@dataclass(frozen=True, slots=True)
class ContainedRecord:
    """What a case keeps of an instance that it contained: the newest state before, and what was released since.

    `registrations` are None where nothing was taken out of a load balancer.
    """

    before: BeforeState
    registrations: Registrations | None
    releases: tuple[Mapping[str, Any], ...]  # the finished ones, of this state before and of earlier ones
    not_released: bool  # not released since


def contained_record(items: Mapping[str, Mapping[str, Any]], instance_id: str) -> ContainedRecord | None:
    """From the items of a case by sort key; None where the case did not contain the instance.

    After each release a new containing keeps a state of its own, under the number of releases until then
    (`lambdas.domain.containment.before_state.kept_under`).
    """
    prefix = f"{RELEASE_PREFIX}{instance_id}#"
    releases = [items[sort] for sort in sorted(items, key=len) if sort.startswith(prefix)]
    for n in range(len(releases), -1, -1):
        name = f"{instance_id}#{n}" if n else instance_id
        if before := items.get(f"{BEFORE_PREFIX}{name}"):
            targets = items.get(f"{TARGETS_PREFIX}{name}")
            return ContainedRecord(
                before=BeforeState.from_json(before["before"]),
                registrations=Registrations.from_json(targets) if targets else None,
                releases=tuple(releases),
                not_released=n == len(releases),
            )
    return None


def contained_instances(items: Iterable[str]) -> list[str]:
    """The instances that a case contained, by the sort keys of its items."""
    return list(dict.fromkeys(sort.split("#")[1] for sort in items if sort.startswith(BEFORE_PREFIX)))
