"""The messages in English."""

import json
from collections.abc import Sequence
from datetime import datetime

from lambdas.domain.clean import clean_text, safe_subject
from lambdas.domain.instance import Instance, Missing
from lambdas.domain.messages.message import MAX_BODY_BYTES, MAX_SMS, Matter, Message, cut
from lambdas.domain.notice import Kind, Notice, Proof
from lambdas.domain.outcome import Outcome
from lambdas.domain.policy import Verdict
from lambdas.domain.quarantine import release_commands

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

STAGE = {
    Kind.FIRST_NOTICE: "AWS reports",
    Kind.FOLLOW_UP: "AWS writes again about",
    Kind.ACTION_TAKEN: "AWS has taken measures against",
    Kind.RESOLVED: "AWS says that the case is resolved:",
}

_OPEN_FLOWS = (
    "A security group does not cut connections that were open when it changed; such a connection may go on until it "
    "ends. To be sure, stop the instance (its memory and instance store are lost, the snapshots are not):"
)


def first_alert(matter: Matter) -> Message:
    """What is claimed, before anything is changed."""
    lines = [
        _claim(matter),
        "",
        "Nothing has been changed yet. The responder now looks for what the notice names; a report follows.",
        "",
        *_facts(matter),
    ]
    what = (matter.notice.abuse_type or "abuse").replace("_", " ")
    sms = (
        f"{_urgency(matter)}: AWS reports {what}, case {matter.case}. Answer by {_short(matter.deadline.at)}. See mail."
    )
    return _message(
        f"{_urgency(matter)}: {_headline(matter)} {_named(matter.instance_ids)} (case {matter.case})",
        lines,
        sms if matter.urgent else None,
    )


def report(matter: Matter, outcomes: Sequence[Outcome], before: Sequence[Instance], trouble: Sequence[str]) -> Message:
    """What was done, as read back; what was not and why; what to do now.

    `before` are the states before anything was changed that the case holds. `trouble` are failures that belong to no
    single instance.
    """
    lines = [_claim(matter), ""]
    lines += [f"FAILED: {clean_text(words)}" for words in trouble]
    lines += [f"{instance_id}: NOTHING WAS DECIDED OR CHANGED." for instance_id in _undecided(matter, outcomes)]
    if not matter.instance_ids:
        lines += ["No instance was touched: the notice names none, and neither did an earlier one of this case.", ""]
    for outcome in outcomes:
        lines += [*_what_became_of(outcome, matter), *_against_before(outcome, before), ""]
    lines += ["WHAT TO DO NOW", *_to_do(matter, outcomes, before), "", *_facts(matter)]
    result = _result(matter, outcomes, trouble)
    sms = f"{result} by {_short(matter.deadline.at)}, case {matter.case}."
    asks = matter.notice.kind is not Kind.RESOLVED
    subject = f"{result} by {_short(matter.deadline.at)} (case {matter.case})" if asks else f"{result} ({matter.case})"
    return _message(subject, lines, sms if matter.urgent else None)


def relay(notice: Notice | None, proof: Proof | None, mail: str, trouble: Sequence[str]) -> Message:
    """A mail as it came, that is no notice of abuse or (`trouble` says why) could not be handled as one."""
    failed = [f"FAILED: {clean_text(words)}" for words in trouble]
    if notice is None or proof is None:
        lines = ["A mail came in that could not be read. Nothing was changed. Somebody must look at it.", *failed]
        return _message("URGENT: a mail to the abuse address could not be read", [*lines, f"It lies in {mail}"], None)
    if notice.kind is Kind.NONE:
        headline = f"INFO: mail that is no notice: {notice.subject}"
        first = f"This mail was not understood as a notice of abuse: {clean_text(notice.reason)}. Nothing was changed."
    else:
        headline = f"URGENT: a notice of abuse could not be handled: {notice.subject}"
        first = "A notice of abuse came in and could not be handled. Nothing was changed. Somebody must act on it."
    lines = [
        first,
        *failed,
        f"From AWS? {_origin(proof)}",
        f"The mail as it came: {mail}",
        "Links below were made harmless (hxxp, [.]). Do not follow one before you are sure of the sender.",
        "",
        f"From:    {clean_text(notice.sender)}",
        f"Subject: {clean_text(notice.subject)}",
        f"Date:    {_long(notice.sent_at) if notice.sent_at else 'none that can be read'}",
        *[f"Not read: {clean_text(problem)}" for problem in notice.problems],
        "",
        clean_text(notice.text),
    ]
    return _message(headline, lines, None)


