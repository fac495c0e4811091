"""The clock of a case: when its admins are reminded of AWS's deadline, and whether a reminder is still needed.

The times are fixed when the clock starts. Whether to remind is decided when a time has come.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from lambdas.domain.case.case import Case, CaseState, open_tasks
from lambdas.domain.case.timeline import EntryKind

# Within this time before the deadline an SMS is sent, too.
SMS_WITHIN: Final = timedelta(hours=2)
# Within this time before it all admins are reminded, even if one has acknowledged.
ALL_WITHIN: Final = timedelta(hours=1)
# No reminders of a later deadline; Step Functions keeps an execution for a year.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
MAX_WAIT: Final = timedelta(days=90)
ALL_ADMINS: Final = "all"


class ReminderKind(StrEnum):
    """What a reminder is for. Those of one case have the kind of their timeline entry as value."""

    UNACKNOWLEDGED = EntryKind.UNACKNOWLEDGED.value
    REMINDER = EntryKind.REMINDED.value
    OVERDUE = EntryKind.OVERDUE.value
    UNPROVEN_QUESTIONS = "unproven_questions"  # all that wait
    LISTED_MAILS = "listed_mails"  # those of an hour that were not reported one by one


@dataclass(frozen=True, slots=True)
class ScheduledReminder:
    """A reminder at a time (UTC). `sms`: late enough for an SMS, if the case is proven."""

    at: datetime
    kind: ReminderKind
    sms: bool

    def to_json(self) -> dict[str, Any]:
        """For the state machine, which waits until `at`."""
        return {"at": self.at.isoformat(), "kind": self.kind.value, "sms": self.sms}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ScheduledReminder":
        """The inverse of `to_json`."""
        return cls(datetime.fromisoformat(data["at"]), ReminderKind(data["kind"]), data["sms"])


class NoReminderReason(StrEnum):
    """Why nobody is reminded."""

    ANSWERED = "an admin has answered AWS"
    RESOLVED = "AWS says that the case is resolved"
    CLOSED = "an admin has closed the case"
    MOVED = "AWS has set another deadline, which has a clock of its own"
    ACKNOWLEDGED = "an admin is on it"


@dataclass(frozen=True, slots=True)
class Reminder:
    """A due reminder to ALL_ADMINS or to one address, with the `missing` tasks (keys of `open_tasks`)."""

    moment: ScheduledReminder
    to: str
    sms: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoReminder:
    """No reminder now. `ends`: no later one either."""

    reason: NoReminderReason
    ends: bool


def schedule_reminders(
    deadline: datetime,
    received_at: datetime,
    now: datetime,
    remind_hours: Sequence[float],
    acknowledge_minutes: int | None,
) -> tuple[ScheduledReminder, ...]:
    """The future reminders of a clock that starts `now`, in order.

    `received_at` is when the notice to be acknowledged came in.
    """
    reminders = [
        ScheduledReminder(
            deadline - timedelta(hours=hours), ReminderKind.REMINDER, timedelta(hours=hours) <= SMS_WITHIN
        )
        for hours in remind_hours
    ]
    reminders.append(ScheduledReminder(deadline, ReminderKind.OVERDUE, sms=True))
    if acknowledge_minutes is not None:
        reminders.append(
            ScheduledReminder(
                received_at + timedelta(minutes=acknowledge_minutes), ReminderKind.UNACKNOWLEDGED, sms=True
            )
        )
    return tuple(
        sorted(
            (reminder for reminder in reminders if now < reminder.at <= now + MAX_WAIT),
            key=lambda reminder: (reminder.at, reminder.kind),
        )
    )


def reminder_at(case: Case, moment: ScheduledReminder, deadline: datetime) -> Reminder | NoReminder:
    """Whom to remind at this moment, given the case as it is now."""
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
    """The name of the only execution that is the clock of this case and deadline.

    A name has up to 80 characters. Only letters, digits, dashes and underscores are logged:
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    seconds = str(int(deadline.timestamp()))
    return f"{re.sub(r'[^0-9A-Za-z_-]', '-', case_id)[: 79 - len(seconds)]}-{seconds}"


def _stopped(case: Case, deadline: datetime) -> NoReminderReason | None:
    """Why the clock has ended; None if it has not."""
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
