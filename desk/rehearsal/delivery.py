"""AWS's part of a notice's way in.

SES stores a mail, then says on the topic that it came, with the verdicts on its origin; MiniStack has no SES receipt
rules in CloudFormation, so the rehearsal does what the rule would. The shape of the notification:
https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
Nobody may send EventBridge an event in AWS's name, not even MiniStack's. So the rehearsal puts an event of AWS Health
into the intake queue itself, as the rule would.
"""

import email.utils
import hashlib
import json
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from desk.rehearsal.deployment import Deployment
from desk.rehearsal.emulators import Emulators
from lambdas.domain.intake.arrival import health_arrival, parse_health_event
from lambdas.domain.intake.notice import Notice
from lambdas.domain.reading import read_health_event, read_notice
from lambdas.domain.reading.authentication import ses_authentication
from lambdas.domain.reading.mail_parser import parse_header

# What SES calls the results of RFC 8601; "none" is a sender who publishes no policy.
_VERDICTS = {"pass": "PASS", "none": "GRAY", "": "GRAY"}


@dataclass(frozen=True)
class Delivery:
    """What was handed in: the name of its execution, and the moment (epoch seconds) it was stored or sent."""

    execution_name: str
    key: str
    stored_at: float
    received_at: datetime


def notice_in(raw: bytes) -> Notice:
    """What a mail, or the JSON of a Health event, says."""
    event = parse_health_event(raw.decode(errors="replace"))
    return read_health_event(event) if event else read_notice(raw)


def deliver(emulators: Emulators, deployment: Deployment, raw: bytes) -> Delivery:
    """Hand in a mail exactly as SES does, or a Health event as EventBridge does."""
    event = parse_health_event(raw.decode(errors="replace"))
    if event:
        stored_at = time.time()
        emulators.client("sqs").send_message(QueueUrl=deployment.intake_queue, MessageBody=json.dumps(event))
        arrival = health_arrival(event, deployment.mail_bucket)
        return Delivery(arrival.execution_name, arrival.key, stored_at, arrival.received_at)
    return _deliver_mail(emulators, deployment, raw)


def _deliver_mail(emulators: Emulators, deployment: Deployment, raw: bytes) -> Delivery:
    """A mail that carries SES's own header block gets the verdicts of that block and its time of arrival; any other
    one is of today, and nothing is verified of it."""
    message_id = hashlib.sha256(raw + str(time.time_ns()).encode()).hexdigest()[:40]
    key = f"mail/{message_id}"
    verdicts, received_at = _block(raw)
    emulators.client("s3").put_object(Bucket=deployment.mail_bucket, Key=key, Body=raw)
    stored_at = time.time()
    notification = {
        "notificationType": "Received",
        "mail": {"timestamp": received_at.isoformat().replace("+00:00", "Z"), "messageId": message_id},
        "receipt": {
            **{f"{check}Verdict": {"status": status} for check, status in verdicts.items()},
            "action": {
                "type": "S3",
                "topicArn": deployment.arrived_topic,
                "bucketName": deployment.mail_bucket,
                "objectKey": key,
            },
        },
    }
    emulators.client("sns").publish(
        TopicArn=deployment.arrived_topic,
        Subject="Amazon SES Email Receipt Notification",
        Message=json.dumps(notification),
    )
    return Delivery(message_id, key, stored_at, received_at)


def _block(raw: bytes) -> tuple[dict[str, str], datetime]:
    """The verdicts and the time of arrival in the header block that SES put on top of a stored mail."""
    header = parse_header(raw)
    results = ses_authentication(header)
    if results is None:
        return {**dict.fromkeys(("spf", "dkim", "dmarc"), "GRAY"), "spam": "PASS", "virus": "PASS"}, datetime.now(UTC)
    verdicts = {
        "spf": _VERDICTS.get(results.spf, "FAIL"),
        "dkim": "PASS" if results.passing_signatures else "FAIL",
        "dmarc": _VERDICTS.get(results.dmarc, "FAIL"),
        "spam": results.spam or "DISABLED",
        "virus": results.virus or "DISABLED",
    }
    _, _, moment = header.first("received").rpartition(";")
    return verdicts, email.utils.parsedate_to_datetime(moment.strip()).astimezone(UTC)
