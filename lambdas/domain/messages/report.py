"""What was done as read back, what was not and why."""

from collections.abc import Sequence
from datetime import datetime

from lambdas.domain.clean import one_line
from lambdas.domain.containment.credentials import name_from_arn
from lambdas.domain.containment.outcome import Outcome
from lambdas.domain.instance.instance import TERMINATED_STATES, Instance, MissingInstance, UnassignedAddress
from lambdas.domain.instance.traits import traits
from lambdas.domain.intake.notice import NoticeKind
from lambdas.domain.language.language import Language, capitalise
from lambdas.domain.messages.message import CaseNotice, Message
from lambdas.domain.messages.next_steps import next_steps
from lambdas.domain.messages.notice_summary import (
    approve_command,
    can_be_released,
    case_suffixes,
    claim_line,
    containment_failed,
    decline_command,
    notice_lines,
    other_resource_text,
    proof_key,
    short_resources_text,
    stop_command,
    undecided,
)
from lambdas.domain.messages.release import plan_lines
from lambdas.domain.phrase import Phrase
from lambdas.domain.policy import Verdict
from lambdas.domain.release import NO_RELEASE_OFFER, ReleaseOffer


def containment_report(
    language: Language,
    case_notice: CaseNotice,
    outcomes: Sequence[Outcome],
    before: Sequence[Instance],
    failures: Sequence[Phrase],
    *,
    offer: ReleaseOffer = NO_RELEASE_OFFER,
) -> Message:
    """What was done, as read back; what was not and why; what to do now.

    `before` are the states before anything was changed that the case holds. `failures` are failures that belong to no
    single instance. `offer` is what a release would put back, where AWS says that all is over.
    """
    say = language.say
    lines = [claim_line(language, case_notice), ""]
    lines += [say("failed", words=language.render_line(failure)) for failure in failures]
    lines += [say("no_result", instance=instance_id) for instance_id in undecided(case_notice, outcomes)]
    lines += [""] if len(lines) > 2 else []
    if not case_notice.instance_ids and not case_notice.addresses:
        lines += [say("report:no_instance"), ""]
    for outcome in outcomes:
        lines += [
            *_what_became_of(language, outcome, case_notice),
            *_against_before(language, outcome, before, offer),
            "",
        ]
    for instance_id, actions in offer.plans.items():
        lines += [*plan_lines(language, instance_id, actions), ""]
    for other in case_notice.other_resources:
        lines += [say("report:other", what=capitalise(other_resource_text(language, other))), ""]
    lines += [
        say("to_do"),
        *next_steps(language, case_notice, outcomes, before, offer),
        "",
        *notice_lines(language, case_notice),
    ]
    result, by = (
        _result(language, case_notice, outcomes, before, failures),
        language.short_date(case_notice.deadline.at),
    )
    tails = case_suffixes(language, case_notice.case)
    if case_notice.notice.kind is NoticeKind.RESOLVED or not case_notice.proven:
        subject = language.subject_with_suffix(result, *tails)
    else:
        answer = say("report:by", by=by)
        head = say("report:head", result=result)
        subject = language.subject_with_suffix(head, *(f"{answer} {number}" for number in tails), answer)
    return Message(
        subject=subject,
        body=language.body(lines),
        sms=language.sms("report:sms", result, by=by, case=case_notice.case) if case_notice.needs_sms else None,
    )


def _result(
    language: Language,
    case_notice: CaseNotice,
    outcomes: Sequence[Outcome],
    before: Sequence[Instance],
    failures: Sequence[Phrase],
) -> str:
    """The result in one line, the worst first."""
    say, counted, proven = language.say, language.count_or_name, proof_key(case_notice.proven)
    contained = [outcome.decision.instance_id for outcome in outcomes if outcome.contained]
    asked = [outcome.decision.instance_id for outcome in outcomes if outcome.decision.verdict is Verdict.ASK]
    escaped = [outcome.decision.instance_id for outcome in outcomes if containment_failed(outcome)]
    unknown = undecided(case_notice, outcomes)
    but = say("but_failed") if failures or any(outcome.failed for outcome in outcomes) else ""
    if case_notice.ends_case:
        back = [state.instance_id for state in before if any(can_be_released(outcome, state) for outcome in outcomes)]
        end = say("result:in_error" if case_notice.is_retracted else "result:resolved")
        result = end + (say("result:may_go_back", counted=counted(back)) if back else "")
    elif case_notice.for_other_account and not asked:
        result = say("result:other_account")
    elif case_notice.notice.kind is NoticeKind.RESOLVED:
        result = say("result:resolved:unproven")
    elif escaped:
        return say("result:escaped", counted=counted(escaped))
    elif unknown:
        return say(f"result:unknown:{proven}", counted=counted(unknown))
    elif asked and contained:
        result = say("result:contained_and_asked", contained=len(contained), counted=counted(asked))
    elif asked:
        result = say("result:asked", counted=counted(asked))
    elif contained:
        result = say("result:contained", counted=counted(contained))
    else:
        result = say(f"result:nothing:{proven}")
        if (
            case_notice.proven
            and not case_notice.instance_ids
            and (case_notice.addresses or case_notice.other_resources)
        ):
            result += say("result:look_at", about=short_resources_text(language, case_notice))
    return result + but


