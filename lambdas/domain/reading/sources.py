"""Read and prove an arrival: a mail, an event of AWS Health, or a submitted file."""

import json

from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.mail_address import SenderRing
from lambdas.domain.intake.notice import Notice, Proof, ProofKind
from lambdas.domain.phrase import phrase
from lambdas.domain.reading import read_health_event, read_notice
from lambdas.domain.reading.proof import NO_TRUSTED_SENDERS, CheckedMail, TrustedSenders, prove

# No customer may send EventBridge an event whose source begins with "aws.":
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
_BY_HEALTH = Proof(ProofKind.AWS, phrase("proof:health"), may_contain=True, ring=SenderRing.ABUSE_DESK)


def without_forged_ses_header(arrival: Arrival, raw: bytes) -> bytes:
    """The arrival's bytes, without a header block that only SES may write.

    Anybody can begin a file with a block like that of SES. Below another header field it is ignored, and an extra
    field on top does not break a signature (RFC 6376, section 5.4).
    """
    return b"X-Submitted: by an admin\r\n" + raw if arrival.is_submitted else raw


def read_arrival(arrival: Arrival, raw: bytes) -> Notice:
    """Read the notice from the arrival's bytes."""
    return read_health_event(json.loads(raw)) if arrival.is_health_event else read_notice(raw)


def prove_arrival(
    arrival: Arrival, raw: bytes, trust: TrustedSenders = NO_TRUSTED_SENDERS, checked: CheckedMail | None = None
) -> Proof:
    """Return who vouches for the arrival; for a mail see `prove`."""
    return _BY_HEALTH if arrival.is_health_event else prove(raw, arrival.verdicts, trust, checked)
