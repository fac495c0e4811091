"""The one rule of the house: may we contain this instance, must we ask, or do we only tell?

Three questions, each answered separately. Is it from AWS? Is it for us, now? May we? Only three times yes
contains without asking an admin.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from lambdas.domain.address import surely_held
from lambdas.domain.instance import Found, Instance, Missing, Unheld
from lambdas.domain.notice import Kind, Notice, Proof, ProofKind
from lambdas.domain.said import Said, said, several
from lambdas.domain.settings import Method, Mode

# A genuine notice can be sent again later by whoever got it: its signature still verifies.
FRESH_FOR = timedelta(hours=72)
# A mail that cannot prove its origin is believed of an instance that AWS Health reports within so much time.
CORROBORATION = timedelta(hours=72)
# Clocks differ a little; a Date further in the future is not AWS's.
CLOCK_SKEW = timedelta(hours=1)

# Where cutting the network is not plainly the right answer, an admin decides. Everything else, also a notice that
# names no type, stops at the network.
ASK_FIRST = {
    "copyright_dmca": said("policy:copyright"),
    "credential_exposure": said("policy:exposed_key"),
    "account_compromise": said("policy:account"),
    "illegal_content": said("policy:content"),
    "model_policy": said("policy:model"),
    "vulnerability": said("policy:vulnerability"),
}

UNANSWERED = said("policy:unanswered")
GONE = ("shutting-down", "terminated")


class Verdict(StrEnum):
    """What is done about one instance."""

    CONTAIN = "contain"
    ASK = "ask"  # an admin decides
    TELL = "tell"  # nobody touches the instance


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reasons, the decisive ones first. `stop` asks for more than isolation."""

    instance_id: str
    verdict: Verdict
    reasons: tuple[Said, ...]
    stop: bool = False


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What is known beside the notice and the instance.

    `recent` counts the instances contained within this clock hour, `cap` is how many the settings allow.
    `approved` is an admin's yes, given under an IAM identity; `unanswered` says that nobody decided in time, and
    that the settings let the instance be contained then: a word of AWS's is enough for it, a forger's never is.
    `resolved` says that AWS's newest word ended the case; a notice from before it may come in after it. `handled`
    says that this very notice has led to the containment of this instance before. `corroborated` says that AWS
    Health has reported this instance within the days before or after, where nobody can forge it.
    `forwarders_may_contain` says that the settings take the word of a trusted forwarder for that of AWS. `members`
    are further accounts whose instances are ours as well.
    """

    account_id: str  # the responder's own
    received_at: datetime
    mode: Mode
    protect_tag: str
    recent: int
    cap: int
    approved: bool = False
    unanswered: bool = False
    resolved: bool = False
    handled: bool = False
    corroborated: bool = False
    forwarders_may_contain: bool = False
    method: Method = Method.ISOLATE
    members: tuple[str, ...] = ()


def decide(found: Found, notice: Notice, proof: Proof, now: Circumstances) -> Decision:
    """The verdict on one instance that a notice names."""
    nothing_to_do = _nothing_to_do(found, notice, proof, now)
    if nothing_to_do:
        return Decision(found.instance_id, Verdict.TELL, tuple(nothing_to_do))
    assert isinstance(found, Instance)  # noqa: S101  a missing one has nothing to do: this tells the type checker
    unproven = _may_it_count_as_from_aws(proof, now)
    doubts = ([] if now.corroborated else unproven) + _is_it_for_us_now(found, notice, now) + _may_we(notice, now)
    if now.protect_tag in found.tags:
        tagged = said("policy:protected", tag=now.protect_tag)
        return Decision(found.instance_id, Verdict.ASK, (tagged, *([] if now.approved else doubts)))
    stop = now.method is Method.STOP and found.root_device == "ebs"  # what lives in an instance store cannot be stopped
    if now.approved:
        return Decision(found.instance_id, Verdict.CONTAIN, (said("policy:approved"),), stop)
    if now.mode is Mode.OBSERVE:
        return Decision(found.instance_id, Verdict.TELL, (said("policy:observing"), *doubts))
    if doubts:
        silence = now.unanswered and proof.may_contain and now.recent < now.cap
        contain = Decision(found.instance_id, Verdict.CONTAIN, (UNANSWERED, *doubts), stop)
        return contain if silence else Decision(found.instance_id, Verdict.ASK, tuple(doubts))
    origin = said("policy:health") if unproven else proof.reason
    return Decision(
        found.instance_id,
        Verdict.CONTAIN,
        (origin, _ours(found), said("policy:allowed")),
        stop,
    )


def _nothing_to_do(found: Found, notice: Notice, proof: Proof, now: Circumstances) -> list[Said]:
    if notice.kind is Kind.RESOLVED:
        doubts = _is_it_from_aws(proof)
        return [said("policy:resolved_unproven"), *doubts] if doubts else [said("policy:resolved")]
    if notice.kind is Kind.NONE:
        return [said("policy:no_notice")]
    if not isinstance(found, Instance):
        return _not_here(found)
    if found.state in GONE:
        gone = said("policy:gone", state=found.state)
        return [gone, *([found.successors.words] if found.successors else [])]
    if now.handled:
        return [said("policy:replay")]
    return []


def _not_here(found: Missing | Unheld) -> list[Said]:
    looked, foreign = found.search.words, _foreign(found.search.foreign)
    if isinstance(found, Missing):
        told = [found.past.words] if found.past else []
        told += [found.past.successors.words] if found.past and found.past.successors else []
        return [said("policy:not_shown", search=looked), *foreign, *told]
    if found.holder:
        return [said("policy:held_by", address=found.address, holder=found.holder)]
    return [said("policy:held_by_nobody", address=found.address, search=looked), *foreign]


def _foreign(accounts: tuple[str, ...]) -> list[Said]:
    return [said("policy:foreign", accounts=accounts)] if accounts else []


def _is_it_from_aws(proof: Proof) -> list[Said]:
    if proof.may_contain:
        return []
    if proof.kind is ProofKind.AWS:
        return [said("policy:other_sender", proof=proof.reason)]
    return [said("policy:unproven", proof=proof.reason)]


def _may_it_count_as_from_aws(proof: Proof, now: Circumstances) -> list[Said]:
    """A trusted forwarder's word counts for containing, which can be undone; never for "AWS has ended the case"."""
    return [] if proof.trusted and now.forwarders_may_contain else _is_it_from_aws(proof)


