"""The policy: contain this instance, ask an admin, or only tell?

It answers three questions separately: Is the notice from AWS? Is it for us, now? May we? Only three times yes contains
an instance without an admin.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from lambdas.domain.instance.address import confirmed_address
from lambdas.domain.instance.instance import (
    TERMINATED_STATES,
    FoundResource,
    Instance,
    MissingInstance,
    UnassignedAddress,
)
from lambdas.domain.intake.notice import Notice, NoticeKind, Proof, ProofKind
from lambdas.domain.phrase import Phrase, combined, phrase
from lambdas.domain.settings.settings import ContainmentMethod, Mode

# Anybody who received a genuine notice can send it again later: its signature still verifies.
MAX_NOTICE_AGE = timedelta(hours=72)
# A mail without proof is believed about an instance that AWS Health reports within this time.
CORROBORATION_WINDOW = timedelta(hours=72)
# Clocks differ a little; a Date further in the future is not AWS's.
CLOCK_SKEW = timedelta(hours=1)
# AWS passes most reports on within days; an address that the instance got within this time proves nothing.
REPORT_DELAY = timedelta(days=14)

# Isolation may not help against these, so an admin decides. All other types, also an unnamed one, are contained.
ASK_FIRST = {
    "copyright_dmca": phrase("policy:copyright"),
    "credential_exposure": phrase("policy:exposed_key"),
    "account_compromise": phrase("policy:account"),
    "illegal_content": phrase("policy:content"),
    "model_policy": phrase("policy:model"),
    "vulnerability": phrase("policy:vulnerability"),
}

# Where AWS names no type, a quoted report of one of these makes an admin decide. It can only narrow what AWS says.
REPORTS_OF_CONTENT = frozenset((*ASK_FIRST, "phishing"))

UNANSWERED_REASON = phrase("policy:unanswered")


class Verdict(StrEnum):
    """What is done about one instance."""

    CONTAIN = "contain"
    ASK = "ask"  # an admin decides
    TELL = "tell"  # the instance is left alone


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reasons, the decisive ones first. `stop` asks for more than isolation."""

    instance_id: str
    verdict: Verdict
    reasons: tuple[Phrase, ...]
    stop: bool = False

    def to_json(self) -> dict[str, Any]:
        """JSON for the state machine."""
        return {**asdict(self), "reasons": [reason.to_json() for reason in self.reasons]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Decision":
        """Read `to_json`."""
        reasons = tuple(map(Phrase.from_json, data["reasons"]))
        return cls(data["instance_id"], Verdict(data["verdict"]), reasons, data["stop"])


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What the policy knows besides the notice and the instance."""

    account_id: str  # the home account
    received_at: datetime
    mode: Mode
    protect_tag: str
    contained_this_hour: int  # instances, within this clock hour
    max_per_hour: int
    approved: bool = False  # by an admin, under an IAM identity
    unanswered: bool = False  # no admin decided in time, and the settings then allow AWS's notices to contain
    resolved: bool = False  # AWS's newest message ended the case; an older notice can still arrive after it
    released: bool = False  # an admin, or AWS's retraction, has released this instance before
    already_handled: bool = False  # this very notice has led to the containment of this instance before
    corroborated: bool = False  # AWS Health reported this instance around the same time; nobody can forge that
    forwarders_may_contain: bool = False  # the settings let trusted forwarders speak for AWS
    method: ContainmentMethod = ContainmentMethod.ISOLATE
    members: tuple[str, ...] = ()  # further accounts whose instances are ours as well


def decide(found: FoundResource, notice: Notice, proof: Proof, circumstances: Circumstances) -> Decision:
    """Return the verdict on one instance that a notice names."""
    reasons = _nothing_to_do(found, notice, proof, circumstances)
    if reasons:
        return Decision(found.instance_id, Verdict.TELL, tuple(reasons))
    assert isinstance(found, Instance)  # noqa: S101  for the type checker: there is nothing to do about others
    unproven = _unproven(proof, circumstances)
    doubts = [
        *([] if circumstances.corroborated else unproven),
        *_not_for_us_now(found, notice, circumstances),
        *_not_allowed(notice, circumstances),
    ]
    if circumstances.protect_tag in found.tags:
        tagged = phrase("policy:protected", tag=circumstances.protect_tag)
        return Decision(found.instance_id, Verdict.ASK, (tagged, *([] if circumstances.approved else doubts)))
    # An instance with an instance store as its root device cannot be stopped.
    stop = circumstances.method is ContainmentMethod.STOP and found.root_device == "ebs"
    if circumstances.approved:
        return Decision(found.instance_id, Verdict.CONTAIN, (phrase("policy:approved"),), stop)
    if circumstances.mode is Mode.OBSERVE:
        return Decision(found.instance_id, Verdict.TELL, (phrase("policy:observing"), *doubts))
    if doubts:
        overdue = circumstances.unanswered and proof.may_contain and not _cap_reached(circumstances)
        contain = Decision(found.instance_id, Verdict.CONTAIN, (UNANSWERED_REASON, *doubts), stop)
        return contain if overdue else Decision(found.instance_id, Verdict.ASK, tuple(doubts))
    origin = phrase("policy:health") if unproven else proof.reason
    return Decision(found.instance_id, Verdict.CONTAIN, (origin, _ours(found), phrase("policy:allowed")), stop)


def _nothing_to_do(found: FoundResource, notice: Notice, proof: Proof, circumstances: Circumstances) -> list[Phrase]:
    if notice.kind is NoticeKind.RESOLVED:
        doubts = _not_from_aws(proof)
        return [phrase("policy:resolved_unproven"), *doubts] if doubts else [phrase("policy:resolved")]
    if notice.kind is NoticeKind.NONE:
        return [phrase("policy:no_notice")]
    if not isinstance(found, Instance):
        return _not_here(found)
    if found.state in TERMINATED_STATES:
        gone = phrase("policy:gone", state=found.state)
        return [gone, *([found.successors.summary] if found.successors else [])]
    return [phrase("policy:replay")] if circumstances.already_handled else []


def _not_here(found: MissingInstance | UnassignedAddress) -> list[Phrase]:
    search = found.search.summary
    foreign = (
        [phrase("policy:foreign", accounts=found.search.unknown_accounts)] if found.search.unknown_accounts else []
    )
    if isinstance(found, MissingInstance):
        history = [found.past.summary] if found.past else []
        history += [found.past.successors.summary] if found.past and found.past.successors else []
        return [phrase("policy:not_shown", search=search), *foreign, *history]
    if found.holder:
        return [phrase("policy:held_by", address=found.address, holder=found.holder)]
    return [phrase("policy:held_by_nobody", address=found.address, search=search), *foreign]


def _not_from_aws(proof: Proof) -> list[Phrase]:
    if proof.may_contain:
        return []
    if proof.kind is ProofKind.AWS:
        return [phrase("policy:other_sender", proof=proof.reason)]
    return [phrase("policy:unproven", proof=proof.reason)]


def _unproven(proof: Proof, circumstances: Circumstances) -> list[Phrase]:
    """A trusted forwarder can lead to a containment, which can be undone, but can never end a case."""
    return [] if proof.trusted and circumstances.forwarders_may_contain else _not_from_aws(proof)


def _not_for_us_now(found: Instance, notice: Notice, circumstances: Circumstances) -> list[Phrase]:
    doubts = _uncertain_holder(found)
    if notice.account_ids and found.account_id not in notice.account_ids:
        doubts.append(phrase("policy:other_account", accounts=notice.account_ids, account=found.account_id))
    if found.account_id not in {circumstances.account_id, *circumstances.members}:
        doubts.append(phrase("policy:stranger", account=found.account_id))
    doubts += [*_other_region(found, notice), *_other_address(found, notice)]
    if circumstances.resolved:
        doubts.append(phrase("policy:late"))
    doubts += _not_accused(found, notice, circumstances)
    if notice.sent_at is None:
        doubts.append(phrase("policy:no_date"))
    elif (age := circumstances.received_at - notice.sent_at) > MAX_NOTICE_AGE:
        doubts.append(phrase("policy:old", hours=_hours(age)))
    elif age < -CLOCK_SKEW:
        doubts.append(phrase("policy:early", hours=_hours(-age)))
    return doubts


def _not_accused(found: Instance, notice: Notice, circumstances: Circumstances) -> list[Phrase]:
    """AWS's newest words must accuse the instance: what an older mail said may be settled by now."""
    doubts = [phrase("policy:unclear")] if notice.is_unclear else []
    if found.instance_id in notice.quoted_instances:
        doubts.append(phrase("policy:only_quoted"))
    if circumstances.released and not notice.accuses:
        doubts.append(phrase("policy:released"))
    return doubts


def _other_region(found: Instance, notice: Notice) -> list[Phrase]:
    """An instance never leaves its Region, so another one than AWS names is not the one that AWS means."""
    if not notice.regions or found.region in notice.regions:
        return []
    return [phrase("policy:other_region", regions=notice.regions, region=found.region)]


def _other_address(found: Instance, notice: Notice) -> list[Phrase]:
    """The instance must have one of the addresses that AWS names, as far as its records show.

    They show nothing where it has no address of the same kind now, or has started since the abuse: a start gives it
    another automatic address.
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/using-instance-addressing.html
    """
    versions = {":" in address for address in found.addresses}
    named = tuple(ip for ip in notice.ips if ip not in notice.quoted_ips and (":" in ip) in versions)
    if not named or set(named) & set(found.addresses):
        return []
    seen_at = notice.abuse_at or (notice.sent_at - REPORT_DELAY if notice.sent_at else None)
    if not found.started_at or not seen_at or datetime.fromisoformat(found.started_at) > seen_at:
        return []
    return [phrase("policy:other_address", named=named, instance=found.instance_id, addresses=found.addresses)]


def _uncertain_holder(found: Instance) -> list[Phrase]:
    """An address may have changed hands since the abuse, and a report may quote anybody's address."""
    if not found.found_by or confirmed_address(found.found_by):
        return []
    return [
        phrase("policy:quoted", holding=address.reason) if address.only_in_report else address.reason
        for address in found.found_by
    ]


def _ours(found: Instance) -> Phrase:
    address = confirmed_address(found.found_by)
    return combined(address.reason if address else None, phrase("policy:ours", state=found.state))


def _not_allowed(notice: Notice, circumstances: Circumstances) -> list[Phrase]:
    doubts = [ASK_FIRST[notice.abuse_type]] if notice.abuse_type in ASK_FIRST else []
    if notice.abuse_type is None and notice.report_type in REPORTS_OF_CONTENT:
        doubts.append(phrase("policy:report_type"))
    if _cap_reached(circumstances):
        doubts.append(phrase("policy:cap", recent=circumstances.contained_this_hour, cap=circumstances.max_per_hour))
    return doubts


def _cap_reached(circumstances: Circumstances) -> bool:
    return circumstances.contained_this_hour >= circumstances.max_per_hour


def _hours(time: timedelta) -> str:
    return f"{time.total_seconds() / 3600:.0f}"
