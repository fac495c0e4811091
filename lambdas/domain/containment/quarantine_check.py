"""What a look at a contained instance shows, some time later: whether its quarantine holds, and who changed it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from operator import itemgetter
from typing import Any

from lambdas.domain.containment.outcome import failure, said_of
from lambdas.domain.containment.quarantine import leaks, open_rules
from lambdas.domain.instance.instance import Interface
from lambdas.domain.phrase import Said, said, several
from lambdas.domain.policy import GONE

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


class Standing(StrEnum):
    """How a contained instance stands."""

    HOLDS = "holds"
    BROKEN = "broken"
    RELEASED = "released"  # by the responder, as the case says
    GONE = "gone"  # terminated
    UNKNOWN = "unknown"  # it could not be looked at


@dataclass(frozen=True, slots=True)
class Look:
    """One look. `suspects` are the ids of what stands against the quarantine, `changes` who changed it."""

    standing: Standing
    said: Said
    suspects: tuple[str, ...] = ()
    changes: tuple[Said, ...] = ()


def look(state: str, interfaces: Sequence[Interface], groups: Sequence[Mapping[str, Any]]) -> Look:
    """What EC2 shows of an instance that nobody has released: its state, empty if it is not shown any more, its
    interfaces and the quarantine groups of its VPC.
    """
    if not state or state in GONE:
        return Look(Standing.GONE, said("watch:shown_as", state=state) if state else said("watch:not_shown"))
    suspects = tuple(one.interface_id for one in interfaces)
    if not groups:
        return Look(Standing.BROKEN, said("watch:no_group"), suspects)
    group = groups[0]
    reasons = leaks(interfaces, group)
    if not reasons:
        return Look(Standing.HOLDS, said("quarantine:holds", count=len(interfaces), group=group["GroupId"]))
    moved = tuple(one.interface_id for one in interfaces if one.groups != (group["GroupId"],))
    opened = (group["GroupId"],) if open_rules(group) else ()
    return Look(Standing.BROKEN, several(*reasons), moved + opened)


def released_since(items: Mapping[str, Mapping[str, Any]], instance_id: str, contained_at: str) -> Look | None:
    """The last release of the instance, if the `items` of its case show one that came after it was contained."""
    ended = datetime.fromisoformat(contained_at)
    releases = [
        item
        for sort, item in items.items()
        if sort.startswith(f"release#{instance_id}#") and datetime.fromisoformat(item["at"]) > ended
    ]
    if not releases:
        return None
    last = max(releases, key=lambda item: datetime.fromisoformat(item["at"]))
    return Look(Standing.RELEASED, said("watch:released", at=last["at"], by=last["by"]))


def changes_from(events: Iterable[Mapping[str, Any]], since: datetime) -> tuple[Said, ...]:
    """Who changed what after that moment, from events of CloudTrail's LookupEvents.

    A refused call has an error code and changed nothing.
    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
    """
    found: dict[str, tuple[datetime, Said]] = {}
    for event in events:
        record = json.loads(event["CloudTrailEvent"])
        if event["EventName"] in _CHANGING and event["EventTime"] > since and not record.get("errorCode"):
            who = record.get("userIdentity", {}).get("arn") or event.get("Username") or said("watch:nobody")
            at, source = event["EventTime"].astimezone(UTC), record.get("sourceIPAddress") or said("watch:nowhere")
            change = said("watch:change", event=event["EventName"], who=who, source=source, at=at)
            found[event["EventId"]] = (at, change)
    return tuple(change for _, change in sorted(found.values(), key=itemgetter(0), reverse=True))


def look_from(data: Mapping[str, Any]) -> Look:
    """A look as "Check quarantine" handed it on, or what a Catch caught of it."""
    if "Error" in data:
        return Look(Standing.UNKNOWN, failure(data))
    return Look(Standing(data["standing"]), said_of(data), (), tuple(map(Said.from_json, data["changes"])))
