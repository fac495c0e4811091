"""What CloudTrail knows of an instance that EC2 no longer lists: whether it was ours, when it ran, who ended it.

A terminated instance is shown for about an hour; CloudTrail's event history keeps 90 days, by account and Region:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_TerminateInstances.html
https://docs.aws.amazon.com/awscloudtrail/latest/userguide/view-cloudtrail-events.html
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from lambdas.domain.instance.search import AccountRegion, Search
from lambdas.domain.instance.successors import Successors
from lambdas.domain.phrase import Phrase, phrase

CLOUDTRAIL_DAYS = 90


@dataclass(frozen=True, slots=True)
class InstanceHistory:
    """An instance as the events tell of it. Times are ISO 8601, UTC; what no event tells is empty.

    `place` is where the events are; None where none was found in what `search` looked at.
    """

    search: Search
    place: AccountRegion | None = None
    launched_at: str = ""
    launched_by: str = ""
    terminated_at: str = ""
    terminated_by: str = ""
    group: str = ""  # its Auto Scaling group
    template: Phrase | None = None  # what it was started from
    successors: Successors | None = None

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "InstanceHistory":
        """The past that `asdict` was made of."""
        return cls(
            **{
                **data,
                "search": Search.from_json(data["search"]),
                "place": AccountRegion(**data["place"]) if data["place"] else None,
                "template": Phrase.from_json(data["template"]) if data["template"] else None,
                "successors": Successors.from_json(data["successors"]) if data["successors"] else None,
            }
        )

    def with_events(
        self, events: Iterable[Mapping[str, Any]], instance_id: str, place: AccountRegion
    ) -> "InstanceHistory":
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
                    launched_at=_at(event),
                    launched_by=_by(event, record),
                    group=tags.get("aws:autoscaling:groupName", ""),
                    template=launch_template_of(tags),
                )
            elif event["EventName"] == "TerminateInstances":
                told = replace(told, terminated_at=_at(event), terminated_by=_by(event, record))
        return told

    @property
    def summary(self) -> Phrase:
        """What became of the instance, for people."""
        if not self.search.searched:
            return phrase("past:unknown", search=self.search.summary)
        if self.place is None:
            return phrase("past:no_event", days=CLOUDTRAIL_DAYS, search=self.search.summary)
        told = [phrase("past:started", at=self.launched_at, by=_who(self.launched_by))] if self.launched_at else []
        told += [phrase("past:group", group=self.group)] if self.group else []
        told.append(
            phrase("past:ended", at=self.terminated_at, by=_who(self.terminated_by))
            if self.terminated_at
            else phrase("past:end_unknown")
        )
        return phrase("past:ours", place=self.place.label, told=told)


def launch_template_of(tags: Mapping[str, str]) -> Phrase | None:
    """The launch template by the tags that EC2 gives what is started from one; None where there is none."""
    template, version = tags.get("aws:ec2launchtemplate:id", ""), tags.get("aws:ec2launchtemplate:version", "")
    return phrase("template:launch", template=template, version=version) if template else None


def _tags_at_start(record: Mapping[str, Any], instance_id: str) -> dict[str, str]:
    """The tags that the answer to RunInstances shows of the instance; one call may start several."""
    answer = record.get("responseElements") or {}
    started = (answer.get("instancesSet") or {}).get("items") or []
    return {
        tag["key"]: tag.get("value", "")
        for started_instance in started
        if started_instance.get("instanceId") == instance_id
        for tag in (started_instance.get("tagSet") or {}).get("items") or []
    }


def _at(event: Mapping[str, Any]) -> str:
    moment: datetime = event["EventTime"]
    return moment.astimezone(UTC).isoformat()


def _by(event: Mapping[str, Any], record: Mapping[str, Any]) -> str:
    """Who called: a service of AWS by its name, anybody else by the ARN; empty where no event tells.

    https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html
    """
    identity = record.get("userIdentity") or {}
    return str(identity.get("invokedBy") or identity.get("arn") or event.get("Username") or "")


def _who(name: str) -> Phrase | str:
    return name or phrase("past:somebody")
