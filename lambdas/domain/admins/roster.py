"""The admins of the settings compared with the SNS subscriptions, and what to report.

SNS deletes an e-mail subscription that is not confirmed within 48 hours. It removes one when anybody opens the
unsubscribe link of a mail, and suspends one that gets too many mails until it is confirmed again.
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

    UNCONFIRMED = "unconfirmed"
    MISSING = "missing"  # no longer subscribed
    OTHER_FILTER = "other_filter"  # the filter differs from the settings
    STRANGER = "stranger"  # subscribed, but not in the settings
    OPTED_OUT = "opted_out"  # the phone has answered STOP
    NOT_VERIFIED = "not_verified"  # in the sandbox, SNS sends SMS to verified numbers only
    SMS_FAILED = "sms_failed"  # according to the delivery log
    SMS_UNKNOWN = "sms_unknown"  # SNS did not tell the status of the phones
    NOT_CHECKED = "not_checked"  # nothing could be read


class RepairResult(StrEnum):
    """What the responder did about it."""

    NOTHING = "nothing"
    ASKED = "asked"  # SNS has sent a confirmation mail
    ASKED_TODAY = "asked_today"  # an earlier check today did that
    SUBSCRIBED = "subscribed"  # an SMS needs no confirmation
    REFUSED = "refused"


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
    """What SNS says about the admins' numbers. `verified` is None outside SNS's sandbox for SMS.

    `failures` has, by number, the provider's reason and the message id of the newest SMS of the last day that failed.
    `problem` says why nothing could be read.
    """

    opted_out: Collection[str] = ()
    verified: Collection[str] | None = None
    failures: Mapping[str, tuple[str, str]] | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RosterFinding:
    """A difference from the settings. `words` come from SNS or are an ARN; `occurrence` is an SMS's message id."""

    problem: DeliveryProblem
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
        return self.problem in {DeliveryProblem.UNCONFIRMED, DeliveryProblem.MISSING}

    @property
    def key(self) -> str:
        """The same every day: a missing subscription that was requested again is unconfirmed the next day."""
        problem = "undelivered" if self.undelivered else self.problem.value
        return "#".join((problem, self.topic or "", self.protocol, self.endpoint.casefold(), self.occurrence))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        topic = AdminTopic(data["topic"]) if data["topic"] else None
        problem, done = DeliveryProblem(data["problem"]), RepairResult(data["done"])
        return cls(**{**data, "problem": problem, "topic": topic, "done": done})


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

    def to_json(self) -> dict[str, int]:
        return asdict(self)

    @classmethod
    def from_json(cls, data: Mapping[str, int]) -> Self:
        return cls(**data)


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
    open_findings: tuple[OpenFinding, ...]
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
    def from_json(cls, data: Mapping[str, Any]) -> Self:
        findings = [
            (RosterFinding.from_json(entry["finding"]), datetime.fromisoformat(entry["since"]))
            for entry in data["findings"]
        ]
        return cls(datetime.fromisoformat(data["at"]), {finding.key: (finding, since) for finding, since in findings})


def expected_subscriptions(admins: Iterable[Admin]) -> tuple[ExpectedSubscription, ...]:
    """The subscriptions that stacks/admins.py creates from the settings. A test compares the two."""
    subscriptions = []
    for admin in admins:
        for protocol, endpoint in ((EMAIL, admin.email), (SMS, admin.phone)):
            if endpoint:
                policy = _filter_policy(protocol, admin)
                subscriptions.append(ExpectedSubscription(AdminTopic.CASES, protocol, endpoint, admin.name, policy))
        subscriptions.append(ExpectedSubscription(AdminTopic.ALARMS, EMAIL, admin.email, admin.name, None))
    return tuple(subscriptions)


def _filter_policy(channel: str, admin: Admin) -> dict[str, list[str]]:
    return {
        "channel": [channel],
        "language": [admin.language],
        "time_zone": [admin.time_zone],
        "to": [ALL_ADMINS, admin.email.lower()],
    }


def parse_subscription(topic: AdminTopic, listed: Mapping[str, str]) -> ActualSubscription | None:
    """A subscription as ListSubscriptionsByTopic shows it. None for one that was removed and is still listed.

    https://docs.aws.amazon.com/sns/latest/api/API_ListSubscriptionsByTopic.html
    """
    arn = listed["SubscriptionArn"]
    if arn != _PENDING and not arn.startswith("arn:"):
        return None
    return ActualSubscription(topic, listed["Protocol"], listed["Endpoint"], None if arn == _PENDING else arn)


