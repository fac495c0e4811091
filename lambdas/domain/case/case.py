"""The status of a case, derived from its timeline alone: state, deadline, instances and open tasks.

The order of arrival does not case_notice: notices at the same time, out of order or repeated give the same case.
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
    """The state of the conversation with AWS."""

    OPEN = "open"
    ANSWERED = "answered"  # an admin has written to AWS since its newest notice
    RESOLVED = "resolved"  # by AWS's newest notice
    CLOSED = "closed"  # an admin is done with it


class InstanceStatus(StrEnum):
    """What was last done about an instance of a case."""

    CONTAINED = "contained"
    NOT_CONTAINED = "not contained"
    LEFT_ALONE = "left alone"
    ASKED = "waits for a decision"
    APPROVED = "approved"
    DECLINED = "declined"
    UNDECIDED = "not decided in time"
    BROKEN = "out of its quarantine"
    RELEASED = "released"


_STATUSES = {
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
# After these, nobody needs to decide about an instance any more.
_DECIDED = {EntryKind.APPROVED, EntryKind.DECLINED, EntryKind.CONTAINED, EntryKind.RELEASED}
# These outlast a later "left alone", which only means that a notice brought nothing new.
_KEEPS = {InstanceStatus.CONTAINED, InstanceStatus.ASKED, InstanceStatus.DECLINED, InstanceStatus.RELEASED}


@dataclass(frozen=True, slots=True)
class NoticeDetails:
    """The details of a notice's entry."""

    kind: NoticeKind
    proven: bool  # from AWS, about our accounts: only such a notice changes the case
    sent_at: datetime  # its Date, otherwise its arrival
    deadline: Deadline
    measures: tuple[str, ...]  # what AWS says it has done itself
    mail: str  # where the mail lies
    by_abuse_desk: bool = False  # or AWS Health: AWS's other mail, such as a support case, can carry anybody's words

    def to_json(self) -> dict[str, Any]:
        """The details of an entry."""
        return {
            "kind": self.kind.value,
            "proven": self.proven,
            "sent_at": self.sent_at.isoformat(),
            "deadline": {"at": self.deadline.at.isoformat(), "stated": self.deadline.stated},
            "measures": list(self.measures),
            "mail": self.mail,
            "by_abuse_desk": self.by_abuse_desk,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "NoticeDetails":
        """The inverse of `to_json`."""
        return cls(
            kind=NoticeKind(data["kind"]),
            proven=data["proven"],
            sent_at=datetime.fromisoformat(data["sent_at"]),
            deadline=Deadline(datetime.fromisoformat(data["deadline"]["at"]), data["deadline"]["stated"]),
            measures=tuple(data["measures"]),
            mail=data["mail"],
            by_abuse_desk=data["by_abuse_desk"],
        )


@dataclass(frozen=True, slots=True)
class Case:
    """A case. `deadline` is None if AWS wants no answer.

    `proven`: at least one notice is proven to be from AWS. `unproven_questions` are the instances that other mails ask
    to contain, and about which no admin has decided.
    """

    id: str
    state: CaseState
    proven: bool
    opened_at: datetime
    deadline: Deadline | None
    instances: Mapping[str, InstanceStatus]
    unproven_questions: tuple[str, ...]
    measures: tuple[str, ...]
    acknowledged: TimelineEntry | None
    answered: TimelineEntry | None
    timeline: tuple[TimelineEntry, ...]

    @property
    def is_running(self) -> bool:
        """Whether the clock runs: AWS waits for an answer."""
        return self.state is CaseState.OPEN and self.deadline is not None

    @property
    def has_ended(self) -> bool:
        """Whether AWS or an admin has ended it."""
        return self.state in {CaseState.RESOLVED, CaseState.CLOSED}


def case_from_entries(case_id: str, entries: Iterable[TimelineEntry]) -> Case:
    """The case of these entries, at least one of which is a notice."""
    timeline = tuple(sorted(entries, key=lambda entry: (entry.at, entry.kind, entry.resource, entry.words)))
    notices = [(NoticeDetails.from_json(entry.details), entry) for entry in timeline if entry.kind is EntryKind.NOTICE]
    proven = sorted(((details, entry) for details, entry in notices if details.proven), key=_notice_order)
    by_desk = [(details, entry) for details, entry in proven if details.by_abuse_desk]
    # What others write neither ends the abuse desk's case nor moves its deadline. Until AWS itself writes, the first
    # mail to arrive counts: a later stranger changes nothing.
    ordered = by_desk or proven or sorted(notices, key=lambda notice: (notice[1].at, _notice_order(notice)))[:1]
    newest, newest_entry = ordered[-1]
    after_it = [entry for entry in timeline if entry.at >= newest_entry.at]
    answered = _last(EntryKind.ANSWERED, after_it)
    closed = _last(EntryKind.CLOSED, after_it)
    resolved = newest.kind is NoticeKind.RESOLVED and newest.proven
    asking = [details for details, _ in ordered if details.kind is not NoticeKind.RESOLVED]
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
        opened_at=min((entry.at for entry in timeline), default=datetime.min.replace(tzinfo=UTC)),
        deadline=asking[-1].deadline if asking and not resolved else None,
        instances=_instances(timeline, proven=bool(proven)),
        unproven_questions=_unproven_questions(timeline),
        measures=tuple(dict.fromkeys(measure for details, _ in proven for measure in details.measures)),
        acknowledged=_last(EntryKind.ACKNOWLEDGED, timeline),
        answered=answered,
        timeline=timeline,
    )


