"""How a case stands: its state, its clock, its instances and what is still to be done, from its timeline alone.

The order in which entries came in means nothing: two notices at once, out of order or twice, make the same case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from lambdas.domain.case.identity import Deadline
from lambdas.domain.case.table_keys import ENTRY_PREFIX
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.intake.notice import NoticeKind


class CaseState(StrEnum):
    """Where the conversation with AWS stands."""

    OPEN = "open"
    ANSWERED = "answered"  # an admin has written to AWS after its newest word
    RESOLVED = "resolved"  # by AWS's newest word
    CLOSED = "closed"  # an admin is done with it


class InstanceStatus(StrEnum):
    """How an instance of a case stands, by what was done about it last."""

    CONTAINED = "contained"
    NOT_CONTAINED = "not contained"
    LEFT_ALONE = "left alone"
    ASKED = "waits for a decision"
    APPROVED = "approved"
    DECLINED = "declined"
    UNDECIDED = "not decided in time"
    BROKEN = "out of its quarantine"
    RELEASED = "released"


_STANDINGS = {
    EntryKind.CONTAINED: InstanceStatus.CONTAINED,
    EntryKind.NOT_CONTAINED: InstanceStatus.NOT_CONTAINED,
    EntryKind.LEFT_ALONE: InstanceStatus.LEFT_ALONE,
    EntryKind.ASKED: InstanceStatus.ASKED,
    EntryKind.APPROVED: InstanceStatus.APPROVED,
    EntryKind.DECLINED: InstanceStatus.DECLINED,
    EntryKind.UNDECIDED: InstanceStatus.UNDECIDED,
    EntryKind.BROKEN: InstanceStatus.BROKEN,
    EntryKind.RELEASED: InstanceStatus.RELEASED,
}
# Left alone because nothing is new: what an earlier notice led to stands.
_KEEPS = {InstanceStatus.CONTAINED, InstanceStatus.ASKED, InstanceStatus.DECLINED, InstanceStatus.RELEASED}


@dataclass(frozen=True, slots=True)
class NoticeDetails:
    """What the entry of a notice keeps of it."""

    kind: NoticeKind
    proven: bool  # to be from AWS
    sent_at: datetime  # by its Date, else when it came in
    deadline: Deadline
    measures: tuple[str, ...]  # what AWS says it has done itself
    mail: str  # where the mail lies

    def to_json(self) -> dict[str, Any]:
        """The facts of an entry."""
        return {
            "kind": self.kind.value,
            "proven": self.proven,
            "sent_at": self.sent_at.isoformat(),
            "deadline": {"at": self.deadline.at.isoformat(), "stated": self.deadline.stated},
            "measures": list(self.measures),
            "mail": self.mail,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "NoticeDetails":
        """The facts that `to_json` was made of."""
        return cls(
            kind=NoticeKind(data["kind"]),
            proven=data["proven"],
            sent_at=datetime.fromisoformat(data["sent_at"]),
            deadline=Deadline(datetime.fromisoformat(data["deadline"]["at"]), data["deadline"]["stated"]),
            measures=tuple(data["measures"]),
            mail=data["mail"],
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A case as it stands. `deadline` is None where AWS wants nothing; `by` and `at` of an entry say who and when.

    `proven` says that a notice of it is proven to be from AWS: else nobody but the admins can say whether it is real.
    """

    id: str
    state: CaseState
    proven: bool
    opened_at: datetime
    deadline: Deadline | None
    instances: Mapping[str, InstanceStatus]
    measures: tuple[str, ...]
    acknowledged: TimelineEntry | None
    answered: TimelineEntry | None
    timeline: tuple[TimelineEntry, ...]

    @property
    def is_running(self) -> bool:
        """Whether the clock runs: AWS waits for an answer."""
        return self.state is CaseState.OPEN and self.deadline is not None


def case_from_entries(case_id: str, entries: Iterable[TimelineEntry]) -> Case:
    """The case that these entries make. There must be one notice at least."""
    timeline = tuple(sorted(entries, key=lambda entry: (entry.at, entry.kind, entry.resource, entry.words)))
    notices = [(NoticeDetails.from_json(entry.details), entry) for entry in timeline if entry.kind is EntryKind.NOTICE]
    # What cannot prove its origin neither ends a case of AWS's nor moves its clock.
    proven = [one for one in notices if one[0].proven]
    said = sorted(proven or notices, key=_when)
    newest, newest_entry = said[-1]
    after_it = [entry for entry in timeline if entry.at >= newest_entry.at]
    answered = _last(EntryKind.ANSWERED, after_it)
    closed = _last(EntryKind.CLOSED, after_it)
    resolved = newest.kind is NoticeKind.RESOLVED and newest.proven
    asking = [one for one, _ in said if one.kind is not NoticeKind.RESOLVED]
    return Case(
        id=case_id,
        state=CaseState.CLOSED
        if closed
        else CaseState.RESOLVED
        if resolved
        else CaseState.ANSWERED
        if answered
        else CaseState.OPEN,
        proven=bool(proven),
        opened_at=min((one.at for one in timeline), default=datetime.min.replace(tzinfo=UTC)),
        deadline=asking[-1].deadline if asking and not resolved else None,
        instances=_instances(timeline),
        measures=tuple(dict.fromkeys(measure for one, _ in proven for measure in one.measures)),
        acknowledged=_last(EntryKind.ACKNOWLEDGED, timeline),
        answered=answered,
        timeline=timeline,
    )


def case_from_items(case_id: str, items: Mapping[str, Mapping[str, Any]]) -> Case | None:
    """The case that its items in the table make, by sort key; None where no notice has joined it."""
    entries = [TimelineEntry.from_json(item) for sort, item in items.items() if sort.startswith(ENTRY_PREFIX)]
    return case_from_entries(case_id, entries) if any(entry.kind is EntryKind.NOTICE for entry in entries) else None


def _when(said: tuple[NoticeDetails, TimelineEntry]) -> tuple[datetime, datetime, bool, str, datetime]:
    """The order of AWS's words. Of two at one moment the one that asks counts: the clock must rather run."""
    facts, entry = said
    return facts.sent_at, entry.at, facts.kind is not NoticeKind.RESOLVED, facts.kind, facts.deadline.at


def open_tasks(case: Case) -> list[str]:
    """What is still to be done, as keys that each language has words for: `answer`, `acknowledge`, `decide i-…`, …"""
    if case.state in {CaseState.RESOLVED, CaseState.CLOSED}:
        return []
    left = [] if case.state is CaseState.ANSWERED else ["answer"]
    for instance_id, standing in case.instances.items():
        if standing is InstanceStatus.ASKED:
            left.append(f"decide {instance_id}")
        if standing in {InstanceStatus.NOT_CONTAINED, InstanceStatus.BROKEN, InstanceStatus.UNDECIDED}:
            left.append(f"contain {instance_id}")
    if case.acknowledged is None:
        left.append("acknowledge")
    return left


def _last(what: EntryKind, entries: Iterable[TimelineEntry]) -> TimelineEntry | None:
    found = [entry for entry in entries if entry.kind is what]
    return found[-1] if found else None


def _instances(timeline: Iterable[TimelineEntry]) -> dict[str, InstanceStatus]:
    """Each instance with what was done about it last; "left alone" does not cover what was done before."""
    standings: dict[str, InstanceStatus] = {}
    for entry in timeline:
        standing = _STANDINGS.get(entry.kind)
        if standing is None or not entry.resource:
            continue
        if standing is InstanceStatus.LEFT_ALONE and standings.get(entry.resource) in _KEEPS:
            continue
        standings[entry.resource] = standing
    return standings
