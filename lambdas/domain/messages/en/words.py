"""The words that several messages share: what is claimed, how urgent it is, by when, and the facts of the notice."""

import json
from collections.abc import Sequence
from datetime import datetime

from lambdas.domain.case import other_cases
from lambdas.domain.clean import safe_subject
from lambdas.domain.instance import Instance
from lambdas.domain.messages.message import (
    MAX_BODY_BYTES,
    MAX_SMS,
    Matter,
    cut,
    one_line,
)
from lambdas.domain.notice import Kind, Notice, Proof, ProofKind
from lambdas.domain.other_resources import other_resources
from lambdas.domain.outcome import Outcome
from lambdas.domain.policy import Verdict

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


CLAIMS = {
    Kind.FIRST_NOTICE: "reports",
    Kind.FOLLOW_UP: "writes again about",
    Kind.ACTION_TAKEN: "says that it has taken measures because of",
}


CHECK = "Find out whether the mail is genuine: look into AWS Health, or ask AWS Support"


HARMLESS = "with its links made harmless (hxxp, [.]): follow none before you are sure of the sender"


def body_of(lines: Sequence[str]) -> str:
    return cut("\n".join(lines), MAX_BODY_BYTES)


def sms_of(text: str) -> str:
    return safe_subject(text, MAX_SMS)


def urgency(matter: Matter) -> str:
    if not matter.proven:
        return "WARNING"
    return "INFO" if matter.notice.kind is Kind.RESOLVED else "URGENT"


def abuse(notice: Notice) -> str:
    return ABUSE.get(notice.abuse_type) or str(notice.abuse_type).replace("_", " ")


def short_abuse(notice: Notice) -> str:
    return SHORT.get(notice.abuse_type) or abuse(notice)


def claim(matter: Matter) -> str:
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
        f"{speaker} {CLAIMS[notice.kind]} {abuse(notice)}: {about(notice, matter.instance_ids, matter.addresses)}. "
        f"{urgency} answer by {long_date(due.at)} ({limit})."
    )


def about(notice: Notice, instance_ids: Sequence[str], searched: Sequence[str]) -> str:
    """What the notice is about: instances, else addresses by which one may be found, else other resources."""
    if instance_ids:
        return named(instance_ids)
    if searched:
        return f"no instance named, but {named(searched)}"
    others = [one_line(other.what, 120) for other in other_resources(notice)]
    return f"no instance named, but {named(others)}" if others else "no instance named"


def short_about(matter: Matter) -> str:
    """As `about`, where there is little room."""
    others = [one_line(other.what.partition(" (")[0], 60).removeprefix("the ") for other in matter.others]
    named = matter.instance_ids or matter.addresses
    return others[0] if others and not named else counted(named)


def named(instance_ids: Sequence[str]) -> str:
    if not instance_ids:
        return "no instance named"
    shown = ", ".join(instance_ids[:3])
    return shown if len(instance_ids) <= 3 else f"{shown} and {len(instance_ids) - 3} more"


def counted(instance_ids: Sequence[str]) -> str:
    """As `named`, where there is little room."""
    return f"{len(instance_ids)} {_kind_of(instance_ids)}" if len(instance_ids) > 1 else named(instance_ids)


def _kind_of(names: Sequence[str]) -> str:
    ids = [name for name in names if name.startswith("i-")]
    return "instances" if len(ids) == len(names) else "addresses" if not ids else "instances and addresses"


def capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def facts_of(matter: Matter) -> list[str]:
    notice = matter.notice
    facts = [
        "THE NOTICE",
        f"  Case      {matter.case}{', open before this notice' if matter.joined else ', new'}",
        *[f"  Names too {one_line(number)}: look into that case yourself" for number in other_cases(notice)],
        f"  Subject   {one_line(notice.subject)}",
        f"  From AWS? {origin(matter.proof)}",
        f"  Account   {one_line(', '.join(notice.account_ids)) or 'none named'}",
    ]
    facts += [
        f"  Address   {one_line(ip)}{' (in the quoted report only)' if ip in notice.quoted_ips else ''}"
        f"{' (not looked for)' if matter.addresses and ip not in matter.addresses else ''}"
        for ip in notice.ips
    ]
    facts += [f"  Seen at   {long_date(notice.abuse_at)}"] if notice.abuse_at else []
    facts += [f"  AWS did   {one_line(measure)}" for measure in notice.measures]
    facts += [f"  Not read  {one_line(problem)}" for problem in notice.problems]
    return [*facts, f"  Mail      {matter.mail}", f"  Progress  {matter.console}"]


def origin(proof: Proof) -> str:
    return f"{'Yes' if proof.kind is ProofKind.AWS else 'Not proven'}: {one_line(proof.reason)}"


def has_escaped(outcome: Outcome) -> bool:
    return outcome.decision.verdict is Verdict.CONTAIN and not outcome.contained


def undecided(matter: Matter, outcomes: Sequence[Outcome]) -> list[str]:
    decided = {outcome.decision.instance_id for outcome in outcomes}
    for outcome in outcomes:
        if isinstance(outcome.found, Instance):
            decided |= {*outcome.found.addresses, *(holding.address for holding in outcome.found.found_by)}
    return [one for one in (*matter.instance_ids, *matter.addresses) if one not in decided]


def differs(outcome: Outcome, before: Instance) -> bool:
    """Whether there is something to put back: what was found stands as it was before this very notice."""
    found = outcome.found
    if not isinstance(found, Instance) or found.instance_id != before.instance_id:
        return False
    return outcome.decision.verdict is Verdict.CONTAIN or found.interfaces != before.interfaces


def long_date(moment: datetime) -> str:
    return f"{moment:%a %d %b %Y %H:%M} UTC"


def short_date(moment: datetime) -> str:
    return f"{moment:%d %b %H:%M} UTC"


def stop_command(instance: Instance) -> str:
    return f"aws ec2 stop-instances --region {instance.region} --instance-ids {instance.instance_id}"


def approve_command(matter: Matter, instance_id: str) -> str:
    """The command by which an admin gives a yes under an IAM identity; CloudTrail keeps who it was."""
    words = json.dumps({"arrival": json.loads(matter.arrival), "approved": [instance_id]})
    return (
        f"aws stepfunctions start-execution --region {matter.region} "
        f"--state-machine-arn {matter.state_machine} --input '{words}'"
    )
