"""The messages in English."""

import json
from collections.abc import Sequence
from datetime import datetime

from lambdas.domain.address import sought_in
from lambdas.domain.case import other_cases
from lambdas.domain.clean import safe_subject
from lambdas.domain.instance import Instance, Missing, Unheld
from lambdas.domain.messages.message import (
    MAX_BODY_BYTES,
    MAX_SMS,
    Matter,
    Message,
    cut,
    one_line,
    quoted,
    subject_of,
)
from lambdas.domain.notice import Kind, Notice, Proof, ProofKind
from lambdas.domain.other_resources import Other, other_resources
from lambdas.domain.outcome import Outcome
from lambdas.domain.policy import GONE, Verdict
from lambdas.domain.quarantine import release_commands
from lambdas.domain.senders import addresses, is_aws_address

ABUSE = {
    "intrusion_attempt": "attempts to break into other hosts",
    "port_scanning": "port scanning",
    "dos": "a denial-of-service attack",
    "dos_reflector": "taking part in reflected denial-of-service attacks",
    "open_proxy": "an open proxy",
    "vulnerability": "a vulnerability that is open to the internet",
    "botnet": "botnet activity",
    "email_spam": "sending spam",
    "spam_website": "a spam web site",
    "phishing": "phishing",
    "malware": "malware",
    "copyright_dmca": "a copyright complaint",
    "credential_exposure": "exposed credentials",
    "account_compromise": "a compromised account",
    "crypto_mining": "mining of cryptocurrency",
    "model_policy": "a use of models that their provider forbids",
    "illegal_content": "illegal content",
    None: "abuse of a type that it does not name",
}

# Where a subject has no room for the words above.
SHORT = {
    "dos_reflector": "reflected denial of service",
    "vulnerability": "an open vulnerability",
    "model_policy": "a forbidden use of models",
    None: "abuse",
}

STAGE = {
    Kind.FIRST_NOTICE: "AWS reports",
    Kind.FOLLOW_UP: "AWS follows up:",
    Kind.ACTION_TAKEN: "AWS has acted on",
}

_CLAIMS = {
    Kind.FIRST_NOTICE: "reports",
    Kind.FOLLOW_UP: "writes again about",
    Kind.ACTION_TAKEN: "says that it has taken measures because of",
}

_CHECK = "Find out whether the mail is genuine: look into AWS Health, or ask AWS Support"

_OPEN_FLOWS = (
    "A security group does not cut connections that were open when it changed; such a connection may go on until it "
    "ends. To be sure, stop the instance (its memory and instance store are lost, its volumes stay):"
)


_HARMLESS = "with its links made harmless (hxxp, [.]): follow none before you are sure of the sender"


def first_alert(matter: Matter, text: str) -> Message:
    """What is claimed, before anything is changed, with the `text` of the mail: it may have come to nobody else."""
    lines = [
        _claim(matter),
        "",
        "This notice has changed nothing yet; what an earlier one of the case led to stands."
        if matter.joined
        else "Nothing has been changed yet.",
        "The responder now looks for what the notice names; a report follows.",
        "",
        *_facts(matter),
        "",
        f"THE MAIL, {_HARMLESS}",
        "",
        *quoted(text),
    ]
    stage = STAGE.get(matter.notice.kind, "AWS writes about") if matter.proven else "unproven mail,"
    headline = f"{_urgency(matter)}: {stage} {_short_abuse(matter.notice)}"
    sms = f"{headline}, case {matter.case}. Answer AWS by {_short(matter.deadline.at)}. See mail."
    return Message(
        subject=subject_of(f"{headline}, {_short_about(matter)}", f"(case {matter.case})"),
        body=_body(lines),
        sms=_sms(sms) if matter.urgent else None,
    )