def _is_it_for_us_now(found: Instance, notice: Notice, now: Circumstances) -> list[Said]:
    doubts = _is_it_this_one(found)
    if notice.account_ids and found.account_id not in notice.account_ids:
        doubts.append(said("policy:other_account", accounts=notice.account_ids, account=found.account_id))
    if found.account_id not in {now.account_id, *now.members}:
        doubts.append(said("policy:stranger", account=found.account_id))
    if now.resolved:
        doubts.append(said("policy:late"))
    if notice.sent_at is None:
        doubts.append(said("policy:no_date"))
    elif (age := now.received_at - notice.sent_at) > FRESH_FOR:
        doubts.append(said("policy:old", hours=_hours(age)))
    elif age < -CLOCK_SKEW:
        doubts.append(said("policy:early", hours=_hours(-age)))
    return doubts


def _ours(found: Instance) -> Said:
    sure = surely_held(found.found_by)
    return several(sure.words if sure else None, said("policy:ours", state=found.state))


def _is_it_this_one(found: Instance) -> list[Said]:
    """Who holds an address now may be another than who held it then; and a report may quote anybody's address."""
    if not found.found_by or surely_held(found.found_by):
        return []
    return [said("policy:quoted", holding=one.words) if one.quoted else one.words for one in found.found_by]


def _may_we(notice: Notice, now: Circumstances) -> list[Said]:
    doubts = []
    if notice.abuse_type in ASK_FIRST:
        doubts.append(ASK_FIRST[notice.abuse_type])
    if now.recent >= now.cap:
        doubts.append(said("policy:cap", recent=now.recent, cap=now.cap))
    return doubts


def _hours(time: timedelta) -> str:
    return f"{time.total_seconds() / 3600:.0f}"
