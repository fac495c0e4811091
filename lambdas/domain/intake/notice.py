"""What a notice says, and what shows that it is from AWS."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from lambdas.domain.intake.abuse_report import AbuseReport
from lambdas.domain.intake.mail_address import SenderRing
from lambdas.domain.phrase import Phrase


class NoticeKind(StrEnum):
    """The stage of the conversation with AWS that the newest text from AWS shows."""

    FIRST_NOTICE = "first_notice"
    FOLLOW_UP = "follow_up"
    ACTION_TAKEN = "action_taken"
    RESOLVED = "resolved"
    NONE = "none"  # not a notice of abuse or compromise
    ANSWER = "answer"  # not a notice either: an admin wrote to AWS, with the intake address in copy

    @property
    def is_notice(self) -> bool:
        """Whether AWS writes about abuse or compromise."""
        return self not in {NoticeKind.NONE, NoticeKind.ANSWER}


class ProofKind(StrEnum):
    """Who vouches for the origin of a mail."""

    AWS = "aws"  # a verified signature of a domain of AWS, aligned with From
    FORWARDER = "forwarder"  # only the person or system that passed the mail on
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Proof:
    """The answer to "is it from AWS?", with the reason for a person.

    `may_contain` means that AWS's abuse desk or AWS Health wrote it, so the responder can act without an admin.
    Other mail from Amazon is genuine too, but can carry anybody's words.
    """

    kind: ProofKind
    reason: Phrase
    may_contain: bool = False
    trusted: bool = False  # the settings trust the forwarder
    ring: SenderRing = SenderRing.NOBODY

    @property
    def changes_cases(self) -> bool:
        """Whether a known sender of AWS wrote it: it can change a case and start its clock."""
        return self.ring in {SenderRing.ABUSE_DESK, SenderRing.NOTIFIER}

    def to_json(self) -> dict[str, Any]:
        """JSON for the state machine and the case table."""
        return {**asdict(self), "reason": self.reason.to_json()}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Proof":
        """Read `to_json`."""
        enums = {"kind": ProofKind(data["kind"]), "ring": SenderRing(data["ring"])}
        return cls(**{**data, **enums, "reason": Phrase.from_json(data["reason"])})


@dataclass(frozen=True, slots=True)
class NamedInstance:
    """One instance that AWS's own part of a notice names, with the Region and account named for it."""

    instance_id: str
    region: str | None
    account_id: str | None


@dataclass(frozen=True, slots=True)
class ExtractedValue:
    """A value and where it stood, so that a person can check it."""

    field: str
    value: str
    part: str  # "subject", "aws" (AWS's own part) or "report" (the quoted report: evidence, never acted on)
    words: str  # the words around the value


@dataclass(frozen=True, slots=True)
class Notice:
    """What one mail or Health event says. Tuples hold what AWS says about us, in the order of the text.

    `deadline_hours` counts from `sent_at` to AWS's own limit; None where AWS names none.
    """

    kind: NoticeKind
    reason: Phrase
    case_numbers: tuple[str, ...]
    account_ids: tuple[str, ...]
    regions: tuple[str, ...]
    resources: tuple[NamedInstance, ...]
    ips: tuple[str, ...]
    urls: tuple[str, ...]
    abuse_type: str | None
    deadline_hours: float | None
    measures: tuple[str, ...]  # what AWS says it has done already, in its words
    sent_at: datetime | None  # the Date header, UTC
    message_id: str
    sender: str
    subject: str
    text: str  # the mail as plain text, for people: never parsed again
    extracted_values: tuple[ExtractedValue, ...]
    problems: tuple[Phrase, ...]  # what could not be read
    abuse_at: datetime | None = None  # when the abuse was seen, according to AWS, UTC
    sent_in_error: bool = False  # AWS retracts its notice: there was no abuse
    reply_to: str = ""  # the raw Reply-To field
    quoted_ips: tuple[str, ...] = ()  # those of `ips` that only the quoted report names, where anybody can write
    other_resource_names: tuple[str, ...] = ()  # what AWS's own part names besides instances: ARNs, access keys
    quoted_instances: tuple[str, ...] = ()  # that only an older mail quoted below AWS's newest words names
    accuses: bool = True  # AWS's newest words report abuse: they do not only speak of an earlier report
    is_unclear: bool = False  # AWS's newest words both end the case and ask for something
    report_type: str | None = None  # the abuse type, where only the quoted report names it
    report: AbuseReport | None = None  # what the quoted report claims: shown and kept, never acted on

    @property
    def instance_ids(self) -> tuple[str, ...]:
        """The instances named, each once."""
        return tuple(dict.fromkeys(resource.instance_id for resource in self.resources))

    def to_json(self) -> dict[str, Any]:
        """JSON for the state machine, without the text and the extracted values, which may be long."""
        data = asdict(self)
        del data["text"], data["extracted_values"]
        times = {name: at.isoformat() if (at := getattr(self, name)) else None for name in _TIMES}
        phrases = {"reason": self.reason.to_json(), "problems": [problem.to_json() for problem in self.problems]}
        return {**data, **times, **phrases, "report": self.report.to_json() if self.report else None}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Notice":
        """Read `to_json`; the text and the extracted values are empty."""
        return cls(
            **{
                **data,
                **{name: tuple(data[name]) for name in _TUPLES},
                **{name: datetime.fromisoformat(data[name]) for name in _TIMES if data[name]},
                "kind": NoticeKind(data["kind"]),
                "reason": Phrase.from_json(data["reason"]),
                "problems": tuple(map(Phrase.from_json, data["problems"])),
                "resources": tuple(NamedInstance(**resource) for resource in data["resources"]),
                # A notice in the case table may be older than this field.
                "report": AbuseReport.from_json(report) if (report := data.get("report")) else None,
                "text": "",
                "extracted_values": (),
            }
        )


_TIMES = ("sent_at", "abuse_at")
_TUPLES = ("case_numbers", "account_ids", "regions", "ips", "urls", "measures", "quoted_ips", "other_resource_names",
           "quoted_instances")  # fmt: skip