def _what_became_of(language: Language, outcome: Outcome, case_notice: CaseNotice) -> list[str]:
    say, found, decision = language.say, outcome.found, outcome.decision
    place = _place(language, found, case_notice) if isinstance(found, Instance) else decision.instance_id
    lines = [say("became", place=place, verdict=_verdict_words(language, outcome))]
    # Whoever may tag the instance wrote the name: it stands on a line of its own.
    lines += [say("called", name=one_line(found.name, 80))] if isinstance(found, Instance) and found.name else []
    lines += [
        say("found_by", words=language.render_line(holding.reason))
        for holding in (found.found_by if isinstance(found, Instance) else ())
        if not any(reason.contains(holding.reason) for reason in decision.reasons)
    ]
    lines += [say("because", reason=language.render_line(reason)) for reason in decision.reasons]
    lines += [
        say(f"outcome:{step.outcome}", step=language.step(step.name), words=language.render_line(step.phrase))
        for step in outcome.reported_steps
    ]
    if isinstance(found, Instance) and found.state not in TERMINATED_STATES:
        lines += [say("trait", words=language.render_line(trait.phrase)) for trait in traits(found)]
    if outcome.contained and isinstance(found, Instance):
        flows = [say("open_flows"), f"    {stop_command(found)}"]
        lines += [say("stopped")] if found.state == "stopped" else flows
    elif decision.verdict is Verdict.CONTAIN and isinstance(found, Instance):
        lines += [say("reachable"), f"    {stop_command(found)}"]
    elif decision.verdict is Verdict.ASK:
        lines += [say("if_approved"), f"    {approve_command(case_notice.case, decision.instance_id)}"]
        lines += [say("if_declined"), f"    {decline_command(case_notice.case, decision.instance_id)}"]
    return lines


def _place(language: Language, found: Instance, case_notice: CaseNotice) -> str:
    """Where it is; a member's commands take that account's credentials, so the account is named."""
    name = "place" if found.account_id == case_notice.account_id else "place:account"
    return language.say(name, instance=found.instance_id, region=found.region, account=found.account_id)


def _against_before(language: Language, outcome: Outcome, before: Sequence[Instance], offer: ReleaseOffer) -> list[str]:
    """How the instance stands now against the state before that the case keeps, where nothing was done this time.

    It is of what was read for this report: groups, profile, state. The plan of a release tells all of it.
    """
    found = outcome.found
    if outcome.decision.verdict is Verdict.CONTAIN or not isinstance(found, Instance):
        return []
    if found.instance_id in offer.plans:
        return []
    lines = []
    for state in (instance for instance in before if can_be_released(outcome, instance)):
        lines += [
            language.say("now", interface=was.interface_id, groups=" ".join(now.groups), before=" ".join(was.groups))
            for was in state.interfaces
            for now in found.interfaces
            if now.interface_id == was.interface_id and now.groups != was.groups
        ]
        if found.profile != state.profile:
            profiles = [
                name_from_arn(holder.profile) if holder.profile else language.say("nothing")
                for holder in (found, state)
            ]
            lines.append(language.say("now:profile", now=profiles[0], before=profiles[1]))
        if found.state != state.state:
            lines.append(language.say("now:state", now=found.state, before=state.state))
    return lines


def _verdict_words(language: Language, outcome: Outcome) -> str:
    say = language.say
    if isinstance(outcome.found, MissingInstance):
        was_ours = outcome.found.past and outcome.found.past.place
        return say("verdict:was_ours" if was_ours else "verdict:not_found")
    if isinstance(outcome.found, UnassignedAddress):
        return say("verdict:unheld")
    if outcome.found.state in TERMINATED_STATES:
        return say("verdict:gone", state=outcome.found.state)
    if outcome.contained:
        return say("verdict:contained", at=language.long_date(datetime.fromisoformat(outcome.verified_at)))
    return say(f"verdict:{outcome.decision.verdict}")
