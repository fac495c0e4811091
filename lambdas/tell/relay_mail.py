"""Relay mail: a mail that is not a notice, or cannot be read, goes to the admins as it came, with the reason."""

from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from lambdas.domain.containment.outcome import failure_phrases
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import Notice, Proof
from lambdas.domain.messages.alerts import relayed_mail
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.domain.reading.sources import prove_arrival, read_arrival, without_forged_ses_header
from lambdas.mail_bucket import read_mail
from lambdas.tell.admins import send_to_admins
from lambdas.tell.notice_context import mail_uri


def relay_mail(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins about the mail. If even the stored mail cannot be read, say where it is and why.

    The `reason` of the event's `notice`, if there is one, says what was found out about it.
    """
    arrival = Arrival.from_json(event["arrival"])
    failures = list(failure_phrases(event["failures"]))
    notice: Notice | None = None
    proof: Proof | None = None
    try:
        raw = without_forged_ses_header(arrival, read_mail(arrival.bucket, arrival.key))
    except ClientError as error:
        failures.append(phrase("failure:state", state="Relay mail", why=verbatim(str(error))))
    else:
        notice, proof = read_arrival(arrival, raw), prove_arrival(arrival, raw)
        if event["notice"] and not notice.kind.is_notice:
            notice = replace(notice, reason=Phrase.from_json(event["notice"]["reason"]))
    return send_to_admins(lambda language: relayed_mail(language, notice, proof, mail_uri(event["arrival"]), failures))