def report(matter: Matter, outcomes: Sequence[Outcome], before: Sequence[Instance], trouble: Sequence[str]) -> Message:
    """What was done, as read back; what was not and why; what to do now.

    `before` are the states before anything was changed that the case holds. `trouble` are failures that belong to no
    single instance.
    """
    lines = [_claim(matter), ""]
    lines += [f"FAILED: {one_line(words)}" for words in trouble]
    lines += [
        f"{one}: NO RESULT. What became of it is not known: look at it in EC2." for one in _undecided(matter, outcomes)
    ]
    lines += [""] if len(lines) > 2 else []
    if not matter.instance_ids and not matter.addresses:
        lines += ["No instance was touched: the notice names none, and neither did an earlier one of this case.", ""]
    for outcome in outcomes:
        lines += [*_what_became_of(outcome, matter), *_against_before(outcome, before), ""]
    for other in matter.others:
        lines += [f"{_capital(one_line(other.what))}: NOT TOUCHED, the responder changes instances only.", ""]
    lines += ["WHAT TO DO NOW", *_to_do(matter, outcomes, before), "", *_facts(matter)]
    result = _result(matter, outcomes, before, trouble)
    case = (f"(case {matter.case})", f"({matter.case})")
    if matter.notice.kind is Kind.RESOLVED or not matter.proven:
        subject = subject_of(result, *case)
    else:
        by = f"answer AWS by {_short(matter.deadline.at)}"
        subject = subject_of(f"{result};", *(f"{by} {number}" for number in case), by)
    sms = f"{result}; answer AWS by {_short(matter.deadline.at)}, case {matter.case}. See mail."
    return Message(subject=subject, body=_body(lines), sms=_sms(sms) if matter.urgent else None)


def relay(notice: Notice | None, proof: Proof | None, mail: str, trouble: Sequence[str]) -> Message:
    """A mail as it came, that is no notice of abuse or (`trouble` says why) could not be handled as one."""
    failed = [f"FAILED: {one_line(words)}" for words in trouble]
    if notice is None or proof is None:
        lines = ["A mail came in that could not be read. Nothing was changed. Somebody must look at it now.", *failed]
        return Message(
            subject="URGENT: a mail to the abuse address could not be read",
            body=_body([*lines, f"It lies in {one_line(mail)}"]),
            sms=None,
        )
    proven = proof.kind is ProofKind.AWS
    sms = None
    if notice.kind is Kind.NONE:
        claims_aws = not proven and any(is_aws_address(address) for address in addresses(notice.sender))
        headline = "WARNING: mail that only claims to be from AWS:" if claims_aws else "INFO: mail that is no notice:"
        first = f"This mail was not understood as a notice of abuse: {one_line(notice.reason)}. Nothing was changed."
    else:
        headline = "URGENT: a notice of abuse could not be handled:"
        first = f"{_unhandled(notice, proven=proven)} The responder could not handle it and changed nothing."
        if not proven:
            headline = "WARNING: unproven notice, could not be handled:"
        elif notice.kind is not Kind.RESOLVED:
            sms = (
                "URGENT: a notice of abuse from AWS could not be handled. Nothing was changed. See mail and act on it."
            )
    lines = [
        first,
        *failed,
        "",
        f"From AWS? {_origin(proof)}",
        f"From:     {one_line(notice.sender)}",
        f"Subject:  {one_line(notice.subject)}",
        f"Date:     {_long(notice.sent_at) if notice.sent_at else 'none that can be read'}",
        *[f"Not read: {one_line(problem)}" for problem in notice.problems],
        f"The mail as it came: {one_line(mail)}",
        "",
        f"THE MAIL, {_HARMLESS}",
        "",
        *quoted(notice.text),
    ]
    subject = safe_subject(f"{headline} {one_line(notice.subject)}")
    return Message(subject=subject, body=_body(lines), sms=_sms(sms) if sms else None)


def _body(lines: Sequence[str]) -> str:
    return cut("\n".join(lines), MAX_BODY_BYTES)


def _sms(text: str) -> str:
    return safe_subject(text, MAX_SMS)


def _urgency(matter: Matter) -> str:
    if not matter.proven:
        return "WARNING"
    return "INFO" if matter.notice.kind is Kind.RESOLVED else "URGENT"


def _abuse(notice: Notice) -> str:
    return ABUSE.get(notice.abuse_type) or str(notice.abuse_type).replace("_", " ")


def _short_abuse(notice: Notice) -> str:
    return SHORT.get(notice.abuse_type) or _abuse(notice)


def _claim(matter: Matter) -> str:
    """The first line: what is claimed, how urgent it is and by when AWS wants an answer."""
    notice, due = matter.notice, matter.deadline
    if notice.kind is Kind.RESOLVED:
        if matter.proven:
            return f"AWS says that case {matter.case} is resolved. Not urgent: AWS wants no answer."
        return (
            f"A mail that is not proven to be from AWS says that case {matter.case} is resolved. "
            "Check it: until then the case is open, and the date in AWS's last notice stands."
        )
    speaker = "AWS" if matter.proven else "A mail that is not proven to be from AWS"
    urgency = "Urgent:" if matter.proven else "Check it; if it is genuine,"
    limit = "the limit it names" if due.stated else "it names no limit; 24 hours is AWS's rule"
    return (
        f"{speaker} {_CLAIMS[notice.kind]} {_abuse(notice)}: {_about(notice, matter.instance_ids, matter.addresses)}. "
        f"{urgency} answer by {_long(due.at)} ({limit})."
    )


