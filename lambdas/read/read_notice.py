"""Read notice: what the mail or Health event says, and what shows that it is from AWS."""

from dataclasses import asdict
from typing import Any

from lambdas.domain.arrival import Arrival
from lambdas.domain.doors import notice_by, proof_by
from lambdas.mailbox import stored_mail


def read_notice(event: dict[str, Any]) -> dict[str, Any]:
    """From `arrival` to `{"notice": facts, "proof": {kind, reason}}`."""
    arrival = Arrival.from_json(event["arrival"])
    raw = stored_mail(arrival.bucket, arrival.key)
    return {"notice": notice_by(arrival, raw).facts(), "proof": asdict(proof_by(arrival, raw))}