def case_from_items(case_id: str, items: Mapping[str, Mapping[str, Any]]) -> Case | None:
    """The case of these table items by sort key; None if it has no notice."""
    entries = [TimelineEntry.from_json(item) for sort, item in items.items() if sort.startswith(ENTRY_PREFIX)]
    return case_from_entries(case_id, entries) if any(entry.kind is EntryKind.NOTICE for entry in entries) else None


def _notice_order(notice: tuple[NoticeDetails, TimelineEntry]) -> tuple[datetime, datetime, bool, str, datetime]:
    """By time. Of two at the same time the one that asks counts, so that the clock runs."""
    details, entry = notice
    return details.sent_at, entry.at, details.kind is not NoticeKind.RESOLVED, details.kind, details.deadline.at


def open_tasks(case: Case) -> list[str]:
    """The open tasks as keys of the catalogue: `answer`, `acknowledge`, `decide i-…`, …"""
    if case.has_ended:
        return []
    left = [] if case.state is CaseState.ANSWERED else ["answer"]
    for instance_id, status in case.instances.items():
        if status is InstanceStatus.ASKED:
            left.append(f"decide {instance_id}")
        if status in {InstanceStatus.NOT_CONTAINED, InstanceStatus.BROKEN, InstanceStatus.UNDECIDED}:
            left.append(f"contain {instance_id}")
    if case.acknowledged is None:
        left.append("acknowledge")
    return left


def _last(kind: EntryKind, entries: Iterable[TimelineEntry]) -> TimelineEntry | None:
    return next((entry for entry in reversed(list(entries)) if entry.kind is kind), None)


def _instances(timeline: Iterable[TimelineEntry], *, proven: bool) -> dict[str, InstanceStatus]:
    """The status of each instance by its last entry; "left alone" does not replace those in _KEEPS."""
    statuses: dict[str, InstanceStatus] = {}
    for entry in timeline:
        status = _STATUSES.get(entry.kind)
        if status is None or not entry.resource or (proven and entry.answers_stranger):
            continue
        if status is InstanceStatus.LEFT_ALONE and statuses.get(entry.resource) in _KEEPS:
            continue
        statuses[entry.resource] = status
    return statuses


def _unproven_questions(timeline: Iterable[TimelineEntry]) -> tuple[str, ...]:
    """The instances that a stranger's mail asks about, without those that are contained or decided."""
    contained: set[str] = set()
    waiting: dict[str, None] = {}
    for entry in timeline:
        if entry.kind in _DECIDED:
            waiting.pop(entry.resource, None)
        if entry.kind is EntryKind.CONTAINED:
            contained.add(entry.resource)
        if entry.kind in {EntryKind.RELEASED, EntryKind.BROKEN}:
            contained.discard(entry.resource)
        if entry.kind is EntryKind.ASKED and entry.answers_stranger and entry.resource not in contained:
            waiting[entry.resource] = None
    return tuple(waiting)