def _unhandled(notice: Notice, *, proven: bool) -> str:
    """The first line where there is no case: what is claimed, how urgent it is and by when AWS wants an answer."""
    speaker = "AWS" if proven else "A mail that is not proven to be from AWS"
    if notice.kind is Kind.RESOLVED:
        return f"{speaker} says that a case is resolved."
    hours = 24 if notice.deadline_hours is None else notice.deadline_hours
    searched = tuple(one.address for one in sought_in(notice, ()))
    return (
        f"{speaker} {_CLAIMS[notice.kind]} {_abuse(notice)}: {_about(notice, notice.instance_ids, searched)}. "
        f"{'Urgent:' if proven else 'Check it; if it is genuine,'} answer within {hours:g} hours of its date."
    )


def _about(notice: Notice, instance_ids: Sequence[str], searched: Sequence[str]) -> str:
    """What the notice is about: instances, else addresses by which one may be found, else other resources."""
    if instance_ids:
        return _named(instance_ids)
    if searched:
        return f"no instance named, but {_named(searched)}"
    others = [one_line(other.what, 120) for other in other_resources(notice)]
    return f"no instance named, but {_named(others)}" if others else "no instance named"


def _short_about(matter: Matter) -> str:
    """As `_about`, where there is little room."""
    others = [one_line(other.what.partition(" (")[0], 60).removeprefix("the ") for other in matter.others]
    named = matter.instance_ids or matter.addresses
    return others[0] if others and not named else _counted(named)


def _named(instance_ids: Sequence[str]) -> str:
    if not instance_ids:
        return "no instance named"
    shown = ", ".join(instance_ids[:3])
    return shown if len(instance_ids) <= 3 else f"{shown} and {len(instance_ids) - 3} more"


def _counted(instance_ids: Sequence[str]) -> str:
    """As `_named`, where there is little room."""
    return f"{len(instance_ids)} {_kind_of(instance_ids)}" if len(instance_ids) > 1 else _named(instance_ids)


def _kind_of(names: Sequence[str]) -> str:
    ids = [name for name in names if name.startswith("i-")]
    return "instances" if len(ids) == len(names) else "addresses" if not ids else "instances and addresses"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _facts(matter: Matter) -> list[str]:
    notice = matter.notice
    facts = [
        "THE NOTICE",
        f"  Case      {matter.case}{', open before this notice' if matter.joined else ', new'}",
        *[f"  Names too {one_line(number)}: look into that case yourself" for number in other_cases(notice)],
        f"  Subject   {one_line(notice.subject)}",
        f"  From AWS? {_origin(matter.proof)}",
        f"  Account   {one_line(', '.join(notice.account_ids)) or 'none named'}",
    ]
    facts += [
        f"  Address   {one_line(ip)}{' (in the quoted report only)' if ip in notice.quoted_ips else ''}"
        f"{' (not looked for)' if matter.addresses and ip not in matter.addresses else ''}"
        for ip in notice.ips
    ]
    facts += [f"  Seen at   {_long(notice.abuse_at)}"] if notice.abuse_at else []
    facts += [f"  AWS did   {one_line(measure)}" for measure in notice.measures]
    facts += [f"  Not read  {one_line(problem)}" for problem in notice.problems]
    return [*facts, f"  Mail      {matter.mail}", f"  Progress  {matter.console}"]


def _origin(proof: Proof) -> str:
    return f"{'Yes' if proof.kind is ProofKind.AWS else 'Not proven'}: {one_line(proof.reason)}"


