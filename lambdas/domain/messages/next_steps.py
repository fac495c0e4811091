"""What to do now, in the order in which it matters."""

from collections.abc import Sequence

from lambdas.domain.clean import one_line
from lambdas.domain.containment.outcome import Outcome
from lambdas.domain.instance.instance import (
    TERMINATED_STATES,
    FoundResource,
    Instance,
    MissingInstance,
    UnassignedAddress,
)
from lambdas.domain.instance.other_resources import OtherResource
from lambdas.domain.intake.mail_address import parse_addresses
from lambdas.domain.intake.notice import Notice, NoticeKind
from lambdas.domain.language.language import Language, capitalise
from lambdas.domain.messages.message import CaseNotice
from lambdas.domain.messages.notice_summary import (
    accounts_text,
    can_be_released,
    containment_failed,
    numbered_lines,
    other_resource_text,
    proof_key,
    release_command,
    reply_command,
    undecided,
)
from lambdas.domain.policy import Verdict
from lambdas.domain.release import ReleaseOffer


def next_steps(
    language: Language,
    case_notice: CaseNotice,
    outcomes: Sequence[Outcome],
    before: Sequence[Instance],
    offer: ReleaseOffer,
) -> list[str]:
    changed = [state for state in before if any(can_be_released(outcome, state) for outcome in outcomes)]
    if case_notice.for_other_account:
        steps = [*_at_once(language, case_notice, outcomes), _other_account(language, case_notice)]
        changed = []
    elif case_notice.notice.kind is NoticeKind.RESOLVED and not case_notice.ends_case:
        steps = [language.say("do:keep")]
        changed = []
    elif case_notice.notice.kind is NoticeKind.RESOLVED:
        steps = [language.say("do:no_answer")]
        if offer.automatic:
            steps.append(language.say("do:release:by_itself", named=language.name_some(offer.automatic)))
            changed = [state for state in changed if state.instance_id not in offer.automatic]
        if offer.doubts:
            against = "; ".join(language.say(f"doubt:{doubt}") for doubt in offer.doubts)
            steps.append(language.say("do:release:doubts", doubts=against))
        if changed:
            steps.append(language.say(f"do:release:{'in_error' if case_notice.is_retracted else 'resolved'}"))
    else:
        steps = [*_at_once(language, case_notice, outcomes), *_afterwards(language, case_notice, outcomes)]
        if changed:
            steps.append(language.say("do:release:clean"))
    return numbered_lines(steps) + [f"     {release_command(case_notice.case, state.instance_id)}" for state in changed]


def _other_account(language: Language, case_notice: CaseNotice) -> str:
    return language.say("do:other_account", accounts=accounts_text(case_notice.notice))


def _at_once(language: Language, case_notice: CaseNotice, outcomes: Sequence[Outcome]) -> list[str]:
    """What stands open until a person does it."""
    say, named = language.say, language.name_some
    steps = []
    if any(containment_failed(result) for result in outcomes):
        steps.append(say("do:escaped"))
    if undecided(case_notice, outcomes):
        steps.append(say("do:undecided", named=named(undecided(case_notice, outcomes))))
    if any(result.decision.verdict is Verdict.ASK for result in outcomes):
        steps.append(say("do:asked"))
    left = [result for result in outcomes if result.decision.verdict is Verdict.TELL]
    here = [
        result.found.instance_id
        for result in left
        if isinstance(result.found, Instance) and result.found.state not in TERMINATED_STATES
    ]
    if here:
        steps.append(say("do:here", named=named(here)))
    missing = [
        result.found.instance_id
        for result in left
        if isinstance(result.found, MissingInstance) and not _was_ours(result.found)
    ]
    if missing:
        steps.append(say("do:missing", named=named(missing)))
    later = [instance_id for outcome in left for instance_id in _launched_since(outcome.found)]
    if later:
        steps.append(say("do:later", named=named(later)))
    steps += [
        _find_out(language, result.found, case_notice.notice)
        for result in left
        if isinstance(result.found, UnassignedAddress)
    ]
    steps += [
        say(
            "do:other", what=capitalise(other_resource_text(language, other)), advice=language.render_line(other.advice)
        )
        + _command(other)
        for other in case_notice.other_resources
    ]
    if not (case_notice.instance_ids or case_notice.addresses or case_notice.other_resources):
        ips = one_line(", ".join(case_notice.notice.ips))
        steps.append(say("do:who_uses", ips=ips) if ips else say("do:who"))
    return steps


def _was_ours(found: MissingInstance) -> bool:
    return bool(found.past and found.past.place)


def _launched_since(found: FoundResource) -> tuple[str, ...]:
    """What the Auto Scaling group of an instance that is gone launched later."""
    if isinstance(found, UnassignedAddress):
        return ()
    holder = found if isinstance(found, Instance) else found.past
    return holder.successors.instance_ids if holder and holder.successors else ()


def _where_to_answer(language: Language, case_notice: CaseNotice) -> str:
    """AWS knows its case by the subject, and its customer by the root address or that of the security contact.

    https://repost.aws/knowledge-center/aws-abuse-report
    """
    sender = one_line(", ".join(parse_addresses(case_notice.notice.sender)))
    # Other senders of Amazon can carry anybody's words: a gift card's sender is no place to answer AWS.
    if case_notice.proof.may_contain and sender:
        return language.say("where:write", sender=sender)
    return language.say("where:reply")


def _find_out(language: Language, found: UnassignedAddress, notice: Notice) -> str:
    """Who held an address then is not in EC2 any more, or behind something that many instances share."""
    say = language.say
    seen = say("seen:at", at=language.long_date(notice.abuse_at)) if notice.abuse_at else say("seen:then")
    if found.holder and found.holder.key != "holder:idle":
        return say("do:behind", address=found.address, seen=seen, holder=language.render_line(found.holder))
    return say("do:held", address=found.address, seen=seen)


def _command(other: OtherResource) -> str:
    return f"\n     {other.command}" if other.command else ""


def _afterwards(language: Language, case_notice: CaseNotice, outcomes: Sequence[Outcome]) -> list[str]:
    steps = [] if case_notice.proven else [language.say("do:check")]
    steps.append(
        language.say(
            f"do:answer:{proof_key(case_notice.proven)}",
            by=language.long_date(case_notice.deadline.at),
            where=_where_to_answer(language, case_notice),
            draft=reply_command(case_notice.case),
        )
    )
    if any(
        step.name == "Verify snapshots" and step.outcome == "done" for outcome in outcomes for step in outcome.steps
    ):
        steps.append(language.say("do:cause"))
    return steps
