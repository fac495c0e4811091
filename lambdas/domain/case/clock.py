"""The clock of a case: when its admins hear of it again before AWS's deadline, and what they hear given how it stands.

The moments are fixed when the clock is set. What is said at one of them is decided when it has come, so that whatever
happened in between counts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from lambdas.domain.case.case import Case, CaseState, open_tasks
from lambdas.domain.case.timeline import EntryKind

# From so long before the deadline on an SMS goes out beside the mail.
SMS_WITHIN: Final = timedelta(hours=2)
# From so long before it on one admin who is on it is not enough: all hear of it again.
ALL_WITHIN: Final = timedelta(hours=1)
# What AWS asks for later than that is told in its report only; Step Functions keeps an execution for a year.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
MAX_WAIT: Final = timedelta(days=90)
ALL_ADMINS: Final = "all"


class ReminderKind(StrEnum):
    """What a moment is for; the value is also that of the entry in the timeline."""

    UNACKNOWLEDGED = EntryKind.UNACKNOWLEDGED.value
    REMINDER = EntryKind.REMINDED.value
    OVERDUE = EntryKind.OVERDUE.value


@dataclass(frozen=True, slots=True)
class ScheduledReminder:
    """A time (UTC) at which the clock strikes. `sms`: late enough for an SMS, if the case is proven to be AWS's."""

    at: datetime
    kind: ReminderKind
    sms: bool

    def to_json(self) -> dict[str, Any]:
        """The moment as the state machine keeps it; Step Functions waits until `at`."""
        return {"at": self.at.isoformat(), "kind": self.kind.value, "sms": self.sms}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ScheduledReminder":
        """The moment that `to_json` was made of."""
        return cls(datetime.fromisoformat(data["at"]), ReminderKind(data["kind"]), data["sms"])


class NoReminderReason(StrEnum):
    """Why a clock says nothing."""

    ANSWERED = "an admin has answered AWS"
    RESOLVED = "AWS says that the case is resolved"
    CLOSED = "an admin has closed the case"
    MOVED = "AWS has set another deadline, which has a clock of its own"
    ACKNOWLEDGED = "an admin is on it"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A reminder that is due: to ALL_ADMINS or to one address, with what is `missing` (keys of `open_tasks`)."""

    moment: ScheduledReminder
    to: str
    sms: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoReminder:
    """Nothing is said at this moment. `ends`: nor at any later one."""

    reason: NoReminderReason
    ends: bool


def schedule_reminders(
    deadline: datetime,
    told_at: datetime,
    now: datetime,
    remind_hours: Sequence[float],
    acknowledge_minutes: int | None,
) -> tuple[ScheduledReminder, ...]:
    """The moments still ahead of a clock that is set `now`, in their order; none where all have passed.

    `told_at` is when the notice came in, of which somebody has to say that they are on it.
    """
    struck = [
        ScheduledReminder(deadline - timedelta(hours=one), ReminderKind.REMINDER, timedelta(hours=one) <= SMS_WITHIN)
        for one in remind_hours
    ]
    struck.append(ScheduledReminder(deadline, ReminderKind.OVERDUE, sms=True))
    if acknowledge_minutes is not None:
        struck.append(
            ScheduledReminder(told_at + timedelta(minutes=acknowledge_minutes), ReminderKind.UNACKNOWLEDGED, sms=True)
        )
    return tuple(sorted((one for one in struck if now < one.at <= now + MAX_WAIT), key=lambda one: (one.at, one.kind)))


def reminder_at(case: Case, moment: ScheduledReminder, deadline: datetime) -> Reminder | NoReminder:
    """What the clock of this deadline says at a moment, given how the case stands then."""
    if reason := _stopped(case, deadline):
        return NoReminder(reason, ends=True)
    if moment.kind is ReminderKind.UNACKNOWLEDGED and case.acknowledged:
        return NoReminder(NoReminderReason.ACKNOWLEDGED, ends=False)
    calm = case.acknowledged and moment.at < deadline - ALL_WITHIN
    return Reminder(
        moment,
        to=str(case.acknowledged.details.get("admin") or ALL_ADMINS) if case.acknowledged and calm else ALL_ADMINS,
        sms=moment.sms and case.proven,
        missing=tuple(open_tasks(case)),
    )


def clock_name(case_id: str, deadline: datetime) -> str:
    """The name of the one execution that is the clock of this case and deadline.

    A name has 80 characters at the most, and a log shows those of letters, digits, dashes and underscores only:
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    seconds = str(int(deadline.timestamp()))
    return f"{re.sub(r'[^0-9A-Za-z_-]', '-', case_id)[: 79 - len(seconds)]}-{seconds}"


def _stopped(case: Case, deadline: datetime) -> NoReminderReason | None:
    """Why the clock has nothing more to say at all."""
    ended = {
        CaseState.ANSWERED: NoReminderReason.ANSWERED,
        CaseState.RESOLVED: NoReminderReason.RESOLVED,
        CaseState.CLOSED: NoReminderReason.CLOSED,
    }
    if case.state in ended:
        return ended[case.state]
    if case.deadline is None or case.deadline.at != deadline:
        return NoReminderReason.MOVED
    return None
