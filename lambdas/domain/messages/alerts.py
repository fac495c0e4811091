"""What goes out before anything is done, and what is passed on as it came."""

from collections.abc import Sequence

from lambdas.domain.clean import one_line
from lambdas.domain.instance.address import addresses_to_find
from lambdas.domain.intake.mail_address import is_aws_address, parse_addresses
from lambdas.domain.intake.notice import Notice, NoticeKind, Proof, ProofKind
from lambdas.domain.language.language import Language
from lambdas.domain.messages.message import CaseNotice, Message
from lambdas.domain.messages.notice_summary import (
    abuse_text,
    case_suffixes,
    claim_line,
    notice_lines,
    proof_key,
    proof_text,
    resources_text,
    short_abuse_text,
    short_resources_text,
    urgency,
)
from lambdas.domain.phrase import Phrase


def first_alert(language: Language, case_notice: CaseNotice, text: str) -> Message:
    """What is claimed, before anything is changed, with the `text` of the mail: it may have come to nobody else."""
    say = language.say
    lines = [
        claim_line(language, case_notice),
        "",
        say("alert:joined" if case_notice.joined else "alert:new"),
        say("alert:next"),
        "",
        *notice_lines(language, case_notice),
        "",
        say("the_mail"),
        "",
        *language.quote_mail(text),
    ]
    stage = f"alert:{case_notice.notice.kind}" if case_notice.proven else "alert:unproven"
    abuse_type = short_abuse_text(language, case_notice.notice)
    headline = say(stage, urgency=urgency(language, case_notice), abuse=abuse_type)
    subject = say("alert:subject", headline=headline, about=short_resources_text(language, case_notice))
    by = language.short_date(case_notice.deadline.at)
    return Message(
        subject=language.subject_with_suffix(subject, case_suffixes(language, case_notice.case)[0]),
        body=language.body(lines),
        sms=language.sms("alert:sms", headline, case=case_notice.case, by=by) if case_notice.needs_sms else None,
    )


def relayed_mail(
    language: Language, notice: Notice | None, proof: Proof | None, mail: str, failures: Sequence[Phrase]
) -> Message:
    """A mail as it came, that is no notice of abuse or (`failures` says why) could not be handled as one."""
    say = language.say
    failed = [say("failed", words=language.render_line(failure)) for failure in failures]
    if notice is None or proof is None:
        lines = [say("relay:unreadable"), *failed, say("relay:lies_in", mail=one_line(mail))]
        return Message(subject=say("relay:unreadable:subject"), body=language.body(lines), sms=None)
    headline, first, sms = _relayed(language, notice, proof)
    sent_at = language.long_date(notice.sent_at) if notice.sent_at else say("relay:no_date")
    lines = [
        first,
        *failed,
        "",
        say("relay:origin", origin=proof_text(language, proof)),
        say("relay:from", sender=one_line(notice.sender)),
        say("relay:subject", subject=one_line(notice.subject)),
        say("relay:date", date=sent_at),
        *[say("relay:not_read", problem=language.render_line(problem)) for problem in notice.problems],
        say("relay:mail", mail=one_line(mail)),
        "",
        say("the_mail"),
        "",
        *language.quote_mail(notice.text),
    ]
    return Message(
        subject=language.subject(f"{headline} {one_line(notice.subject)}"),
        body=language.body(lines),
        sms=language.sms(sms) if sms else None,
    )


def _relayed(language: Language, notice: Notice, proof: Proof) -> tuple[str, str, str]:
    """What begins the subject, the first line, and the key of the SMS, which may be empty."""
    say, proven = language.say, proof.kind is ProofKind.AWS
    if not notice.kind.is_notice:
        claims_aws = not proven and any(is_aws_address(address) for address in parse_addresses(notice.sender))
        headline = say("relay:spoof:subject" if claims_aws else "relay:no_notice:subject")
        return headline, say("relay:no_notice", reason=language.render_line(notice.reason)), ""
    headline = say(f"relay:not_handled:{proof_key(proof)}:subject")
    first = say("relay:not_handled", unhandled=_unhandled(language, notice, proof))
    wakes = proof.changes_cases and notice.kind is not NoticeKind.RESOLVED
    return headline, first, "relay:not_handled:sms" if wakes else ""


def _unhandled(language: Language, notice: Notice, proof: Proof) -> str:
    """The first line where there is no case: what is claimed, how urgent it is and by when AWS wants an answer."""
    if notice.kind is NoticeKind.RESOLVED:
        return language.say(f"relay:resolved:{proof_key(proof)}")
    hours = 24 if notice.deadline_hours is None else notice.deadline_hours
    searched = tuple(address.address for address in addresses_to_find(notice, ()))
    return language.say(
        f"relay:claim:{proof_key(proof)}",
        claims=language.say(f"claims:{notice.kind}"),
        abuse=abuse_text(language, notice),
        about=resources_text(language, notice, notice.instance_ids, searched),
        hours=f"{hours:g}",
    )
