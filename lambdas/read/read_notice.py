"""Read notice: what the mail says, and what shows that it is from AWS."""

from dataclasses import asdict
from typing import Any

from lambdas.domain.arrival import Arrival
from lambdas.domain.proof import prove
from lambdas.domain.reading import read_notice as notice_from
from lambdas.mailbox import stored_mail


def read_notice(event: dict[str, Any]) -> dict[str, Any]:
    """From `arrival` to `{"notice": facts, "proof": {kind, reason}}`."""
    arrival = Arrival.from_json(event["arrival"])
    raw = stored_mail(arrival.bucket, arrival.key)
    return {"notice": notice_from(raw).facts(), "proof": asdict(prove(raw, arrival.verdicts))}
