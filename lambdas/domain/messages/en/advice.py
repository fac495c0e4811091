"""What to do now, in the order in which it matters."""

from collections.abc import Sequence

from lambdas.domain.instance import Found, Instance, Missing, Unheld
from lambdas.domain.messages.en.words import CHECK, capital, differs, has_escaped, long_date, named, undecided
from lambdas.domain.messages.message import (
    Matter,
    one_line,
)
from lambdas.domain.notice import Kind, Notice
from lambdas.domain.other_resources import Other
from lambdas.domain.outcome import Outcome
from lambdas.domain.policy import GONE, Verdict
from lambdas.domain.senders import addresses

_RELEASE = "To see what would be put back as it was, run this; with --do it is put back:"


def to_do(matter: Matter, outcomes: Sequence[Outcome], before: Sequence[Instance]) -> list[str]:
    changed = [state for state in before if any(differs(outcome, state) for outcome in outcomes)]
    if matter.notice.kind is Kind.RESOLVED and not matter.proven:
        steps = [f"{CHECK}. Until you know, keep the quarantine, and keep to the date in AWS's last notice."]
        changed = []
    elif matter.notice.kind is Kind.RESOLVED:
        steps = ["No answer to AWS is needed."]
        if changed:
            steps.append(f"The responder does not undo a quarantine by itself. {_RELEASE}")
    else:
        steps = [*_at_once(matter, outcomes), *_afterwards(matter, outcomes)]
        if changed:
            steps.append(f"When it is clean, or the report was wrong: {_RELEASE[0].lower()}{_RELEASE[1:]}")
    lines = [f"  {number}. {step}" for number, step in enumerate(steps, 1)]
    return lines + [f"     python -m desk release {matter.case} {state.instance_id}" for state in changed]


def _at_once(matter: Matter, outcomes: Sequence[Outcome]) -> list[str]:
    """What stands open until a person does it."""
    steps = []
    if any(has_escaped(one) for one in outcomes):
        steps.append("Stop or isolate what is NOT CONTAINED above, now.")
    if undecided(matter, outcomes):
        steps.append(f"Look at {named(undecided(matter, outcomes))} in EC2 yourself, and stop or isolate it.")
    if any(one.decision.verdict is Verdict.ASK for one in outcomes):
        steps.append("Decide about what is LEFT TO YOU above.")
    left = [one for one in outcomes if one.decision.verdict is Verdict.TELL]
    here = [one.found.instance_id for one in left if isinstance(one.found, Instance) and one.found.state not in GONE]
    if here:
        steps.append(f"Look at {named(here)}: if it is not in quarantine by now, stop or isolate it yourself.")
    missing = [one.found.instance_id for one in left if isinstance(one.found, Missing) and not _was_ours(one.found)]
    if missing:
        steps.append(f"Look for {named(missing)} in your other accounts, and where the responder may not look.")
    later = [one for outcome in left for one in _launched_since(outcome.found)]
    if later:
        steps.append(f"Look at {named(later)}: what let the abuse in may be there likewise.")
    steps += [_find_out(one.found, matter.notice) for one in left if isinstance(one.found, Unheld)]
    steps += [f"{capital(one_line(other.what))}: {other.advice}{_command(other)}" for other in matter.others]
    if not (matter.instance_ids or matter.addresses or matter.others):
        used = f" uses {one_line(', '.join(matter.notice.ips))}" if matter.notice.ips else " the notice means"
        steps.append(f"Find out what of yours{used}, and stop or isolate it.")
    return steps


def _was_ours(found: Missing) -> bool:
    return bool(found.past and found.past.place)


def _launched_since(found: Found) -> tuple[str, ...]:
    """What the Auto Scaling group of an instance that is gone launched later."""
    if isinstance(found, Unheld):
        return ()
    holder = found if isinstance(found, Instance) else found.past
    return holder.successors.instance_ids if holder and holder.successors else ()


def _where_to_answer(matter: Matter) -> str:
    """AWS knows its case by the subject, and its customer by the root address or that of the security contact.

    https://repost.aws/knowledge-center/aws-abuse-report
    """
    sender = one_line(", ".join(addresses(matter.notice.sender)))
    if not (matter.proven and sender):
        return "reply to its mail and keep the subject"
    return f"write to {sender} from the account's root or security address, and keep the subject"


def _find_out(found: Unheld, notice: Notice) -> str:
    """Who held an address then is not in EC2 any more, or behind something that many instances share."""
    seen = f" at {long_date(notice.abuse_at)}" if notice.abuse_at else " when the abuse was seen"
    if found.holder and "Elastic IP" not in found.holder:
        return (
            f"Find what used {found.address}{seen}: {one_line(found.holder)} has it, and the VPC flow logs or access "
            "logs show what is behind it. Stop or isolate that."
        )
    return (
        f"Find what held {found.address}{seen}, and stop or isolate that: CloudTrail has 90 days of RunInstances, "
        "StopInstances, AssociateAddress and DisassociateAddress. It may also be Lightsail's, which EC2 does not show, "
        "or another account's."
    )


def _command(other: Other) -> str:
    return f"\n     {other.command}" if other.command else ""


def _afterwards(matter: Matter, outcomes: Sequence[Outcome]) -> list[str]:
    steps = [] if matter.proven else [f"{CHECK}."]
    answer = "Answer" if matter.proven else "If it is genuine, answer"
    steps.append(
        f"{answer} AWS by {long_date(matter.deadline.at)}: {_where_to_answer(matter)}. "
        "Say what you found and what was done."
    )
    if any(step.name == "Verify snapshots" and step.outcome == "done" for one in outcomes for step in one.steps):
        steps.append("Look for the cause on copies of the snapshots, not on the instance.")
    return steps
