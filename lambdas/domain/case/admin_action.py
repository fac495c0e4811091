"""What an admin does about a case from the desk: which acts there are, and when each of them makes sense."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lambdas.domain.case.case import Case, CaseState, InstanceStatus
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.errors import NotPossibleNow


@dataclass(frozen=True, slots=True)
class AdminAction:
    """What an admin asks for. `by` is the ARN under which it was asked, `admin` the address given with `--as`."""

    action: str
    case: str
    instance: str
    by: str
    words: str
    admin: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AdminAction":
        """The act from the input of the state machine; what is left out of it is empty."""
        return cls(**{name: str(data.get(name, "")) for name in cls.__slots__})


def entry_for(act: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:
    """What goes into the timeline. Raises NotPossibleNow with words for the admin where it makes no sense now.

    `admins` are the addresses of the settings, in lower case.
    """
    if act.action not in ADMIN_ACTIONS:
        raise NotPossibleNow(f"{act.action} is no act: there are {', '.join(sorted(ADMIN_ACTIONS))}")
    return ADMIN_ACTIONS[act.action](act, case, admins, now)


def _acknowledge(act: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:
    _refuse(case, CaseState.RESOLVED, CaseState.CLOSED)
    admin = resolve_admin(act, admins)
    if case.acknowledged and case.acknowledged.details.get("admin") == admin:
        raise NotPossibleNow(f"{admin} is on case {case.id} since {_date(case.acknowledged.at)}")
    return TimelineEntry(now, EntryKind.ACKNOWLEDGED, act.by, act.words, details={"admin": admin})


def _answer(act: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:  # noqa: ARG001  as each act
    _refuse(case, CaseState.ANSWERED, CaseState.RESOLVED, CaseState.CLOSED)
    return TimelineEntry(now, EntryKind.ANSWERED, act.by, act.words)


def _close(act: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:  # noqa: ARG001  as each act
    _refuse(case, CaseState.CLOSED)
    return TimelineEntry(now, EntryKind.CLOSED, act.by, act.words)


def _approve(act: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:  # noqa: ARG001  as each act
    """Also of what does not wait: an instance may be contained once more, as a message of the watch tells to."""
    if act.instance and act.instance not in case.instances:
        raise NotPossibleNow(f"case {case.id} has no instance {act.instance}: {_named(case.instances)}")
    return TimelineEntry(now, EntryKind.APPROVED, act.by, act.words, act.instance or _the_one(case))


def _decline(act: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:  # noqa: ARG001  as each act
    instance = act.instance or _the_one(case)
    if instance not in _waiting(case):
        stands = f": it is {case.instances[instance]}" if instance in case.instances else ""
        raise NotPossibleNow(f"{instance} of case {case.id} waits for no decision{stands}")
    return TimelineEntry(now, EntryKind.DECLINED, act.by, act.words, instance)


def _waiting(case: Case) -> list[str]:
    return [one for one, how in case.instances.items() if how in {InstanceStatus.ASKED, InstanceStatus.UNDECIDED}]


def _the_one(case: Case) -> str:
    """The instance that waits for a decision, where the admin names none."""
    waiting = _waiting(case)
    if not waiting:
        raise NotPossibleNow(f"no instance of case {case.id} waits for a decision: {_named(case.instances)}")
    if len(waiting) > 1:
        raise NotPossibleNow(f"{len(waiting)} instances of case {case.id} wait, name one of {', '.join(waiting)}")
    return waiting[0]


def _named(instances: Mapping[str, InstanceStatus]) -> str:
    return ", ".join(f"{one}: {how}" for one, how in instances.items()) or "it has none"


ADMIN_ACTIONS: Final[Mapping[str, Callable[[AdminAction, Case, Sequence[str], datetime], TimelineEntry]]] = {
    "ack": _acknowledge,
    "approve": _approve,
    "decline": _decline,
    "replied": _answer,
    "close": _close,
}


def resolve_admin(act: AdminAction, admins: Sequence[str]) -> str:
    """Which admin this is: the one that `--as` names, else the one by whose name the identity ends.

    The identity of a user ends in its name, that of a role in the name of its session, which IAM Identity Center makes
    the name of the person: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    if act.admin:
        if act.admin.lower() not in admins:
            raise NotPossibleNow(f"{act.admin} is no admin of the settings: give --as with one of {', '.join(admins)}")
        return act.admin.lower()
    name = act.by.rpartition("/")[2].lower()
    named = [one for one in admins if name and name in {one, one.partition("@")[0]}]
    if len(named) != 1:
        raise NotPossibleNow(f"{act.by} does not say which admin you are: give --as with one of {', '.join(admins)}")
    return named[0]


def _refuse(case: Case, *states: CaseState) -> None:
    if case.state not in states:
        return
    ended = case.answered if case.state is CaseState.ANSWERED else None
    closed = [one for one in case.timeline if one.kind is EntryKind.CLOSED]
    ended = closed[-1] if case.state is CaseState.CLOSED else ended
    by = f", by {ended.actor} at {_date(ended.at)}" if ended else ", by AWS"
    raise NotPossibleNow(f"case {case.id} is {case.state} already{by}")


def _date(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
