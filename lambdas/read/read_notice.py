"""Read notice: what the mail or Health event says, and what shows that it is from AWS."""

import os
from dataclasses import asdict
from typing import Any

from lambdas.domain.answer.sent_answer import as_our_answer
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.reading.proof import Checked, Trust, mail_to_check, proven_part
from lambdas.domain.reading.sources import as_handed_in, notice_by, proof_by
from lambdas.mail_bucket import stored_mail
from lambdas.signatures import verified_signatures


def read_notice(event: dict[str, Any]) -> dict[str, Any]:
    """From `arrival` to `{"notice": facts, "proof": {kind, reason, trusted}}`; our answer to AWS is an "answer"."""
    arrival = Arrival.from_json(event["arrival"])
    raw = as_handed_in(arrival, stored_mail(arrival.bucket, arrival.key))
    trust = Trust(admins=_listed("ADMIN_ADDRESSES"), forwarders=_listed("TRUSTED_FORWARDERS"))
    checked = _checked(raw, arrival, trust)
    proof = proof_by(arrival, raw, trust, checked)
    # What our own check proves is read from the bytes that were checked, not from the mail around them.
    notice = notice_by(arrival, proven_part(raw, proof, checked))
    if not arrival.is_health_event:
        notice = as_our_answer(notice, raw, arrival.verdicts, trust.admins)
    return {"notice": notice.facts(), "proof": asdict(proof)}


def _checked(raw: bytes, arrival: Arrival, trust: Trust) -> Checked | None:
    mail = None if arrival.is_health_event else mail_to_check(raw, arrival.verdicts, trust)
    return Checked(mail, verified_signatures(mail)) if mail else None


def _listed(name: str) -> tuple[str, ...]:
    return tuple(filter(None, os.environ[name].split(",")))
