"""A later check of a contained instance: whether its quarantine holds, and who changed it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any

from lambdas.domain.case.table_keys import RELEASE_PREFIX
from lambdas.domain.containment.outcome import failure_phrase, result_phrase
from lambdas.domain.containment.quarantine import open_rules, quarantine_violations
from lambdas.domain.instance.instance import TERMINATED_STATES, Interface
from lambdas.domain.phrase import Phrase, combined, phrase

# Those events of CloudTrail that can take an instance out of its quarantine, or open the group that it is in.
_CHANGING = frozenset(
    {
        "AttachNetworkInterface",
        "AuthorizeSecurityGroupEgress",
        "AuthorizeSecurityGroupIngress",
        "ModifyInstanceAttribute",
        "ModifyNetworkInterfaceAttribute",
        "ModifySecurityGroupRules",
    }
)


class QuarantineStatus(StrEnum):
    """The status of a contained instance."""

    HOLDS = "holds"
    BROKEN = "broken"
    RELEASED = "released"  # by the responder, as the case says
    GONE = "gone"  # terminated
    UNKNOWN = "unknown"  # AWS could not be asked


@dataclass(frozen=True, slots=True)
class QuarantineCheck:
    """One look. `violating_ids` are the ids of what stands against the quarantine, `changes` who changed it."""

    status: QuarantineStatus
    phrase: Phrase
    violating_ids: tuple[str, ...] = ()
    changes: tuple[Phrase, ...] = ()

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "QuarantineCheck":
        """Read the result of "Check quarantine", or the error that a Catch caught."""
        if "Error" in data:
            return cls(QuarantineStatus.UNKNOWN, failure_phrase(data))
        changes = tuple(map(Phrase.from_json, data["changes"]))
        return cls(QuarantineStatus(data["status"]), result_phrase(data), changes=changes)


def check_interfaces(
    state: str, interfaces: Sequence[Interface], groups: Sequence[Mapping[str, Any]]
) -> QuarantineCheck:
    """What EC2 shows of an instance that nobody has released: its state, empty if it is not shown any more, its
    interfaces and the quarantine groups of its VPC.
    """
    if not state or state in TERMINATED_STATES:
        return QuarantineCheck(
            QuarantineStatus.GONE, phrase("watch:shown_as", state=state) if state else phrase("watch:not_shown")
        )
    suspects = tuple(interface.interface_id for interface in interfaces)
    if not groups:
        return QuarantineCheck(QuarantineStatus.BROKEN, phrase("watch:no_group"), suspects)
    group = groups[0]
    reasons = quarantine_violations(interfaces, group)
    if not reasons:
        return QuarantineCheck(
            QuarantineStatus.HOLDS, phrase("quarantine:holds", count=len(interfaces), group=group["GroupId"])
        )
    moved = tuple(interface.interface_id for interface in interfaces if interface.groups != (group["GroupId"],))
    opened = (group["GroupId"],) if open_rules(group) else ()
    return QuarantineCheck(QuarantineStatus.BROKEN, combined(*reasons), moved + opened)


def released_since(
    items: Mapping[str, Mapping[str, Any]], instance_id: str, contained_at: str
) -> QuarantineCheck | None:
    """The last release of the instance, if the `items` of its case show one that came after it was contained."""
    ended = datetime.fromisoformat(contained_at)
    releases = [
        item
        for sort, item in items.items()
        if sort.startswith(f"{RELEASE_PREFIX}{instance_id}#") and datetime.fromisoformat(item["at"]) > ended
    ]
    if not releases:
        return None
    last = max(releases, key=lambda item: datetime.fromisoformat(item["at"]))
    return QuarantineCheck(QuarantineStatus.RELEASED, phrase("watch:released", at=last["at"], by=last["by"]))


def changes_from(events: Iterable[Mapping[str, Any]], since: datetime) -> tuple[Phrase, ...]:
    """Who changed what after that moment, from events of CloudTrail's LookupEvents.

    A refused call has an error code and changed nothing.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    """
    found: dict[str, tuple[datetime, Phrase]] = {}
    for event in events:
        record = json.loads(event["CloudTrailEvent"])
        if event["EventName"] in _CHANGING and event["EventTime"] > since and not record.get("errorCode"):
            who = record.get("userIdentity", {}).get("arn") or event.get("Username") or phrase("watch:nobody")
            at, source = event["EventTime"].astimezone(UTC), record.get("sourceIPAddress") or phrase("watch:nowhere")
            change = phrase("watch:change", event=event["EventName"], who=who, source=source, at=at)
            found[event["EventId"]] = (at, change)
    return tuple(change for _, change in sorted(found.values(), key=itemgetter(0), reverse=True))