def _result(matter: Matter, outcomes: Sequence[Outcome], before: Sequence[Instance], trouble: Sequence[str]) -> str:
    """The result in one line, the worst first."""
    contained = [one.decision.instance_id for one in outcomes if one.contained]
    asked = [one.decision.instance_id for one in outcomes if one.decision.verdict is Verdict.ASK]
    escaped = [one.decision.instance_id for one in outcomes if _escaped(one)]
    unknown = _undecided(matter, outcomes)
    but = ", a step failed" if trouble or any(one.failed for one in outcomes) else ""
    if matter.notice.kind is Kind.RESOLVED and matter.proven:
        back = [state.instance_id for state in before if any(_differs(one, state) for one in outcomes)]
        result = f"INFO: AWS says the case is resolved{f', {_counted(back)} may be put back' if back else ''}"
    elif matter.notice.kind is Kind.RESOLVED:
        result = "WARNING: unproven mail says the case is resolved"
    elif escaped:
        return f"URGENT: NOT contained {_counted(escaped)}"
    elif unknown:
        return f"{'URGENT' if matter.proven else 'WARNING'}: failed, no result for {_counted(unknown)}"
    elif asked:
        result = f"ACTION: {f'contained {len(contained)}, ' if contained else ''}decide about {_counted(asked)}"
    elif contained:
        result = f"ACTION: contained {_counted(contained)}"
    else:
        result = "ACTION: nothing was changed" if matter.proven else "WARNING: check the mail, nothing was changed"
        if matter.proven and not matter.instance_ids and (matter.addresses or matter.others):
            result += f", look at {_short_about(matter)}"
    return result + but


def _escaped(outcome: Outcome) -> bool:
    return outcome.decision.verdict is Verdict.CONTAIN and not outcome.contained


def _undecided(matter: Matter, outcomes: Sequence[Outcome]) -> list[str]:
    decided = {outcome.decision.instance_id for outcome in outcomes}
    for outcome in outcomes:
        if isinstance(outcome.found, Instance):
            decided |= {*outcome.found.addresses, *(holding.address for holding in outcome.found.found_by)}
    return [one for one in (*matter.instance_ids, *matter.addresses) if one not in decided]


def _what_became_of(outcome: Outcome, matter: Matter) -> list[str]:
    found, decision = outcome.found, outcome.decision
    place = f" in {found.region}" if isinstance(found, Instance) else ""
    lines = [f"{decision.instance_id}{place}: {_verdict_words(outcome)}"]
    # Whoever may tag the instance wrote the name: it stands on a line of its own.
    lines += [f"  called    {one_line(found.name, 80)}"] if isinstance(found, Instance) and found.name else []
    lines += [
        f"  found by  {one_line(holding.words)}"
        for holding in (found.found_by if isinstance(found, Instance) else ())
        if not any(holding.words in reason for reason in decision.reasons)
    ]
    lines += [f"  because   {one_line(reason)}" for reason in decision.reasons]
    for step in outcome.steps:
        label = "FAILED" if step.outcome == "failed" else step.outcome
        lines.append(f"  {label:<9} {step.name}: {one_line(step.words)}")
    if outcome.contained and isinstance(found, Instance):
        stopped = "  EC2 showed it as stopped. Started again, it stays in quarantine."
        lines += [stopped] if found.state == "stopped" else [f"  {_OPEN_FLOWS}", f"    {_stop(found)}"]
    elif decision.verdict is Verdict.CONTAIN and isinstance(found, Instance):
        lines += ["  It may still be reachable. The sure way is to stop it:", f"    {_stop(found)}"]
    elif decision.verdict is Verdict.ASK:
        lines += ["  If you want it contained, run:", f"    {_approve(matter, decision.instance_id)}"]
    return lines


def _against_before(outcome: Outcome, before: Sequence[Instance]) -> list[str]:
    """How the instance stands now against the state before that the case keeps, where nothing was done this time."""
    if outcome.decision.verdict is Verdict.CONTAIN or not isinstance(outcome.found, Instance):
        return []
    return [
        f"  now       {was.interface_id} carries {' '.join(interface.groups)}; before it was {' '.join(was.groups)}"
        for state in before
        if _differs(outcome, state)
        for was in state.interfaces
        for interface in outcome.found.interfaces
        if interface.interface_id == was.interface_id and interface.groups != was.groups
    ]


def _differs(outcome: Outcome, before: Instance) -> bool:
    """Whether there is something to put back: what was found stands as it was before this very notice."""
    found = outcome.found
    if not isinstance(found, Instance) or found.instance_id != before.instance_id:
        return False
    return outcome.decision.verdict is Verdict.CONTAIN or found.interfaces != before.interfaces


