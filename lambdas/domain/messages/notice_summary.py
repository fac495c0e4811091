"""What several messages share: what is claimed, how urgent it is, by when, and the facts of the notice."""

from collections.abc import Sequence

from lambdas.domain.case.identity import other_cases
from lambdas.domain.case.timeline import TimelineEntry
from lambdas.domain.clean import one_line
from lambdas.domain.containment.outcome import Outcome
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.other_resources import OtherResource, other_resources
from lambdas.domain.intake.mail_address import SenderRing
from lambdas.domain.intake.notice import Notice, NoticeKind, Proof, ProofKind
from lambdas.domain.language.language import Language
from lambdas.domain.messages.message import CaseNotice
from lambdas.domain.messages.quoted_report import quoted_report_text
from lambdas.domain.policy import Verdict


def proof_key(proof: Proof | bool) -> str:
    """The part of a name of words that says whether a mail is proven to be from AWS."""
    proven = proof if isinstance(proof, bool) else proof.kind is ProofKind.AWS
    return "proven" if proven else "unproven"


def urgency(language: Language, case_notice: CaseNotice) -> str:
    if not case_notice.proven:
        return language.say("warning")
    return language.say("info" if case_notice.notice.kind is NoticeKind.RESOLVED else "urgent")


def abuse_text(language: Language, notice: Notice) -> str:
    name = f"abuse:{notice.abuse_type or 'none'}"
    return language.texts.get(name) or str(notice.abuse_type).replace("_", " ")


def short_abuse_text(language: Language, notice: Notice) -> str:
    """As `abuse_text`, where there is little room."""
    return language.texts.get(f"short_abuse:{notice.abuse_type or 'none'}") or abuse_text(language, notice)


def claim_line(language: Language, case_notice: CaseNotice) -> str:
    """The first line: what is claimed, how urgent it is and by when AWS wants an answer."""
    notice, due, proven = case_notice.notice, case_notice.deadline, proof_key(case_notice.proven)
    if case_notice.for_other_account:
        return language.say(
            "claim:other_account",
            abuse=abuse_text(language, notice),
            accounts=accounts_text(notice),
            by=language.long_date(due.at),
        )
    if notice.kind is NoticeKind.RESOLVED and not case_notice.ends_case:
        sender = "other_sender" if case_notice.proof.kind is ProofKind.AWS else "unproven"
        return language.say(f"claim:resolved:{sender}", case=case_notice.case)
    if notice.kind is NoticeKind.RESOLVED:
        return language.say(
            f"claim:{'in_error' if case_notice.is_retracted else 'resolved'}:proven", case=case_notice.case
        )
    if case_notice.proof.ring is SenderRing.UNKNOWN_AWS:
        proven = "unknown_sender"
    return language.say(
        f"claim:{proven}",
        claims=language.say(f"claims:{notice.kind}"),
        abuse=abuse_text(language, notice),
        about=resources_text(language, notice, case_notice.instance_ids, case_notice.addresses),
        by=language.long_date(due.at),
        limit=language.say("limit:stated" if due.stated else "limit:unstated"),
    )


def resources_text(language: Language, notice: Notice, instance_ids: Sequence[str], searched: Sequence[str]) -> str:
    """What the notice is about: instances, else addresses by which one may be found, else other resources."""
    others = [other_resource_text(language, other, 120) for other in other_resources(notice)]
    if instance_ids or not (searched or others):
        return language.name_some(instance_ids)
    return language.say("no_instance_but", named=language.name_some(searched or others))


def other_resource_text(language: Language, other: OtherResource, most: int = 1_000) -> str:
    """What is named beside instances, with the address or name by which the notice names it."""
    return one_line(f"{language.render(other.name)}{f' ({other.address})' if other.address else ''}", most)


def accounts_text(notice: Notice) -> str:
    """The accounts that the notice names."""
    return one_line(", ".join(notice.account_ids))


