"""What happened in a case, entry by entry. Entries are only added, and the status of the case follows from them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from lambdas.domain.phrase import Phrase

AWS: Final = "AWS"
RESPONDER: Final = "abuse-responder"
STRANGER: Final = "stranger"


class EntryKind(StrEnum):
    """What happened. The event bus carries these values to others: add to them, never change them."""

    NOTICE = "notice"  # a mail or a Health event joined the case
    CONTAINED = "contained"  # read back from EC2
    NOT_CONTAINED = "not_contained"  # it was tried, and could not be read back
    LEFT_ALONE = "left_alone"
    ASKED = "asked"  # an admin is to decide about an instance
    APPROVED = "approved"
    DECLINED = "declined"
    UNDECIDED = "undecided"  # nobody decided in time
    ACKNOWLEDGED = "acknowledged"  # an admin is on it
    UNACKNOWLEDGED = "unacknowledged"  # nobody acknowledged in time
    REMINDED = "reminded"
    OVERDUE = "overdue"
    ANSWERED = "answered"  # an admin has written to AWS
    BROKEN = "broken"  # something took an instance out of its quarantine
    RELEASED = "released"
    CLOSED = "closed"  # an admin is done with it


# What a person starts with the desk. It passes on who that is, and nothing inside Step Functions can check it: only
# CloudTrail knows the identity that started an execution.
# https://docs.aws.amazon.com/step-functions/latest/dg/input-output-contextobject.html
_BY_ADMINS = {
    EntryKind.ACKNOWLEDGED,
    EntryKind.APPROVED,
    EntryKind.DECLINED,
    EntryKind.ANSWERED,
    EntryKind.RELEASED,
    EntryKind.CLOSED,
}


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """One thing that happened: when (UTC), what, who did it, why, and to which instance or address.

    `actor` is AWS, the responder, an IAM ARN or a mail address. `details` is JSON, different for each `kind`: a notice
    has `NoticeDetails`; STRANGER marks what an unproven mail led to. `phrase` is the responder's own reason, and
    `words` its English; None if a person wrote them.
    """

    at: datetime
    kind: EntryKind
    actor: str
    words: str
    resource: str = ""
    details: Mapping[str, Any] = field(default_factory=dict)
    phrase: Phrase | None = None

    @property
    def answers_stranger(self) -> bool:
        """Whether it answers an unproven mail, and so says nothing about the instances of a proven case."""
        return bool(self.details.get(STRANGER))

    @property
    def is_claimed(self) -> bool:
        """Whether nobody vouches for the actor. For an answer that came in as a mail, its domain does."""
        automatic = self.kind is EntryKind.RELEASED and self.actor == RESPONDER
        return self.kind in _BY_ADMINS and "mail" not in self.details and not automatic

    def to_json(self) -> dict[str, Any]:
        """The entry as JSON for the case table."""
        entry = {
            "at": self.at.isoformat(),
            "kind": self.kind.value,
            "actor": self.actor,
            "words": self.words,
            "resource": self.resource,
            "details": dict(self.details),
        }
        return {**entry, "phrase": self.phrase.to_json()} if self.phrase else entry

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "TimelineEntry":
        """The inverse of `to_json`."""
        return cls(
            at=datetime.fromisoformat(data["at"]),
            kind=EntryKind(data["kind"]),
            actor=data["actor"],
            words=data["words"],
            resource=data["resource"],
            details=data["details"],
            phrase=Phrase.from_json(data["phrase"]) if data.get("phrase") else None,
        )
