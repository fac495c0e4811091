"""Send first alert: what is claimed, before anything is changed."""

from typing import Any

from botocore.exceptions import ClientError

from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.reading.sources import notice_by
from lambdas.mail_bucket import stored_mail
from lambdas.tell.admins import tell
from lambdas.tell.notice_context import matter_from


def send_first_alert(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins what the notice says and by when AWS wants an answer, with the mail's own text."""
    matter, arrival = matter_from(event), Arrival.from_json(event["arrival"])
    try:
        text = notice_by(arrival, stored_mail(arrival.bucket, arrival.key)).text
    except ClientError as error:
        # The claim is known already: the alert must not wait for its text.
        text = f"(The text could not be fetched: {error})"
    return tell(lambda language: language.first_alert(matter, text))
