"""Whom SNS reaches: the admins of the settings against the subscriptions that are there, and what is told of it.

SNS drops an e-mail subscription that nobody has confirmed after 48 hours, takes one off when anybody opens the
unsubscribe link of a mail, and suspends one that gets too many mails, which then waits for a confirmation again.
https://aws.amazon.com/about-aws/whats-new/2023/05/amazon-sns-automatic-deletion-unconfirmed-subscriptions/
https://repost.aws/knowledge-center/sns-email-subscription-disabled
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final, Self

from lambdas.domain.case.clock import ALL_ADMINS
from lambdas.domain.settings.settings import Admin

EMAIL: Final = "email"
SMS: Final = "sms"
# What stands unchanged is told again after so long, so that nobody forgets it and nobody stops reading it.
REPEAT_AFTER: Final = timedelta(days=7)
# What ListSubscriptionsByTopic shows in place of an ARN. One that is unsubscribed stands there as "Deleted" for days.
_PENDING: Final = "PendingConfirmation"


class AdminTopic(StrEnum):
    """The two topics that an admin is subscribed to."""

    CASES = "cases"
    ALARMS = "alarms"


class DeliveryProblem(StrEnum):
    """What keeps a message from an admin, or brings it to somebody else."""

    UNCONFIRMED = "unconfirmed"  # subscribed, and nobody has confirmed it
    MISSING = "missing"  # not subscribed any more
    OTHER_FILTER = "other_filter"  # gets something else than the settings say
    STRANGER = "stranger"  # subscribed, and the settings do not name it
    OPTED_OUT = "opted_out"  # the phone has answered STOP
    NOT_VERIFIED = "not_verified"  # SNS sends SMS to verified numbers only, and this is none
    SMS_FAILED = "sms_failed"  # an SMS did not arrive, says the delivery log
    SMS_UNKNOWN = "sms_unknown"  # what SNS knows of the phones could not be read
    NOT_CHECKED = "not_checked"  # nothing could be read


class RepairResult(StrEnum):
    """What the responder did about it."""

    NOTHING = "nothing"
    ASKED = "asked"  # SNS has sent a confirmation mail
    ASKED_TODAY = "asked_today"  # an earlier check of this day has had it sent
    SUBSCRIBED = "subscribed"  # an SMS needs no confirmation
    REFUSED = "refused"  # SNS has refused to subscribe it


@dataclass(frozen=True, slots=True)
class ExpectedSubscription:
    """One subscription that the settings ask for. `policy` None lets everything through."""

    topic: AdminTopic
    protocol: str
    endpoint: str
    name: str
    policy: Mapping[str, Sequence[str]] | None


@dataclass(frozen=True, slots=True)
class ActualSubscription:
    """One subscription that is there. `arn` is None until it is confirmed; `policy` is known only then."""

    topic: AdminTopic
    protocol: str
    endpoint: str
    arn: str | None
    policy: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class PhoneStatus:
    """What SNS says of the admins' numbers. `verified` is None outside SNS's sandbox for SMS.

    `failures` are the provider's words for the newest SMS of the last day that did not arrive, by number, with the id
    of that message. `trouble` says why nothing could be read.
    """

    opted_out: Collection[str] = ()
    verified: Collection[str] | None = None
    failures: Mapping[str, tuple[str, str]] | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class RosterFinding:
    """Something that does not stand as the settings say. `words` are SNS's or an ARN, `once` what it happened to."""

    trouble: DeliveryProblem
    topic: AdminTopic | None = None
    protocol: str = ""
    endpoint: str = ""
    name: str = ""
    words: str = ""
    once: str = ""
    done: RepairResult = RepairResult.NOTHING
    policy: Mapping[str, Sequence[str]] | None = None

    @property
    def silent(self) -> bool:
        """Whether nothing comes through until somebody has confirmed or subscribed it."""
        return self.trouble in {DeliveryProblem.UNCONFIRMED, DeliveryProblem.MISSING}

    @property
    def key(self) -> str:
        """The same tomorrow for the same thing: what is missing and subscribed again is unconfirmed the next day."""
        what = "silent" if self.silent else self.trouble.value
        return "#".join((what, self.topic or "", self.protocol, self.endpoint.casefold(), self.once))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Self:
        topic = AdminTopic(item["topic"]) if item["topic"] else None
        return cls(
            **{**item, "trouble": DeliveryProblem(item["trouble"]), "topic": topic, "done": RepairResult(item["done"])}
        )


