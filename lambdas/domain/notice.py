"""What a notice says, and what shows that it is from AWS."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lambdas.domain.said import Said


class Kind(StrEnum):
    """The stage of the conversation with AWS that the newest text from AWS shows."""

    FIRST_NOTICE = "first_notice"
    FOLLOW_UP = "follow_up"
    ACTION_TAKEN = "action_taken"
    RESOLVED = "resolved"
    NONE = "none"  # the mail is no notice of abuse or compromise
    ANSWER = "answer"  # nor is this: an admin has written to AWS, with us in copy

    @property
    def is_notice(self) -> bool:
        """Whether AWS speaks of abuse or compromise."""
        return self not in {Kind.NONE, Kind.ANSWER}


class ProofKind(StrEnum):
    """Who vouches for the origin of a mail."""

    AWS = "aws"  # a verified signature of a domain of AWS, aligned with From
    FORWARDER = "forwarder"  # only the person or system that passed the mail on
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Proof:
    """The answer to "is it from AWS?", with the reason for a person.

    `may_contain` says that the words are those of AWS's abuse desk or of AWS Health, on which the responder can act
    without an admin. Other mail from Amazon is genuine too, but can carry anybody's words.
    """

    kind: ProofKind
    reason: Said
    may_contain: bool = False
    trusted: bool = False  # the forwarder is one that the settings trust

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Proof":
        """The proof that `facts` was made of; what an older one does not say is no."""
        return cls(
            ProofKind(facts["kind"]),
            Said.from_json(facts["reason"]),
            may_contain=facts.get("may_contain", False),
            trusted=facts.get("trusted", False),
        )


@dataclass(frozen=True, slots=True)
class Resource:
    """One instance that AWS's own part of a notice names, with what stands beside it there."""

    instance_id: str
    region: str | None
    account_id: str | None


@dataclass(frozen=True, slots=True)
class Finding:
    """A value with the place where it was found, so that a person can check it."""

    field: str
    value: str
    part: str  # "subject", "aws" (AWS's own part) or "report" (the quoted report: evidence, never acted on)
    words: str  # the words around the value


@dataclass(frozen=True, slots=True)
class Notice:
    """What one mail or Health event says. Lists hold what AWS says of us, in the order of the text.

    `deadline_hours` counts from `sent_at` to AWS's own limit; None where AWS names none.
    """

    kind: Kind
    reason: Said
    case_numbers: tuple[str, ...]
    account_ids: tuple[str, ...]
    regions: tuple[str, ...]
    resources: tuple[Resource, ...]
    ips: tuple[str, ...]
    urls: tuple[str, ...]
    abuse_type: str | None
    deadline_hours: float | None
    measures: tuple[str, ...]  # what AWS says it has done already, in its words
    sent_at: datetime | None  # the Date header, UTC
    message_id: str
    sender: str
    subject: str
    text: str  # the mail as plain text, for people: never read again by the program
    findings: tuple[Finding, ...]
    problems: tuple[Said, ...]  # what could not be read
    abuse_at: datetime | None = None  # when the abuse was seen, in AWS's own words, UTC
    in_error: bool = False  # AWS takes its notice back: there was no abuse
    reply_to: str = ""  # the Reply-To field as it was written: where the sender of the mail says that answers go
    quoted_ips: tuple[str, ...] = ()  # those of `ips` that stand in the quoted report only, where anybody may write
    others: tuple[str, ...] = ()  # what AWS's own part names beside instances: ARNs, access keys, Lightsail

    @property
    def instance_ids(self) -> tuple[str, ...]:
        """The instances named, each once."""
        return tuple(dict.fromkeys(resource.instance_id for resource in self.resources))

    def facts(self) -> dict[str, Any]:
        """The notice as JSON for the state machine, without the text and the findings, which may be long."""
        facts = asdict(self)
        del facts["text"], facts["findings"]
        times = {name: at.isoformat() if (at := getattr(self, name)) else None for name in _TIMES}
        return {**facts, **times}

    @classmethod
    def from_facts(cls, facts: Mapping[str, Any]) -> "Notice":
        """The notice that `facts` was made of, with no text and no findings."""
        return cls(
            **{
                **facts,
                **{name: tuple(facts[name]) for name in _LISTS if name in facts},
                **{name: datetime.fromisoformat(facts[name]) for name in _TIMES if facts.get(name)},
                "kind": Kind(facts["kind"]),
                "reason": Said.from_json(facts["reason"]),
                "problems": tuple(map(Said.from_json, facts["problems"])),
                "resources": tuple(Resource(**resource) for resource in facts["resources"]),
                "text": "",
                "findings": (),
            }
        )


_TIMES = ("sent_at", "abuse_at")
_LISTS = (
    "case_numbers",
    "account_ids",
    "regions",
    "ips",
    "urls",
    "measures",
    "quoted_ips",
    "others",
)
