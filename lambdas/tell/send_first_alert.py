"""Send first alert: what is claimed, before anything is changed."""

from typing import Any

from botocore.exceptions import ClientError

from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.messages.alerts import first_alert
from lambdas.domain.reading.sources import read_arrival
from lambdas.mail_bucket import read_mail
from lambdas.tell.admins import send_to_admins
from lambdas.tell.notice_context import case_notice_from


def send_first_alert(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins what the notice says and by when AWS wants an answer, with the mail's own text."""
    case_notice, arrival = case_notice_from(event), Arrival.from_json(event["arrival"])
    try:
        text = read_arrival(arrival, read_mail(arrival.bucket, arrival.key)).text
    except ClientError as error:
        # The claim is known already: the alert must not wait for its text.
        text = f"(The text could not be fetched: {error})"
    return send_to_admins(lambda language: first_alert(language, case_notice, text))