def compare_subscriptions(
    expected: Iterable[ExpectedSubscription], actual: Iterable[ActualSubscription]
) -> tuple[RosterFinding, ...]:
    """The differences in the order of the settings, then the subscriptions that the settings do not name."""
    # A confirmed subscription hides an unconfirmed one of the same endpoint, which SNS deletes after 48 hours.
    remaining = {_key(subscription): subscription for subscription in sorted(actual, key=lambda item: bool(item.arn))}
    findings = []
    for wanted in expected:
        current = remaining.pop(_key(wanted), None)
        missing = RosterFinding(
            DeliveryProblem.MISSING, wanted.topic, wanted.protocol, wanted.endpoint, wanted.name, policy=wanted.policy
        )
        if current is None:
            findings.append(missing)
        elif current.arn is None:
            findings.append(replace(missing, problem=DeliveryProblem.UNCONFIRMED))
        elif _sorted_values(current.policy) != _sorted_values(wanted.policy):
            findings.append(replace(missing, problem=DeliveryProblem.OTHER_FILTER, words=current.arn))
    findings += [
        RosterFinding(
            DeliveryProblem.STRANGER, stranger.topic, stranger.protocol, stranger.endpoint, words=stranger.arn
        )
        for stranger in sorted(remaining.values(), key=_key)
        if stranger.arn  # SNS sends nothing to an unconfirmed subscription
    ]
    return tuple(findings)


def compare_phones(admins: Iterable[Admin], phones: PhoneStatus) -> tuple[RosterFinding, ...]:
    """Why an SMS may not reach an admin, according to SNS."""
    if phones.problem:
        return (RosterFinding(DeliveryProblem.SMS_UNKNOWN, protocol=SMS, words=phones.problem),)
    findings = []
    for admin in admins:
        if not admin.phone:
            continue
        opted_out = RosterFinding(DeliveryProblem.OPTED_OUT, AdminTopic.CASES, SMS, admin.phone, admin.name)
        if admin.phone in phones.opted_out:
            findings.append(opted_out)
        if phones.verified is not None and admin.phone not in phones.verified:
            findings.append(replace(opted_out, problem=DeliveryProblem.NOT_VERIFIED))
        if failure := (phones.failures or {}).get(admin.phone):
            words, message_id = failure
            findings.append(replace(opted_out, problem=DeliveryProblem.SMS_FAILED, words=words, occurrence=message_id))
    return tuple(findings)


def count_reachable(expected: Iterable[ExpectedSubscription], findings: Iterable[RosterFinding]) -> ReachCounts:
    """Count the expected subscriptions that deliver messages."""
    blocked = {
        _key(finding)
        for finding in findings
        if (finding.undelivered and finding.done is not RepairResult.SUBSCRIBED)
        or finding.problem in {DeliveryProblem.OPTED_OUT, DeliveryProblem.NOT_VERIFIED}
    }
    working = [subscription for subscription in expected if _key(subscription) not in blocked]
    return ReachCounts(
        cases=sum((item.topic, item.protocol) == (AdminTopic.CASES, EMAIL) for item in working),
        alarms=sum(item.topic is AdminTopic.ALARMS for item in working),
        sms=sum(item.protocol == SMS for item in working),
    )


def roster_changes(
    last: LastRosterReport | None, findings: Sequence[RosterFinding], reach: ReachCounts | None, now: datetime
) -> RosterChanges:
    """What has changed since the last report. A report is due after a change, or after a week with open findings.

    A check that could read nothing (`reach` None) fixes nothing: earlier findings stay open.
    """
    before = dict(last.findings) if last else {}
    current = {finding.key: finding for finding in findings}
    if reach is None:
        current = {key: finding for key, (finding, _) in before.items()} | current
    open_findings = tuple(
        OpenFinding(finding, before[key][1] if key in before else now, key not in before)
        for key, finding in current.items()
    )
    # An older failed SMS leaves the log after a day. That does not show that the next SMS will arrive.
    fixed = tuple(
        finding
        for key, (finding, _) in before.items()
        if key not in current and finding.problem is not DeliveryProblem.SMS_FAILED
    )
    repeat = last is not None and bool(open_findings) and now - last.at >= REPEAT_AFTER
    due = repeat or bool(fixed) or any(finding.new for finding in open_findings)
    return RosterChanges(now, open_findings, fixed, reach, due)


def as_last_report(changes: RosterChanges) -> LastRosterReport:
    """What the next check compares with."""
    return LastRosterReport(
        changes.at, {seen.finding.key: (seen.finding, seen.since) for seen in changes.open_findings}
    )


def mask_phone(number: str) -> str:
    """A phone number that only people who know it recognise: "+12*******23"."""
    return number[:3] + "*" * max(len(number) - 5, 0) + number[-2:] if len(number) > 5 else "*" * len(number)


def _key(item: ExpectedSubscription | ActualSubscription | RosterFinding) -> tuple[str, str, str]:
    return (item.topic or "", item.protocol, item.endpoint.casefold())


def _sorted_values(policy: Mapping[str, Any] | None) -> dict[str, Any]:
    """A filter policy with sorted values, because their order means nothing."""
    return {
        key: sorted(map(str, values)) if isinstance(values, list | tuple) else values
        for key, values in (policy or {}).items()
    }
