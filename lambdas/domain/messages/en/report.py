"""What was done as read back, what was not and why."""

from collections.abc import Sequence
from datetime import datetime

from lambdas.domain.instance import Instance, Missing, Unheld
from lambdas.domain.messages.en.advice import to_do
from lambdas.domain.messages.en.words import (
    approve_command,
    body_of,
    capital,
    claim,
    counted,
    differs,
    facts_of,
    has_escaped,
    long_date,
    short_about,
    short_date,
    sms_of,
    stop_command,
    undecided,
)
from lambdas.domain.messages.message import (
    Matter,
    Message,
    one_line,
    subject_of,
)
from lambdas.domain.notice import Kind
from lambdas.domain.outcome import Outcome
from lambdas.domain.policy import GONE, Verdict
from lambdas.domain.traits import traits

_OPEN_FLOWS = (
    "A security group does not cut connections that were open when it changed; such a connection may go on until it "
    "ends. To be sure, stop the instance (its memory and instance store are lost, its volumes stay):"
)


def report(matter: Matter, outcomes: Sequence[Outcome], before: Sequence[Instance], trouble: Sequence[str]) -> Message:
    """What was done, as read back; what was not and why; what to do now.

    `before` are the states before anything was changed that the case holds. `trouble` are failures that belong to no
    single instance.
    """
    lines = [claim(matter), ""]
    lines += [f"FAILED: {one_line(words)}" for words in trouble]
    lines += [
        f"{one}: NO RESULT. What became of it is not known: look at it in EC2." for one in undecided(matter, outcomes)
    ]
    lines += [""] if len(lines) > 2 else []
    if not matter.instance_ids and not matter.addresses:
        lines += ["No instance was touched: the notice names none, and neither did an earlier one of this case.", ""]
    for outcome in outcomes:
        lines += [*_what_became_of(outcome, matter), *_against_before(outcome, before), ""]
    for other in matter.others:
        lines += [f"{capital(one_line(other.what))}: NOT TOUCHED, the responder changes instances only.", ""]
    lines += ["WHAT TO DO NOW", *to_do(matter, outcomes, before), "", *facts_of(matter)]
    result = _result(matter, outcomes, before, trouble)
    case = (f"(case {matter.case})", f"({matter.case})")
    if matter.notice.kind is Kind.RESOLVED or not matter.proven:
        subject = subject_of(result, *case)
    else:
        by = f"answer AWS by {short_date(matter.deadline.at)}"
        subject = subject_of(f"{result};", *(f"{by} {number}" for number in case), by)
    sms = f"{result}; answer AWS by {short_date(matter.deadline.at)}, case {matter.case}. See mail."
    return Message(subject=subject, body=body_of(lines), sms=sms_of(sms) if matter.urgent else None)


def _result(matter: Matter, outcomes: Sequence[Outcome], before: Sequence[Instance], trouble: Sequence[str]) -> str:
    """The result in one line, the worst first."""
    contained = [one.decision.instance_id for one in outcomes if one.contained]
    asked = [one.decision.instance_id for one in outcomes if one.decision.verdict is Verdict.ASK]
    escaped = [one.decision.instance_id for one in outcomes if has_escaped(one)]
    unknown = undecided(matter, outcomes)
    but = ", a step failed" if trouble or any(one.failed for one in outcomes) else ""
    if matter.notice.kind is Kind.RESOLVED and matter.proven:
        back = [state.instance_id for state in before if any(differs(one, state) for one in outcomes)]
        result = f"INFO: AWS says the case is resolved{f', {counted(back)} may be put back' if back else ''}"
    elif matter.notice.kind is Kind.RESOLVED:
        result = "WARNING: unproven mail says the case is resolved"
    elif escaped:
        return f"URGENT: NOT contained {counted(escaped)}"
    elif unknown:
        return f"{'URGENT' if matter.proven else 'WARNING'}: failed, no result for {counted(unknown)}"
    elif asked:
        result = f"ACTION: {f'contained {len(contained)}, ' if contained else ''}decide about {counted(asked)}"
    elif contained:
        result = f"ACTION: contained {counted(contained)}"
    else:
        result = "ACTION: nothing was changed" if matter.proven else "WARNING: check the mail, nothing was changed"
        if matter.proven and not matter.instance_ids and (matter.addresses or matter.others):
            result += f", look at {short_about(matter)}"
    return result + but


