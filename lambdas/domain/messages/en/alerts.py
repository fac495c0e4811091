"""What goes out before anything is done, and what is passed on as it came."""

from collections.abc import Sequence

from lambdas.domain.address import sought_in
from lambdas.domain.clean import safe_subject
from lambdas.domain.messages.en.words import (
    CLAIMS,
    HARMLESS,
    STAGE,
    about,
    abuse,
    body_of,
    claim,
    facts_of,
    long_date,
    origin,
    short_about,
    short_abuse,
    short_date,
    sms_of,
    urgency,
)
from lambdas.domain.messages.message import (
    Matter,
    Message,
    one_line,
    quoted,
    subject_of,
)
from lambdas.domain.notice import Kind, Notice, Proof, ProofKind
from lambdas.domain.senders import addresses, is_aws_address


def first_alert(matter: Matter, text: str) -> Message:
    """What is claimed, before anything is changed, with the `text` of the mail: it may have come to nobody else."""
    lines = [
        claim(matter),
        "",
        "This notice has changed nothing yet; what an earlier one of the case led to stands."
        if matter.joined
        else "Nothing has been changed yet.",
        "The responder now looks for what the notice names; a report follows.",
        "",
        *facts_of(matter),
        "",
        f"THE MAIL, {HARMLESS}",
        "",
        *quoted(text),
    ]
    stage = STAGE.get(matter.notice.kind, "AWS writes about") if matter.proven else "unproven mail,"
    headline = f"{urgency(matter)}: {stage} {short_abuse(matter.notice)}"
    sms = f"{headline}, case {matter.case}. Answer AWS by {short_date(matter.deadline.at)}. See mail."
    return Message(
        subject=subject_of(f"{headline}, {short_about(matter)}", f"(case {matter.case})"),
        body=body_of(lines),
        sms=sms_of(sms) if matter.urgent else None,
    )


def relay(notice: Notice | None, proof: Proof | None, mail: str, trouble: Sequence[str]) -> Message:
    """A mail as it came, that is no notice of abuse or (`trouble` says why) could not be handled as one."""
    failed = [f"FAILED: {one_line(words)}" for words in trouble]
    if notice is None or proof is None:
        lines = ["A mail came in that could not be read. Nothing was changed. Somebody must look at it now.", *failed]
        return Message(
            subject="URGENT: a mail to the abuse address could not be read",
            body=body_of([*lines, f"It lies in {one_line(mail)}"]),
            sms=None,
        )
    proven = proof.kind is ProofKind.AWS
    sms = None
    if not notice.kind.is_notice:
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
        f"From AWS? {origin(proof)}",
        f"From:     {one_line(notice.sender)}",
        f"Subject:  {one_line(notice.subject)}",
        f"Date:     {long_date(notice.sent_at) if notice.sent_at else 'none that can be read'}",
        *[f"Not read: {one_line(problem)}" for problem in notice.problems],
        f"The mail as it came: {one_line(mail)}",
        "",
        f"THE MAIL, {HARMLESS}",
        "",
        *quoted(notice.text),
    ]
    subject = safe_subject(f"{headline} {one_line(notice.subject)}")
    return Message(subject=subject, body=body_of(lines), sms=sms_of(sms) if sms else None)


def _unhandled(notice: Notice, *, proven: bool) -> str:
    """The first line where there is no case: what is claimed, how urgent it is and by when AWS wants an answer."""
    speaker = "AWS" if proven else "A mail that is not proven to be from AWS"
    if notice.kind is Kind.RESOLVED:
        return f"{speaker} says that a case is resolved."
    hours = 24 if notice.deadline_hours is None else notice.deadline_hours
    searched = tuple(one.address for one in sought_in(notice, ()))
    return (
        f"{speaker} {CLAIMS[notice.kind]} {abuse(notice)}: {about(notice, notice.instance_ids, searched)}. "
        f"{'Urgent:' if proven else 'Check it; if it is genuine,'} answer within {hours:g} hours of its date."
    )
