"""Three doors, one notice: what a mail, an event of AWS Health or a submitted file says, and who vouches for it."""

import json

from lambdas.domain.arrival import Arrival
from lambdas.domain.notice import Notice, Proof, ProofKind
from lambdas.domain.proof import NOBODY, Checked, Trust, prove
from lambdas.domain.reading import read_health_event, read_notice
from lambdas.domain.said import said

# No customer may send EventBridge an event whose source begins with "aws.":
# https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsRequestEntry.html
_BY_HEALTH = Proof(ProofKind.AWS, said("proof:health"), may_contain=True)


def as_handed_in(arrival: Arrival, raw: bytes) -> bytes:
    """What lies under the arrival's key, with nothing in it that only SES may say.

    A file may begin with a header block like that of SES, written by anybody. Below another header field it counts
    for nothing, while a signature does not mind a field on top of those that it covers (RFC 6376, section 5.4).
    """
    return b"X-Submitted: by an admin\r\n" + raw if arrival.is_submitted else raw


def notice_by(arrival: Arrival, raw: bytes) -> Notice:
    """Read what lies under the arrival's key."""
    return read_health_event(json.loads(raw)) if arrival.is_health_event else read_notice(raw)


def proof_by(arrival: Arrival, raw: bytes, trust: Trust = NOBODY, checked: Checked | None = None) -> Proof:
    """Say who vouches for it; for a mail as `prove` says."""
    return _BY_HEALTH if arrival.is_health_event else prove(raw, arrival.verdicts, trust, checked)
