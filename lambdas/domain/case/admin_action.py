"""What an admin does about a case with the desk, and when each action is possible."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lambdas.domain.case.case import Case, CaseState, InstanceStatus
from lambdas.domain.case.timeline import STRANGER, EntryKind, TimelineEntry
from lambdas.domain.errors import NotPossibleNow

_UNDECIDED = {InstanceStatus.ASKED, InstanceStatus.UNDECIDED}
# Contained by the case, whether or not its quarantine still holds.
_HELD = {InstanceStatus.CONTAINED, InstanceStatus.BROKEN}


@dataclass(frozen=True, slots=True)
class AdminAction:
    """What an admin asks for. `by` is the caller's ARN, `admin` the mail address given with `--as`."""

    action: str
    case: str
    instance: str
    by: str
    words: str
    admin: str

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AdminAction":
        """From the input of the state machine; what it leaves out is empty."""
        return cls(**{name: str(data.get(name, "")) for name in cls.__slots__})


def entry_for(action: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:
    """The timeline entry of the action. `admins` are the addresses of the settings, in lower case.

    Raises NotPossibleNow with a message for the admin.
    """
    if action.action not in ADMIN_ACTIONS:
        raise NotPossibleNow(f"{action.action} is no action: there are {', '.join(sorted(ADMIN_ACTIONS))}")
    return ADMIN_ACTIONS[action.action](action, case, admins, now)


def _acknowledge(action: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:
    _refuse(case, CaseState.RESOLVED, CaseState.CLOSED)
    admin = resolve_admin(action, admins)
    if case.acknowledged and case.acknowledged.details.get("admin") == admin:
        raise NotPossibleNow(f"{admin} (claimed) is on case {case.id} since {_date(case.acknowledged.at)}")
    return TimelineEntry(now, EntryKind.ACKNOWLEDGED, action.by, action.words, details={"admin": admin})


def _answer(action: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:  # noqa: ARG001  as each action
    _refuse(case, CaseState.ANSWERED, CaseState.RESOLVED, CaseState.CLOSED)
    return TimelineEntry(now, EntryKind.ANSWERED, action.by, action.words)


def _close(action: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:  # noqa: ARG001  as each action
    _refuse(case, CaseState.CLOSED)
    return TimelineEntry(now, EntryKind.CLOSED, action.by, action.words)


def _approve(action: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:  # noqa: ARG001  as each action
    """Also without a question: the watch may advise to contain an instance again, even after the end of the case."""
    if case.instances.get(action.instance) not in _HELD:
        _refuse_decision(case)
    if action.instance and action.instance not in {*case.instances, *case.unproven_questions}:
        raise NotPossibleNow(f"case {case.id} has no instance {action.instance}: {_named(case.instances)}")
    return TimelineEntry(now, EntryKind.APPROVED, action.by, action.words, action.instance or _only_waiting(case))


def _decline(action: AdminAction, case: Case, admins: Sequence[str], now: datetime) -> TimelineEntry:  # noqa: ARG001  as each action
    _refuse_decision(case)
    instance = action.instance or _only_waiting(case)
    if instance not in _waiting(case):
        status = f": it is {case.instances[instance]}" if instance in case.instances else ""
        raise NotPossibleNow(f"{instance} of case {case.id} waits for no decision{status}")
    # Declining what a stranger asks for says nothing about what was done because of AWS's own notices.
    details = {} if case.instances.get(instance) in _UNDECIDED else {STRANGER: True}
    return TimelineEntry(now, EntryKind.DECLINED, action.by, action.words, instance, details=details)


def _refuse_decision(case: Case) -> None:
    """Nobody is reminded of an ended case, so nothing new is contained in one."""
    if case.has_ended:
        raise NotPossibleNow(
            f"{_end(case)}, so nothing new is decided in it. If AWS writes again, a case opens and asks. To cut an "
            "instance off now, stop it: aws ec2 stop-instances --region REGION --instance-ids INSTANCE"
        )


def _waiting(case: Case) -> list[str]:
    proven = [instance for instance, status in case.instances.items() if status in _UNDECIDED]
    return list(dict.fromkeys((*proven, *case.unproven_questions)))


def _only_waiting(case: Case) -> str:
    """The only instance that waits for a decision, if the admin names none."""
    waiting = _waiting(case)
    if not waiting:
        raise NotPossibleNow(f"no instance of case {case.id} waits for a decision: {_named(case.instances)}")
    if len(waiting) > 1:
        raise NotPossibleNow(f"{len(waiting)} instances of case {case.id} wait, name one of {', '.join(waiting)}")
    return waiting[0]


def _named(instances: Mapping[str, InstanceStatus]) -> str:
    return ", ".join(f"{instance}: {status}" for instance, status in instances.items()) or "it has none"


ADMIN_ACTIONS: Final[Mapping[str, Callable[[AdminAction, Case, Sequence[str], datetime], TimelineEntry]]] = {
    "ack": _acknowledge,
    "approve": _approve,
    "decline": _decline,
    "replied": _answer,
    "close": _close,
}


def resolve_admin(action: AdminAction, admins: Sequence[str]) -> str:
    """The admin that `--as` names, otherwise the admin whose name ends the ARN.

    The ARN of a user ends with its name. That of a role ends with the session name, for which IAM Identity Center
    uses the name of the person: https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    if action.admin:
        if action.admin.lower() not in admins:
            raise NotPossibleNow(
                f"{action.admin} is no admin of the settings: give --as with one of {', '.join(admins)}"
            )
        return action.admin.lower()
    name = action.by.rpartition("/")[2].lower()
    named = [admin for admin in admins if name and name in {admin, admin.partition("@")[0]}]
    if len(named) != 1:
        raise NotPossibleNow(f"{action.by} does not say which admin you are: give --as with one of {', '.join(admins)}")
    return named[0]


def _refuse(case: Case, *states: CaseState) -> None:
    if case.state in states:
        raise NotPossibleNow(_end(case))


def _end(case: Case) -> str:
    ended = case.answered if case.state is CaseState.ANSWERED else None
    closed = [entry for entry in case.timeline if entry.kind is EntryKind.CLOSED]
    ended = closed[-1] if case.state is CaseState.CLOSED else ended
    by = f", by {ended.actor}{' (claimed)' if ended.is_claimed else ''} at {_date(ended.at)}" if ended else ", by AWS"
    return f"case {case.id} is {case.state} already{by}"


def _date(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M} UTC"