def _message(subject: str, lines: Sequence[str], sms: str | None) -> Message:
    return Message(
        subject=safe_subject(subject),
        body=cut("\n".join(lines), MAX_BODY_BYTES),
        sms=safe_subject(sms)[:MAX_SMS] if sms else None,
    )


def _urgency(matter: Matter) -> str:
    if matter.notice.kind is Kind.RESOLVED:
        return "INFO"
    if not matter.proven:
        return "WARNING"
    return "URGENT"


def _headline(matter: Matter) -> str:
    if not matter.proven:
        return f"unproven notice of {ABUSE[matter.notice.abuse_type]},"
    if matter.notice.kind is Kind.RESOLVED:
        return "AWS says the case is resolved,"
    return f"{STAGE[matter.notice.kind]} {ABUSE[matter.notice.abuse_type]},"


def _claim(matter: Matter) -> str:
    """The first line: what is claimed, how urgent it is and by when AWS wants an answer."""
    notice, due = matter.notice, matter.deadline
    speaker = "AWS" if matter.proven else "A mail that is not proven to be from AWS"
    if notice.kind is Kind.RESOLVED:
        return f"{speaker} says that case {matter.case} is resolved and that nothing more is asked of you."
    limit = "the limit it names" if due.stated else "it names no limit; 24 hours is AWS's rule"
    verb = {
        Kind.FIRST_NOTICE: "reports",
        Kind.FOLLOW_UP: "writes again about",
        Kind.ACTION_TAKEN: "says that it has taken measures because of",
    }[notice.kind]
    urgency = "Urgent" if matter.proven else "Check it"
    return (
        f"{speaker} {verb} {ABUSE[notice.abuse_type]}: {_named(matter.instance_ids)}. "
        f"{urgency}: answer by {_long(due.at)} ({limit})."
    )


def _named(instance_ids: Sequence[str]) -> str:
    if not instance_ids:
        return "no instance named"
    shown = ", ".join(instance_ids[:3])
    return shown if len(instance_ids) <= 3 else f"{shown} and {len(instance_ids) - 3} more"


def _facts(matter: Matter) -> list[str]:
    notice = matter.notice
    addresses = ", ".join(notice.ips)
    facts = [
        "THE NOTICE",
        f"  Case      {matter.case}{', open before this notice' if matter.joined else ', new'}",
        f"  Subject   {clean_text(notice.subject)}",
        f"  From AWS? {_origin(matter.proof)}",
        f"  Account   {', '.join(notice.account_ids) or 'none named'}",
    ]
    facts += [f"  Address   {clean_text(addresses)}"] if addresses else []
    facts += [f"  AWS did   {clean_text(measure)}" for measure in notice.measures]
    facts += [f"  Not read  {clean_text(problem)}" for problem in notice.problems]
    return [*facts, f"  Mail      {matter.mail}", f"  Progress  {matter.console}"]


def _origin(proof: Proof) -> str:
    return {"aws": "Yes", "forwarder": "Not proven", "none": "Not proven"}[proof.kind] + f": {clean_text(proof.reason)}"


def _result(matter: Matter, outcomes: Sequence[Outcome], trouble: Sequence[str]) -> str:
    """The result in one line, the worst first."""
    escaped = [one for one in outcomes if one.decision.verdict is Verdict.CONTAIN and not one.contained]
    asked = [one for one in outcomes if one.decision.verdict is Verdict.ASK]
    contained = [one for one in outcomes if one.contained]
    partly = [one for one in contained if one.failed]
    if escaped:
        return f"URGENT: NOT contained {_named([one.decision.instance_id for one in escaped])}; act now, answer AWS"
    if trouble or _undecided(matter, outcomes):
        return f"URGENT: the responder failed at {_named(matter.instance_ids)}; act now, answer AWS"
    if asked:
        return f"ACTION: decide about {_named([one.decision.instance_id for one in asked])}; answer AWS"
    if contained:
        but = ", but a step failed" if partly else ""
        return f"ACTION: contained {_named([one.decision.instance_id for one in contained])}{but}; answer AWS"
    if matter.notice.kind is Kind.RESOLVED:
        return "INFO: AWS says the case is resolved"
    return f"ACTION: nothing was changed; {'answer AWS' if matter.proven else 'check the mail'}"


