"""How a case stands: its state, its clock, its instances and what is still to be done, from its timeline alone.

The order in which entries came in means nothing: two notices at once, out of order or twice, make the same case.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Final

from lambdas.domain.case.identity import Deadline
from lambdas.domain.case.timeline import Entry, What
from lambdas.domain.intake.notice import Kind

# What the sort keys of entries begin with in the case table.
ENTRY: Final = "event#"


class State(StrEnum):
    """Where the conversation with AWS stands."""

    OPEN = "open"
    ANSWERED = "answered"  # an admin has written to AWS after its newest word
    RESOLVED = "resolved"  # by AWS's newest word
    CLOSED = "closed"  # an admin is done with it


class Standing(StrEnum):
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
    What.CONTAINED: Standing.CONTAINED,
    What.NOT_CONTAINED: Standing.NOT_CONTAINED,
    What.LEFT_ALONE: Standing.LEFT_ALONE,
    What.ASKED: Standing.ASKED,
    What.APPROVED: Standing.APPROVED,
    What.DECLINED: Standing.DECLINED,
    What.UNDECIDED: Standing.UNDECIDED,
    What.BROKEN: Standing.BROKEN,
    What.RELEASED: Standing.RELEASED,
}
# Left alone because nothing is new: what an earlier notice led to stands.
_KEEPS = {Standing.CONTAINED, Standing.ASKED, Standing.DECLINED, Standing.RELEASED}


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """What the entry of a notice keeps of it."""

    kind: Kind
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
    def from_json(cls, data: Mapping[str, Any]) -> "NoticeFacts":
        """The facts that `to_json` was made of."""
        return cls(
            kind=Kind(data["kind"]),
            proven=data["proven"],
            sent_at=datetime.fromisoformat(data["sent_at"]),
            deadline=Deadline(datetime.fromisoformat(data["deadline"]["at"]), data["deadline"]["stated"]),
            measures=tuple(data["measures"]),
            mail=data["mail"],
        )


@dataclass(frozen=True, slots=True)
class CaseFile:
    """A case as it stands. `deadline` is None where AWS wants nothing; `by` and `at` of an entry say who and when.

    `proven` says that a notice of it is proven to be from AWS: else nobody but the admins can say whether it is real.
    """

    id: str
    state: State
    proven: bool
    opened_at: datetime
    deadline: Deadline | None
    instances: Mapping[str, Standing]
    measures: tuple[str, ...]
    acknowledged: Entry | None
    answered: Entry | None
    timeline: tuple[Entry, ...]

    @property
    def is_running(self) -> bool:
        """Whether the clock runs: AWS waits for an answer."""
        return self.state is State.OPEN and self.deadline is not None


def case_file(case_id: str, entries: Iterable[Entry]) -> CaseFile:
    """The case that these entries make. There must be one notice at least."""
    timeline = tuple(sorted(entries, key=lambda entry: (entry.at, entry.what, entry.about, entry.words)))
    notices = [(NoticeFacts.from_json(entry.facts), entry) for entry in timeline if entry.what is What.NOTICE]
    # What cannot prove its origin neither ends a case of AWS's nor moves its clock.
    proven = [one for one in notices if one[0].proven]
    said = sorted(proven or notices, key=_when)
    newest, newest_entry = said[-1]
    after_it = [entry for entry in timeline if entry.at >= newest_entry.at]
    answered = _last(What.ANSWERED, after_it)
    closed = _last(What.CLOSED, after_it)
    resolved = newest.kind is Kind.RESOLVED and newest.proven
    asking = [one for one, _ in said if one.kind is not Kind.RESOLVED]
    return CaseFile(
        id=case_id,
        state=State.CLOSED if closed else State.RESOLVED if resolved else State.ANSWERED if answered else State.OPEN,
        proven=bool(proven),
        opened_at=min((one.at for one in timeline), default=datetime.min.replace(tzinfo=UTC)),
        deadline=asking[-1].deadline if asking and not resolved else None,
        instances=_instances(timeline),
        measures=tuple(dict.fromkeys(measure for one, _ in proven for measure in one.measures)),
        acknowledged=_last(What.ACKNOWLEDGED, timeline),
        answered=answered,
        timeline=timeline,
    )


def case_from(case_id: str, items: Mapping[str, Mapping[str, Any]]) -> CaseFile | None:
    """The case that its items in the table make, by sort key; None where no notice has joined it."""
    entries = [Entry.from_json(item) for sort, item in items.items() if sort.startswith(ENTRY)]
    return case_file(case_id, entries) if any(entry.what is What.NOTICE for entry in entries) else None


def _when(said: tuple[NoticeFacts, Entry]) -> tuple[datetime, datetime, bool, str, datetime]:
    """The order of AWS's words. Of two at one moment the one that asks counts: the clock must rather run."""
    facts, entry = said
    return facts.sent_at, entry.at, facts.kind is not Kind.RESOLVED, facts.kind, facts.deadline.at


def missing(case: CaseFile) -> list[str]:
    """What is still to be done, as keys that each language has words for: `answer`, `acknowledge`, `decide i-…`, …"""
    if case.state in {State.RESOLVED, State.CLOSED}:
        return []
    left = [] if case.state is State.ANSWERED else ["answer"]
    for instance_id, standing in case.instances.items():
        if standing is Standing.ASKED:
            left.append(f"decide {instance_id}")
        if standing in {Standing.NOT_CONTAINED, Standing.BROKEN, Standing.UNDECIDED}:
            left.append(f"contain {instance_id}")
    if case.acknowledged is None:
        left.append("acknowledge")
    return left


def _last(what: What, entries: Iterable[Entry]) -> Entry | None:
    found = [entry for entry in entries if entry.what is what]
    return found[-1] if found else None


def _instances(timeline: Iterable[Entry]) -> dict[str, Standing]:
    """Each instance with what was done about it last; "left alone" does not cover what was done before."""
    standings: dict[str, Standing] = {}
    for entry in timeline:
        standing = _STANDINGS.get(entry.what)
        if standing is None or not entry.about:
            continue
        if standing is Standing.LEFT_ALONE and standings.get(entry.about) in _KEEPS:
            continue
        standings[entry.about] = standing
    return standings
