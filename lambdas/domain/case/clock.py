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

from lambdas.domain.case.case import CaseFile, State, missing
from lambdas.domain.case.timeline import What

# From so long before the deadline on an SMS goes out beside the mail.
SMS_WITHIN: Final = timedelta(hours=2)
# From so long before it on one admin who is on it is not enough: all hear of it again.
ALL_WITHIN: Final = timedelta(hours=1)
# What AWS asks for later than that is told in its report only; Step Functions keeps an execution for a year.
# https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
LONGEST: Final = timedelta(days=90)
EVERYBODY: Final = "all"


class Kind(StrEnum):
    """What a moment is for; the value is also that of the entry in the timeline."""

    UNACKNOWLEDGED = What.UNACKNOWLEDGED.value
    REMINDER = What.REMINDED.value
    OVERDUE = What.OVERDUE.value


@dataclass(frozen=True, slots=True)
class Moment:
    """A time (UTC) at which the clock strikes. `sms`: late enough for an SMS, if the case is proven to be AWS's."""

    at: datetime
    kind: Kind
    sms: bool

    def to_json(self) -> dict[str, Any]:
        """The moment as the state machine keeps it; Step Functions waits until `at`."""
        return {"at": self.at.isoformat(), "kind": self.kind.value, "sms": self.sms}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Moment":
        """The moment that `to_json` was made of."""
        return cls(datetime.fromisoformat(data["at"]), Kind(data["kind"]), data["sms"])


class Reason(StrEnum):
    """Why a clock says nothing."""

    ANSWERED = "an admin has answered AWS"
    RESOLVED = "AWS says that the case is resolved"
    CLOSED = "an admin has closed the case"
    MOVED = "AWS has set another deadline, which has a clock of its own"
    ACKNOWLEDGED = "an admin is on it"


@dataclass(frozen=True, slots=True)
class Reminder:
    """What is said: to `EVERYBODY` or to one admin's address, and what is `missing` (keys of `case_file.missing`)."""

    moment: Moment
    to: str
    sms: bool
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """Nothing is said at this moment. `ends`: nor at any later one."""

    reason: Reason
    ends: bool


def moments(
    deadline: datetime,
    told_at: datetime,
    now: datetime,
    remind_hours: Sequence[float],
    acknowledge_minutes: int | None,
) -> tuple[Moment, ...]:
    """The moments still ahead of a clock that is set `now`, in their order; none where all have passed.

    `told_at` is when the notice came in, of which somebody has to say that they are on it.
    """
    struck = [
        Moment(deadline - timedelta(hours=one), Kind.REMINDER, timedelta(hours=one) <= SMS_WITHIN)
        for one in remind_hours
    ]
    struck.append(Moment(deadline, Kind.OVERDUE, sms=True))
    if acknowledge_minutes is not None:
        struck.append(Moment(told_at + timedelta(minutes=acknowledge_minutes), Kind.UNACKNOWLEDGED, sms=True))
    return tuple(sorted((one for one in struck if now < one.at <= now + LONGEST), key=lambda one: (one.at, one.kind)))


def said_at(case: CaseFile, moment: Moment, deadline: datetime) -> Reminder | Silence:
    """What the clock of this deadline says at a moment, given how the case stands then."""
    if reason := _stopped(case, deadline):
        return Silence(reason, ends=True)
    if moment.kind is Kind.UNACKNOWLEDGED and case.acknowledged:
        return Silence(Reason.ACKNOWLEDGED, ends=False)
    calm = case.acknowledged and moment.at < deadline - ALL_WITHIN
    return Reminder(
        moment,
        to=str(case.acknowledged.facts.get("admin") or EVERYBODY) if case.acknowledged and calm else EVERYBODY,
        sms=moment.sms and case.proven,
        missing=tuple(missing(case)),
    )


def clock_name(case_id: str, deadline: datetime) -> str:
    """The name of the one execution that is the clock of this case and deadline.

    A name has 80 characters at the most, and a log shows those of letters, digits, dashes and underscores only:
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    seconds = str(int(deadline.timestamp()))
    return f"{re.sub(r'[^0-9A-Za-z_-]', '-', case_id)[: 79 - len(seconds)]}-{seconds}"


def _stopped(case: CaseFile, deadline: datetime) -> Reason | None:
    """Why the clock has nothing more to say at all."""
    ended = {State.ANSWERED: Reason.ANSWERED, State.RESOLVED: Reason.RESOLVED, State.CLOSED: Reason.CLOSED}
    if case.state in ended:
        return ended[case.state]
    if case.deadline is None or case.deadline.at != deadline:
        return Reason.MOVED
    return None