def short_resources_text(language: Language, case_notice: CaseNotice) -> str:
    """As `resources_text`, where there is little room."""
    others = [one_line(language.render(other.name), 60).removeprefix("the ") for other in case_notice.other_resources]
    named = case_notice.instance_ids or case_notice.addresses
    return others[0] if others and not named else language.count_or_name(named)


def notice_lines(language: Language, case_notice: CaseNotice) -> list[str]:
    notice, say = case_notice.notice, language.say
    facts = [
        say("facts"),
        say("facts:joined" if case_notice.joined else "facts:new", case=case_notice.case),
        *[say("facts:names_too", number=one_line(number)) for number in other_cases(notice)],
        say("facts:subject", subject=one_line(notice.subject)),
        say("facts:origin", origin=proof_text(language, case_notice.proof)),
        say("facts:account", accounts=accounts_text(notice) or say("none_named")),
    ]
    facts += [
        say(
            "facts:address",
            address=one_line(ip),
            quoted=say("quoted_only") if ip in notice.quoted_ips else "",
            sought=say("not_sought") if case_notice.addresses and ip not in case_notice.addresses else "",
        )
        for ip in notice.ips
    ]
    facts += [say("facts:seen_at", at=language.long_date(notice.abuse_at))] if notice.abuse_at else []
    facts += [say("facts:report", report=quoted_report_text(language, notice.report))] if notice.report else []
    facts += [say("measure", measure=one_line(measure)) for measure in notice.measures]
    facts += [say("facts:not_read", problem=language.render_line(problem)) for problem in notice.problems]
    return [*facts, say("facts:mail", mail=case_notice.mail), say("progress", console=case_notice.console)]


def proof_text(language: Language, proof: Proof) -> str:
    return language.say(f"origin:{proof_key(proof)}", reason=language.render_line(proof.reason))


def actor_text(language: Language, entry: TimelineEntry, name: str = "") -> str:
    """Who did it, or the `name` of that admin; "claimed" where only the desk says so."""
    who = one_line(name or entry.actor)
    return language.say("claimed", who=who) if entry.is_claimed else who


def containment_failed(outcome: Outcome) -> bool:
    return outcome.decision.verdict is Verdict.CONTAIN and not outcome.contained


def undecided(case_notice: CaseNotice, outcomes: Sequence[Outcome]) -> list[str]:
    decided = {outcome.decision.instance_id for outcome in outcomes}
    for outcome in outcomes:
        if isinstance(outcome.found, Instance):
            decided |= {*outcome.found.addresses, *(holding.address for holding in outcome.found.found_by)}
    return [
        instance_id for instance_id in (*case_notice.instance_ids, *case_notice.addresses) if instance_id not in decided
    ]


def can_be_released(outcome: Outcome, before: Instance) -> bool:
    """Whether there is something to put back: what was found stands as it was before this very notice."""
    found = outcome.found
    if not isinstance(found, Instance) or found.instance_id != before.instance_id:
        return False
    return outcome.decision.verdict is Verdict.CONTAIN or found.interfaces != before.interfaces


def case_suffixes(language: Language, case: str) -> tuple[str, str]:
    """What ends a subject: the longer one where there is room for it."""
    return language.say("case", case=case), f"({case})"


def numbered_lines(steps: Sequence[str]) -> list[str]:
    return [f"  {number}. {step}" for number, step in enumerate(steps, 1)]


def stop_command(instance: Instance) -> str:
    return f"aws ec2 stop-instances --region {instance.region} --instance-ids {instance.instance_id}"


def release_command(case: str, instance_id: str = "") -> str:
    return f"python -m desk release {case} {instance_id}".rstrip()


def reply_command(case: str) -> str:
    """The command that drafts the answer to AWS."""
    return f"python -m desk reply {case}"


def approve_command(case: str, instance_id: str) -> str:
    """The command by which an admin gives a yes under an IAM identity; CloudTrail keeps who it was."""
    return f"python -m desk approve {case} {instance_id}"


def decline_command(case: str, instance_id: str) -> str:
    """The command by which an admin says no."""
    return f"python -m desk decline {case} {instance_id}"