@dataclass(frozen=True, slots=True)
class ReachCounts:
    """How many of the admins' subscriptions let something through."""

    cases: int  # by e-mail
    alarms: int
    sms: int

    @property
    def nobody(self) -> bool:
        """Whether no message reaches anybody."""
        return not (self.cases or self.alarms or self.sms)


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding, and the check that has seen it first."""

    finding: RosterFinding
    since: datetime
    new: bool


@dataclass(frozen=True, slots=True)
class RosterChanges:
    """What is told after a check. `count_reachable` is None where it could not be read."""

    at: datetime
    standing: tuple[OpenFinding, ...]
    mended: tuple[RosterFinding, ...]
    reach: ReachCounts | None
    due: bool  # whether it is to be told now

    @property
    def cases_reach_nobody(self) -> bool:
        """Whether no admin gets the mails about cases, as far as is known."""
        return self.reach is not None and not self.reach.cases

    @property
    def alarms_reach_nobody(self) -> bool:
        """Whether no admin gets the alarms, as far as is known."""
        return self.reach is not None and not self.reach.alarms

    @property
    def by_alarms_too(self) -> bool:
        """Whether the topic of the cases cannot be relied on to tell it."""
        return self.reach is None or not self.reach.cases


@dataclass(frozen=True, slots=True)
class LastRosterReport:
    """What was told last, by the keys of the findings, with when each was first seen."""

    at: datetime
    findings: Mapping[str, tuple[RosterFinding, datetime]]

    def to_json(self) -> dict[str, Any]:
        kept = [{"finding": one.to_json(), "since": since.isoformat()} for one, since in self.findings.values()]
        return {"at": self.at.isoformat(), "findings": kept}

    @classmethod
    def from_json(cls, item: Mapping[str, Any]) -> Self:
        kept = [
            (RosterFinding.from_json(one["finding"]), datetime.fromisoformat(one["since"])) for one in item["findings"]
        ]
        return cls(datetime.fromisoformat(item["at"]), {one.key: (one, since) for one, since in kept})


def expected_subscriptions(admins: Iterable[Admin]) -> tuple[ExpectedSubscription, ...]:
    """The subscriptions that stacks/admins.py makes of the settings; a test holds the two together."""
    asked = []
    for admin in admins:
        asked.append(ExpectedSubscription(AdminTopic.CASES, EMAIL, admin.email, admin.name, _only(EMAIL, admin)))
        if admin.phone:
            asked.append(ExpectedSubscription(AdminTopic.CASES, SMS, admin.phone, admin.name, _only(SMS, admin)))
        asked.append(ExpectedSubscription(AdminTopic.ALARMS, EMAIL, admin.email, admin.name, None))
    return tuple(asked)


def _only(channel: str, admin: Admin) -> dict[str, list[str]]:
    return {
        "channel": [channel],
        "language": [admin.language],
        "time_zone": [admin.time_zone],
        "to": [ALL_ADMINS, admin.email.lower()],
    }


def parse_subscription(topic: AdminTopic, listed: Mapping[str, str]) -> ActualSubscription | None:
    """A subscription as ListSubscriptionsByTopic shows it; None for one that is taken off and still shown.

    https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
    """
    arn = listed["SubscriptionArn"]
    if arn != _PENDING and not arn.startswith("arn:"):
        return None
    return ActualSubscription(topic, listed["Protocol"], listed["Endpoint"], None if arn == _PENDING else arn)


def compare_subscriptions(
    asked: Iterable[ExpectedSubscription], there: Iterable[ActualSubscription]
) -> tuple[RosterFinding, ...]:
    """What is not as the settings say, in the order of the settings, then whoever they do not name."""
    # One that is confirmed hides a second one that is not: that one ends by itself.
    by_place = {_place(one): one for one in sorted(there, key=lambda one: one.arn is not None)}
    found = []
    for one in asked:
        now = by_place.pop(_place(one), None)
        about = RosterFinding(
            DeliveryProblem.MISSING, one.topic, one.protocol, one.endpoint, one.name, policy=one.policy
        )
        if now is None:
            found.append(about)
        elif now.arn is None:
            found.append(replace(about, trouble=DeliveryProblem.UNCONFIRMED))
        elif _sets(now.policy) != _sets(one.policy):
            found.append(replace(about, trouble=DeliveryProblem.OTHER_FILTER, words=now.arn))
    # One that nobody has confirmed gets nothing, and ends by itself.
    strangers = sorted((one for one in by_place.values() if one.arn), key=_place)
    found += [
        RosterFinding(DeliveryProblem.STRANGER, one.topic, one.protocol, one.endpoint, words=one.arn or "")
        for one in strangers
    ]
    return tuple(found)


def compare_phones(admins: Iterable[Admin], phones: PhoneStatus) -> tuple[RosterFinding, ...]:
    """What keeps an SMS from an admin, as far as SNS shows it."""
    if phones.trouble:
        return (RosterFinding(DeliveryProblem.SMS_UNKNOWN, protocol=SMS, words=phones.trouble),)
    found = []
    for admin in admins:
        if not admin.phone:
            continue
        about = RosterFinding(DeliveryProblem.OPTED_OUT, AdminTopic.CASES, SMS, admin.phone, admin.name)
        if admin.phone in phones.opted_out:
            found.append(about)
        if phones.verified is not None and admin.phone not in phones.verified:
            found.append(replace(about, trouble=DeliveryProblem.NOT_VERIFIED))
        if failure := (phones.failures or {}).get(admin.phone):
            words, message = failure
            found.append(replace(about, trouble=DeliveryProblem.SMS_FAILED, words=words, once=message))
    return tuple(found)


def count_reachable(asked: Iterable[ExpectedSubscription], findings: Iterable[RosterFinding]) -> ReachCounts:
    """What comes through: all that was asked for and is neither silent nor kept from its phone."""
    stopped = {_place(one) for one in findings if one.silent and one.done is not RepairResult.SUBSCRIBED}
    stopped |= {
        _place(one) for one in findings if one.trouble in {DeliveryProblem.OPTED_OUT, DeliveryProblem.NOT_VERIFIED}
    }
    open_ones = [one for one in asked if _place(one) not in stopped]
    return ReachCounts(
        cases=sum(one.topic is AdminTopic.CASES and one.protocol == EMAIL for one in open_ones),
        alarms=sum(one.topic is AdminTopic.ALARMS for one in open_ones),
        sms=sum(one.protocol == SMS for one in open_ones),
    )


def roster_changes(
    told: LastRosterReport | None, findings: Sequence[RosterFinding], reached: ReachCounts | None, now: datetime
) -> RosterChanges:
    """What has changed since it was told last; it is due where anything has, or where it stands for a week more.

    A check that could read nothing (`reached` None) mends nothing: what stood before counts as standing.
    """
    before = dict(told.findings) if told else {}
    current = {one.key: one for one in findings}
    if reached is None:
        current = {key: one for key, (one, _) in before.items()} | current
    standing = tuple(
        OpenFinding(one, before[key][1] if key in before else now, key not in before) for key, one in current.items()
    )
    gone = tuple(one for key, (one, _) in before.items() if key not in current)
    # That an SMS has failed is over with the day; whether the next one arrives is not known yet.
    mended = tuple(one for one in gone if one.trouble is not DeliveryProblem.SMS_FAILED)
    late = told is not None and bool(standing) and now - told.at >= REPEAT_AFTER
    return RosterChanges(now, standing, mended, reached, due=late or bool(mended) or any(one.new for one in standing))


def as_last_report(current: RosterChanges) -> LastRosterReport:
    """What the next check compares with."""
    return LastRosterReport(current.at, {one.finding.key: (one.finding, one.since) for one in current.standing})


def mask_phone(number: str) -> str:
    """A phone number by which those who know it know it: "+12*******23"."""
    return number[:3] + "*" * max(len(number) - 5, 0) + number[-2:] if len(number) > 5 else "*" * len(number)


def _place(one: ExpectedSubscription | ActualSubscription | RosterFinding) -> tuple[str, str, str]:
    return (one.topic or "", one.protocol, one.endpoint.casefold())


def _sets(policy: Mapping[str, Any] | None) -> dict[str, Any]:
    """A filter policy, in which the order of what is let through says nothing."""
    return {
        key: sorted(map(str, values)) if isinstance(values, list | tuple) else values
        for key, values in (policy or {}).items()
    }