def _undecided(matter: Matter, outcomes: Sequence[Outcome]) -> list[str]:
    decided = {outcome.decision.instance_id for outcome in outcomes}
    return [instance_id for instance_id in matter.instance_ids if instance_id not in decided]


def _what_became_of(outcome: Outcome, matter: Matter) -> list[str]:
    found, decision = outcome.found, outcome.decision
    where = f' ("{clean_text(found.name)}")' if isinstance(found, Instance) and found.name else ""
    place = f" in {found.region}" if isinstance(found, Instance) else ""
    lines = [f"{decision.instance_id}{place}{where}: {_verdict_words(outcome)}"]
    lines += [f"  because   {clean_text(reason)}" for reason in decision.reasons]
    for step in outcome.steps:
        lines.append(f"  {step.outcome:<9} {step.name}: {clean_text(step.words)}")
    if outcome.contained and isinstance(found, Instance):
        lines += [f"  {_OPEN_FLOWS}", f"    {_stop(found)}"]
    elif decision.verdict is Verdict.CONTAIN and isinstance(found, Instance):
        lines += ["  It may still be reachable. The sure way is to stop it:", f"    {_stop(found)}"]
    elif decision.verdict is Verdict.ASK:
        lines += ["  If you want it contained, run:", f"    {_approve(matter, decision.instance_id)}"]
    return lines


def _against_before(outcome: Outcome, before: Sequence[Instance]) -> list[str]:
    """How the instance stands now against the state before that the case keeps, where nothing was done this time."""
    return [
        f"  now       {was.interface_id} carries {' '.join(interface.groups)}; before it was {' '.join(was.groups)}"
        for state in before
        if _differs(outcome, state) and not outcome.contained and isinstance(outcome.found, Instance)
        for was in state.interfaces
        for interface in outcome.found.interfaces
        if interface.interface_id == was.interface_id
    ]


def _differs(outcome: Outcome, before: Instance) -> bool:
    """Whether there is something to put back."""
    found = outcome.found
    if not isinstance(found, Instance) or found.instance_id != before.instance_id:
        return False
    return outcome.contained or found.interfaces != before.interfaces


def _verdict_words(outcome: Outcome) -> str:
    if isinstance(outcome.found, Missing):
        return "NOT FOUND, nothing was changed."
    if outcome.contained:
        return f"CONTAINED, read back from EC2 at {_long(datetime.fromisoformat(outcome.verified_at))}."
    return {
        Verdict.CONTAIN: "NOT CONTAINED.",
        Verdict.ASK: "LEFT TO YOU, nothing was changed.",
        Verdict.TELL: "nothing was changed.",
    }[outcome.decision.verdict]


def _to_do(matter: Matter, outcomes: Sequence[Outcome], before: Sequence[Instance]) -> list[str]:
    steps = []
    changed = [state for state in before if any(_differs(outcome, state) for outcome in outcomes)]
    if any(one.decision.verdict is Verdict.CONTAIN and not one.contained for one in outcomes):
        steps.append("Stop or isolate what is NOT CONTAINED above, now.")
    if matter.notice.kind is Kind.RESOLVED:
        steps.append("No answer to AWS is needed.")
        if changed:
            steps.append("The responder does not undo a quarantine by itself. To put back the security groups, run:")
    else:
        if not matter.proven:
            steps.append("Find out whether the mail is genuine, for example in AWS Health or by asking AWS Support.")
        steps.append(
            f"Answer AWS by {_long(matter.deadline.at)}: reply to its mail and keep the subject. "
            "Say what you found and what was done."
        )
        steps.append("Look for the cause on copies of the snapshots, not on the instance.")
        if changed:
            steps.append("When it is clean, or the report was wrong: to put back the security groups, run:")
    lines = [f"  {number}. {step}" for number, step in enumerate(steps, 1)]
    return lines + [f"     {command}" for state in changed for command in release_commands(state)]


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
