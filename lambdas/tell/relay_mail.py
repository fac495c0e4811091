"""Relay mail: what is no notice, or cannot be read, goes to the admins as it came, with that said."""

from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from lambdas.domain.containment.outcome import trouble
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import Notice, Proof
from lambdas.domain.phrase import Said, quoted, said
from lambdas.domain.reading.sources import as_handed_in, notice_by, proof_by
from lambdas.mail_bucket import stored_mail
from lambdas.tell.admins import tell
from lambdas.tell.notice_context import mail_address


def relay_mail(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins of the mail; where even the stored mail cannot be read, tell where it lies and why.

    What was found out about it by then stands in the `reason` of the event's `notice`.
    """
    arrival = Arrival.from_json(event["arrival"])
    failures = list(trouble(event["trouble"]))
    notice: Notice | None = None
    proof: Proof | None = None
    try:
        raw = as_handed_in(arrival, stored_mail(arrival.bucket, arrival.key))
    except ClientError as error:
        failures.append(said("failure:state", state="Relay mail", why=quoted(str(error))))
    else:
        notice, proof = notice_by(arrival, raw), proof_by(arrival, raw)
        if event["notice"] and not notice.kind.is_notice:
            notice = replace(notice, reason=Said.from_json(event["notice"]["reason"]))
    return tell(lambda language: language.relay(notice, proof, mail_address(event["arrival"]), failures))
