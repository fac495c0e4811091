"""How much of the admins' attention unproven mail gets: anybody can write it, and as often as they like.

A few mails an hour are reported one by one, in lanes that cannot use up each other's slots. The others are listed in
one mail after the hour. The questions of unproven mails share one clock for each window.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from lambdas.domain.case.clock import ReminderKind, ScheduledReminder
from lambdas.domain.case.table_keys import LANE_PREFIX, LISTED_MAILS_PREFIX, UNPROVEN_QUESTIONS_PREFIX
from lambdas.domain.clean import one_line
from lambdas.domain.intake.notice import Notice, Proof

# Mails an hour that are reported one by one.
MAX_FOR_INSTANCE: Final = 3  # for each instance of ours that they name
MAX_FORWARDED: Final = 20  # from the forwarders in the settings
MAX_OTHERS: Final = 5
# Unproven mails in one case; further ones open their own.
MAX_IN_CASE: Final = 20
# The list is sent when all mails of its hour are on it.
LIST_AFTER: Final = timedelta(minutes=2)
REMIND_AFTER: Final = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=20))
WINDOW: Final = timedelta(hours=6)

_HOUR = "%Y-%m-%dT%H"
# Of a text in the list; it may be a stranger's.
_MAX_TEXT = 120
# Of the values of a mail that the list shows.
_MAX_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Lane:
    """A share of the mails of an hour: the sort key of its slots, and how many it has."""

    key: str
    slots: int


def lanes(proof: Proof, instances: Sequence[str]) -> tuple[Lane, ...]:
    """The lanes of which any may take the mail. `instances` are those of ours that it names."""
    forwarded = [Lane(f"{LANE_PREFIX}forwarded", MAX_FORWARDED)] if proof.trusted else []
    named = [Lane(f"{LANE_PREFIX}{instance_id}", MAX_FOR_INSTANCE) for instance_id in dict.fromkeys(instances)]
    return (*forwarded, *named) or (Lane(f"{LANE_PREFIX}others", MAX_OTHERS),)


@dataclass(frozen=True, slots=True)
class ListedMail:
    """A mail in the list of its hour. All values are short; the mail itself is in the bucket."""

    received_at: datetime
    sender: str
    subject: str
    cases: tuple[str, ...]
    instances: tuple[str, ...]  # those of ours that it names
    mail: str

    def to_json(self) -> dict[str, Any]:
        """For the case table."""
        return {
            "received_at": self.received_at.isoformat(),
            "sender": self.sender,
            "subject": self.subject,
            "cases": list(self.cases),
            "instances": list(self.instances),
            "mail": self.mail,
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "ListedMail":
        """The inverse of `to_json`."""
        return cls(
            datetime.fromisoformat(data["received_at"]),
            data["sender"],
            data["subject"],
            tuple(data["cases"]),
            tuple(data["instances"]),
            data["mail"],
        )


def listed_mail(notice: Notice, received_at: datetime, instances: Iterable[str], mail: str) -> ListedMail:
    """What the list says about a mail."""
    return ListedMail(
        received_at,
        one_line(notice.sender, _MAX_TEXT),
        one_line(notice.subject, _MAX_TEXT),
        tuple(one_line(number, _MAX_TEXT) for number in notice.case_numbers[:_MAX_SHOWN]),
        tuple(dict.fromkeys(instances))[:_MAX_SHOWN],
        mail,
    )


@dataclass(frozen=True, slots=True)
class SharedClock:
    """A clock that several mails or questions share: what they are kept under, and when it reminds."""

    name: str
    partition: str
    reminders: tuple[ScheduledReminder, ...]

    def to_json(self) -> dict[str, Any]:
        """What "Start clock" starts: an execution of this name runs only once."""
        return {
            "name": self.name,
            "case": self.partition,
            "deadline": self.reminders[-1].at.isoformat(),
            "moments": [reminder.to_json() for reminder in self.reminders],
        }


def list_clock(now: datetime) -> SharedClock:
    """The clock that sends the list of the mails of this hour, soon after it."""
    hour = now.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    at = hour + timedelta(hours=1) + LIST_AFTER
    return SharedClock(
        f"listed-mails-{hour:{_HOUR}}",
        f"{LISTED_MAILS_PREFIX}{hour:{_HOUR}}",
        (ScheduledReminder(at, ReminderKind.LISTED_MAILS, sms=False),),
    )


def questions_clock(now: datetime) -> SharedClock:
    """The clock of the questions of this window. The first of them starts it."""
    window = _window(now)
    return SharedClock(
        f"unproven-questions-{window:{_HOUR}}",
        f"{UNPROVEN_QUESTIONS_PREFIX}{window:{_HOUR}}",
        tuple(ScheduledReminder(now + after, ReminderKind.UNPROVEN_QUESTIONS, sms=False) for after in REMIND_AFTER),
    )


def recent_question_partitions(now: datetime) -> tuple[str, ...]:
    """Where the questions are about which a reminder may still come, the oldest first."""
    count = (REMIND_AFTER[-1] + WINDOW) // WINDOW + 1
    windows = (_window(now) - number * WINDOW for number in reversed(range(count)))
    return tuple(f"{UNPROVEN_QUESTIONS_PREFIX}{window:{_HOUR}}" for window in windows)


def _window(now: datetime) -> datetime:
    day = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    return day + (now - day) // WINDOW * WINDOW