def _verdict_words(outcome: Outcome) -> str:
    if isinstance(outcome.found, Missing):
        return "NOT FOUND, nothing was changed."
    if isinstance(outcome.found, Unheld):
        return "HELD BY NO INSTANCE of this account now, nothing was changed."
    if outcome.contained:
        return f"CONTAINED, read back from EC2 at {_long(datetime.fromisoformat(outcome.verified_at))}."
    return {
        Verdict.CONTAIN: "NOT CONTAINED. It was tried, and the quarantine could not be read back.",
        Verdict.ASK: "LEFT TO YOU, nothing was changed.",
        Verdict.TELL: "nothing was changed.",
    }[outcome.decision.verdict]


def _to_do(matter: Matter, outcomes: Sequence[Outcome], before: Sequence[Instance]) -> list[str]:
    changed = [state for state in before if any(_differs(outcome, state) for outcome in outcomes)]
    if matter.notice.kind is Kind.RESOLVED and not matter.proven:
        steps = [f"{_CHECK}. Until you know, keep the quarantine, and keep to the date in AWS's last notice."]
        changed = []
    elif matter.notice.kind is Kind.RESOLVED:
        steps = ["No answer to AWS is needed."]
        if changed:
            steps.append("The responder does not undo a quarantine by itself. To put back the security groups, run:")
    else:
        steps = [*_at_once(matter, outcomes), *_afterwards(matter, outcomes)]
        if changed:
            steps.append("When it is clean, or the report was wrong: to put back the security groups, run:")
    lines = [f"  {number}. {step}" for number, step in enumerate(steps, 1)]
    return lines + [f"     {command}" for state in changed for command in release_commands(state)]


def _at_once(matter: Matter, outcomes: Sequence[Outcome]) -> list[str]:
    """What stands open until a person does it."""
    steps = []
    if any(_escaped(one) for one in outcomes):
        steps.append("Stop or isolate what is NOT CONTAINED above, now.")
    if _undecided(matter, outcomes):
        steps.append(f"Look at {_named(_undecided(matter, outcomes))} in EC2 yourself, and stop or isolate it.")
    if any(one.decision.verdict is Verdict.ASK for one in outcomes):
        steps.append("Decide about what is LEFT TO YOU above.")
    left = [one for one in outcomes if one.decision.verdict is Verdict.TELL]
    here = [one.found.instance_id for one in left if isinstance(one.found, Instance) and one.found.state not in GONE]
    if here:
        steps.append(f"Look at {_named(here)}: if it is not in quarantine by now, stop or isolate it yourself.")
    missing = [one.found.instance_id for one in left if isinstance(one.found, Missing)]
    if missing:
        steps.append(f"Look for {_named(missing)} in your other accounts, and where the responder may not look.")
    steps += [_find_out(one.found, matter.notice) for one in left if isinstance(one.found, Unheld)]
    steps += [f"{_capital(one_line(other.what))}: {other.advice}{_command(other)}" for other in matter.others]
    if not (matter.instance_ids or matter.addresses or matter.others):
        used = f" uses {one_line(', '.join(matter.notice.ips))}" if matter.notice.ips else " the notice means"
        steps.append(f"Find out what of yours{used}, and stop or isolate it.")
    return steps


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
    seen = f" at {_long(notice.abuse_at)}" if notice.abuse_at else " when the abuse was seen"
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
    steps = [] if matter.proven else [f"{_CHECK}."]
    answer = "Answer" if matter.proven else "If it is genuine, answer"
    steps.append(
        f"{answer} AWS by {_long(matter.deadline.at)}: {_where_to_answer(matter)}. "
        "Say what you found and what was done."
    )
    if any(step.name == "Start snapshots" and step.outcome == "done" for one in outcomes for step in one.steps):
        steps.append("Look for the cause on copies of the snapshots, not on the instance.")
    return steps


def _stop(instance: Instance) -> str:
    return f"aws ec2 stop-instances --region {instance.region} --instance-ids {instance.instance_id}"


def _approve(matter: Matter, instance_id: str) -> str:
    """The command by which an admin gives a yes under an IAM identity; CloudTrail keeps who it was."""
    words = json.dumps({"arrival": json.loads(matter.arrival), "approved": [instance_id]})
    return (
        f"aws stepfunctions start-execution --region {matter.region} "
        f"--state-machine-arn {matter.state_machine} --input '{words}'"
    )


def _long(moment: datetime) -> str:
    return f"{moment:%a %d %b %Y %H:%M} UTC"


def _short(moment: datetime) -> str:
    return f"{moment:%d %b %H:%M} UTC"