def _what_became_of(outcome: Outcome, matter: Matter) -> list[str]:
    found, decision = outcome.found, outcome.decision
    place = _place(found, matter) if isinstance(found, Instance) else ""
    lines = [f"{decision.instance_id}{place}: {_verdict_words(outcome)}"]
    # Whoever may tag the instance wrote the name: it stands on a line of its own.
    lines += [f"  called    {one_line(found.name, 80)}"] if isinstance(found, Instance) and found.name else []
    lines += [
        f"  found by  {one_line(holding.words)}"
        for holding in (found.found_by if isinstance(found, Instance) else ())
        if not any(holding.words in reason for reason in decision.reasons)
    ]
    lines += [f"  because   {one_line(reason)}" for reason in decision.reasons]
    for step in outcome.to_tell:
        label = "FAILED" if step.outcome == "failed" else step.outcome
        lines.append(f"  {label:<9} {step.name}: {one_line(step.words)}")
    if isinstance(found, Instance) and found.state not in GONE:
        lines += [f"  note      {one_line(trait.words)}" for trait in traits(found)]
    if outcome.contained and isinstance(found, Instance):
        stopped = "  EC2 showed it as stopped. Started again, it stays in quarantine."
        lines += [stopped] if found.state == "stopped" else [f"  {_OPEN_FLOWS}", f"    {stop_command(found)}"]
    elif decision.verdict is Verdict.CONTAIN and isinstance(found, Instance):
        lines += ["  It may still be reachable. The sure way is to stop it:", f"    {stop_command(found)}"]
    elif decision.verdict is Verdict.ASK:
        lines += ["  If you want it contained, run:", f"    {approve_command(matter, decision.instance_id)}"]
    return lines


def _place(found: Instance, matter: Matter) -> str:
    """Where it is; a member's commands take that account's credentials, so the account is named."""
    return f" in {found.region}" + (f" of account {found.account_id}" if found.account_id != matter.account_id else "")


def _against_before(outcome: Outcome, before: Sequence[Instance]) -> list[str]:
    """How the instance stands now against the state before that the case keeps, where nothing was done this time."""
    if outcome.decision.verdict is Verdict.CONTAIN or not isinstance(outcome.found, Instance):
        return []
    return [
        f"  now       {was.interface_id} carries {' '.join(interface.groups)}; before it was {' '.join(was.groups)}"
        for state in before
        if differs(outcome, state)
        for was in state.interfaces
        for interface in outcome.found.interfaces
        if interface.interface_id == was.interface_id and interface.groups != was.groups
    ]


def _verdict_words(outcome: Outcome) -> str:
    if isinstance(outcome.found, Missing):
        was_ours = outcome.found.past and outcome.found.past.place
        return f"{'GONE, it was ours' if was_ours else 'NOT FOUND'}, nothing was changed."
    if isinstance(outcome.found, Unheld):
        return "HELD BY NO INSTANCE of ours now, nothing was changed."
    if outcome.found.state in GONE:
        return f"GONE, EC2 shows it as {outcome.found.state}, nothing was changed."
    if outcome.contained:
        return f"CONTAINED, read back from EC2 at {long_date(datetime.fromisoformat(outcome.verified_at))}."
    return {
        Verdict.CONTAIN: "NOT CONTAINED. It was tried, and the quarantine could not be read back.",
        Verdict.ASK: "LEFT TO YOU, nothing was changed.",
        Verdict.TELL: "nothing was changed.",
    }[outcome.decision.verdict]
