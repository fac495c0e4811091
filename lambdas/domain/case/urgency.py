"""How urgent a case is, and the order in which to list cases."""

from datetime import UTC, datetime, timedelta
from enum import StrEnum

from lambdas.domain.case.case import Case, CaseState, InstanceStatus

SOON = timedelta(hours=6)
_ESCAPED = {InstanceStatus.NOT_CONTAINED, InstanceStatus.BROKEN, InstanceStatus.UNDECIDED}


class Urgency(StrEnum):
    """The most urgent first: cases are listed in this order."""

    OVERDUE = "overdue"  # the deadline has passed without an answer
    URGENT = "urgent"  # the deadline is near, or an instance is not contained
    RUNNING = "running"  # AWS waits for an answer
    CHECK = "check the mail"  # nothing shows that it is from AWS
    ANSWERED = "answered"
    OVER = "over"  # resolved by AWS, or closed by an admin


def urgency(case: Case, now: datetime) -> Urgency:
    """How urgent the case is. An unproven mail makes nothing urgent, because anybody can write one."""
    if case.state in {CaseState.RESOLVED, CaseState.CLOSED}:
        return Urgency.OVER
    if not case.proven:
        return Urgency.ANSWERED if case.state is CaseState.ANSWERED else Urgency.CHECK
    if case.is_running and case.deadline and case.deadline.at <= now:
        return Urgency.OVERDUE
    if _ESCAPED & set(case.instances.values()):
        return Urgency.URGENT
    if case.is_running and case.deadline and case.deadline.at - now <= SOON:
        return Urgency.URGENT
    return Urgency.ANSWERED if case.state is CaseState.ANSWERED else Urgency.RUNNING


def by_urgency(case: Case, now: datetime) -> tuple[int, datetime, float]:
    """A sort key: the most urgent first, then the nearest deadline, then the newest."""
    due = case.deadline.at if case.is_running and case.deadline else datetime.max.replace(tzinfo=UTC)
    return list(Urgency).index(urgency(case, now)), due, -case.opened_at.timestamp()
