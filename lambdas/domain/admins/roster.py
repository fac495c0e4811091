"""The admins of the settings compared with the SNS subscriptions, and what to report.

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
# An unchanged finding is reported again only after a week, so that people keep reading the reports.
REPEAT_AFTER: Final = timedelta(days=7)
# What ListSubscriptionsByTopic lists in place of an ARN. An unsubscribed one is listed as "Deleted" for days.
_PENDING: Final = "PendingConfirmation"


class AdminTopic(StrEnum):
    """The two topics that an admin is subscribed to."""

    CASES = "cases"
    ALARMS = "alarms"


class DeliveryProblem(StrEnum):
    """Why a message does not reach an admin, or reaches somebody else."""

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
    """A subscription that the settings ask for. `policy` None means no filter."""

    topic: AdminTopic
    protocol: str
    endpoint: str
    name: str
    policy: Mapping[str, Sequence[str]] | None


@dataclass(frozen=True, slots=True)
class ActualSubscription:
    """A subscription in SNS. `arn` and `policy` are None until it is confirmed."""

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
    """A difference from the settings. `words` come from SNS or are an ARN; `occurrence` is an SMS's message id."""

    trouble: DeliveryProblem
    topic: AdminTopic | None = None
    protocol: str = ""
    endpoint: str = ""
    name: str = ""
    words: str = ""
    occurrence: str = ""
    done: RepairResult = RepairResult.NOTHING
    policy: Mapping[str, Sequence[str]] | None = None

    @property
    def undelivered(self) -> bool:
        """Whether nothing is delivered until somebody confirms or subscribes it."""
        return self.trouble in {DeliveryProblem.UNCONFIRMED, DeliveryProblem.MISSING}

    @property
    def key(self) -> str:
        """The same every day: a missing subscription that was requested again is unconfirmed the next day."""
        what = "undelivered" if self.undelivered else self.trouble.value
        return "#".join((what, self.topic or "", self.protocol, self.endpoint.casefold(), self.occurrence))

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
    """How many of the admins' subscriptions deliver messages."""

    cases: int  # by e-mail
    alarms: int
    sms: int

    @property
    def is_empty(self) -> bool:
        """Whether no message reaches anybody."""
        return not (self.cases or self.alarms or self.sms)


@dataclass(frozen=True, slots=True)
class OpenFinding:
    """A finding, and when it was first seen."""

    finding: RosterFinding
    since: datetime
    new: bool


@dataclass(frozen=True, slots=True)
class RosterChanges:
    """What changed since the last report. `reach` is None if it could not be read."""

    at: datetime
    standing: tuple[OpenFinding, ...]
    fixed: tuple[RosterFinding, ...]
    reach: ReachCounts | None
    due: bool  # whether to report now

    @property
    def no_admin_gets_case_mail(self) -> bool:
        """Whether it is known that no admin gets mail about cases."""
        return self.reach is not None and not self.reach.cases

    @property
    def no_admin_gets_alarm_mail(self) -> bool:
        """Whether it is known that no admin gets alarms by mail."""
        return self.reach is not None and not self.reach.alarms

    @property
    def also_by_alarms_topic(self) -> bool:
        """Whether the report must go to the alarms topic too, because the cases topic may reach nobody."""
        return self.reach is None or not self.reach.cases


@dataclass(frozen=True, slots=True)
class LastRosterReport:
    """The findings of the last report by key, each with the time it was first seen."""

    at: datetime
    findings: Mapping[str, tuple[RosterFinding, datetime]]

    def to_json(self) -> dict[str, Any]:
        findings = [
            {"finding": finding.to_json(), "since": since.isoformat()} for finding, since in self.findings.values()
        ]
        return {"at": self.at.isoformat(), "findings": findings}

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
    """The differences in the order of the settings, then the subscriptions that the settings do not name."""
    # A confirmed subscription hides an unconfirmed one of the same endpoint, which SNS deletes after 48 hours.
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
    # SNS sends nothing to an unconfirmed subscription, and deletes it after 48 hours.
    strangers = sorted((one for one in by_place.values() if one.arn), key=_place)
    found += [
        RosterFinding(DeliveryProblem.STRANGER, one.topic, one.protocol, one.endpoint, words=one.arn or "")
        for one in strangers
    ]
    return tuple(found)


def compare_phones(admins: Iterable[Admin], phones: PhoneStatus) -> tuple[RosterFinding, ...]:
    """Why an SMS may not reach an admin, according to SNS."""
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
            found.append(replace(about, trouble=DeliveryProblem.SMS_FAILED, words=words, occurrence=message))
    return tuple(found)


def count_reachable(asked: Iterable[ExpectedSubscription], findings: Iterable[RosterFinding]) -> ReachCounts:
    """Count the expected subscriptions that deliver messages."""
    stopped = {_place(one) for one in findings if one.undelivered and one.done is not RepairResult.SUBSCRIBED}
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
    """What has changed since the last report. A report is due after a change, or after a week with open findings.

    A check that could read nothing (`reached` None) fixes nothing: earlier findings stay open.
    """
    before = dict(told.findings) if told else {}
    current = {one.key: one for one in findings}
    if reached is None:
        current = {key: one for key, (one, _) in before.items()} | current
    standing = tuple(
        OpenFinding(one, before[key][1] if key in before else now, key not in before) for key, one in current.items()
    )
    gone = tuple(one for key, (one, _) in before.items() if key not in current)
    # An older failed SMS leaves the log after a day. That does not show that the next SMS will arrive.
    fixed = tuple(one for one in gone if one.trouble is not DeliveryProblem.SMS_FAILED)
    late = told is not None and bool(standing) and now - told.at >= REPEAT_AFTER
    return RosterChanges(now, standing, fixed, reached, due=late or bool(fixed) or any(one.new for one in standing))


def as_last_report(current: RosterChanges) -> LastRosterReport:
    """What the next check compares with."""
    return LastRosterReport(current.at, {one.finding.key: (one.finding, one.since) for one in current.standing})


def mask_phone(number: str) -> str:
    """A phone number that only people who know it recognise: "+12*******23"."""
    return number[:3] + "*" * max(len(number) - 5, 0) + number[-2:] if len(number) > 5 else "*" * len(number)


def _place(one: ExpectedSubscription | ActualSubscription | RosterFinding) -> tuple[str, str, str]:
    return (one.topic or "", one.protocol, one.endpoint.casefold())


def _sets(policy: Mapping[str, Any] | None) -> dict[str, Any]:
    """A filter policy with sorted values, because their order means nothing."""
    return {
        key: sorted(map(str, values)) if isinstance(values, list | tuple) else values
        for key, values in (policy or {}).items()
    }
