"""What CloudTrail tells of an instance that EC2 shows no more: whether it was ours, since when, until when, by whom.

A terminated instance is shown for about an hour; CloudTrail's event history keeps 90 days, by account and Region:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from lambdas.domain.search import Place, Search
from lambdas.domain.successors import Successors

KEPT_DAYS = 90


@dataclass(frozen=True, slots=True)
class Past:
    """An instance as the events tell of it. Times are ISO 8601, UTC; what no event tells is empty.

    `place` is where the events are; None where none was found in what `search` looked at.
    """

    search: Search
    place: Place | None = None
    started_at: str = ""
    started_by: str = ""
    ended_at: str = ""
    ended_by: str = ""
    group: str = ""  # its Auto Scaling group
    template: str = ""  # what it was started from, as "launch template lt-0a1 version 3"
    successors: Successors | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Past":
        """The past that `asdict` was made of."""
        return cls(
            **{
                **data,
                "search": Search.from_json(data["search"]),
                "place": Place(**data["place"]) if data["place"] else None,
                "successors": Successors.from_json(data["successors"]) if data["successors"] else None,
            }
        )

    def told_by(self, events: Iterable[Mapping[str, Any]], instance_id: str, place: Place) -> "Past":
        """This past with what the events of LookupEvents for the instance tell, in one account and Region.

        The newest comes first. What is terminated may be terminated again, so the oldest of these calls counts. A
        refused call has an error code, and tells nothing: anybody may name an instance that is not theirs.
        https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html
        """
        told = self
        for event in events:
            record = json.loads(event["CloudTrailEvent"])
            if "errorCode" in record:
                continue
            told = replace(told, place=place)
            if event["EventName"] == "RunInstances":
                tags = _tags_at_start(record, instance_id)
                told = replace(
                    told,
                    started_at=_at(event),
                    started_by=_by(event, record),
                    group=tags.get("aws:autoscaling:groupName", ""),
                    template=template_in(tags),
                )
            elif event["EventName"] == "TerminateInstances":
                told = replace(told, ended_at=_at(event), ended_by=_by(event, record))
        return told

    @property
    def words(self) -> str:
        """What became of the instance, for people."""
        if not self.search.looked:
            return f"whether it was ever here cannot be told, as CloudTrail did not answer: {self.search.words}"
        if self.place is None:
            return (
                f"CloudTrail shows no event of it within {KEPT_DAYS} days ({self.search.words}): it was never here, "
                "or is gone for longer"
            )
        started = f"started {_moment(self.started_at)} by {self.started_by}" if self.started_at else ""
        ended = (
            f"terminated {_moment(self.ended_at)} by {self.ended_by}"
            if self.ended_at
            else "by whom it was ended no event tells: it may have shut itself down, or EC2 took a Spot instance back"
        )
        of_group = f"in Auto Scaling group {self.group}" if self.group else ""
        told = ", ".join(filter(None, (started, of_group, ended)))
        return f"it was ours, as CloudTrail in {self.place} shows: {told}"


def template_in(tags: Mapping[str, str]) -> str:
    """The launch template by the tags that EC2 gives what is started from one; empty where there is none."""
    template, version = tags.get("aws:ec2launchtemplate:id", ""), tags.get("aws:ec2launchtemplate:version", "")
    return f"launch template {template} version {version}" if template else ""


def _tags_at_start(record: Mapping[str, Any], instance_id: str) -> dict[str, str]:
    """The tags that the answer to RunInstances shows of the instance; one call may start several."""
    answer = record.get("responseElements") or {}
    started = (answer.get("instancesSet") or {}).get("items") or []
    return {
        tag["key"]: tag.get("value", "")
        for one in started
        if one.get("instanceId") == instance_id
        for tag in (one.get("tagSet") or {}).get("items") or []
    }


def _at(event: Mapping[str, Any]) -> str:
    moment: datetime = event["EventTime"]
    return moment.astimezone(UTC).isoformat()


def _by(event: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """Who called: a service of AWS by its name, anybody else by the ARN.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
    """
    identity = record.get("userIdentity") or {}
    return str(identity.get("invokedBy") or identity.get("arn") or event.get("Username") or "somebody")


def _moment(iso: str) -> str:
    return f"{datetime.fromisoformat(iso):%d %b %Y %H:%M:%S} UTC"
