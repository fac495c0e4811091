"""Read notice: what the mail or Health event says, and what shows that it is from AWS."""

from typing import Any

from lambdas.domain.answer.sent_answer import mark_own_answer
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.mail_address import ABUSE_DESKS
from lambdas.domain.reading.proof import TrustedSenders, mails_to_check, proven_bytes
from lambdas.domain.reading.sources import prove_arrival, read_arrival, without_forged_ses_header
from lambdas.domain.settings.function_config import ReadConfig
from lambdas.load_config import load_config
from lambdas.mail_bucket import read_mail
from lambdas.signatures import checked_mail


def read_notice(event: dict[str, Any]) -> dict[str, Any]:
    """From `arrival` to `{"notice": …, "proof": …}`; our answer to AWS is an "answer"."""
    arrival = Arrival.from_json(event["arrival"])
    raw = without_forged_ses_header(arrival, read_mail(arrival.bucket, arrival.key))
    config = load_config(ReadConfig)
    trust = TrustedSenders(config.admin_addresses, config.trusted_forwarders, config.abuse_desks)
    mails = () if arrival.is_health_event else mails_to_check(raw, arrival.verdicts, trust)
    checked = checked_mail(mails)
    proof = prove_arrival(arrival, raw, trust, checked)
    # What our own check proves is read from the bytes that were checked, not from the mail around them.
    notice = read_arrival(arrival, proven_bytes(raw, proof, checked))
    if not arrival.is_health_event:
        senders = {*trust.admins, *config.aws_contacts}
        notice = mark_own_answer(notice, raw, arrival.verdicts, senders, ABUSE_DESKS.union(trust.abuse_desks))
    return {"notice": notice.to_json(), "proof": proof.to_json()}
