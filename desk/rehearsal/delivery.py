"""Delivers a notice as AWS would.

MiniStack has no SES receipt rules in CloudFormation, so the rehearsal stores a mail and sends the notification itself:
https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
EventBridge accepts no events with AWS's source, so a Health event goes straight to the intake queue.
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

# SES's names for the results of RFC 8601; "none" means that the sender has no policy.
_VERDICTS = {"pass": "PASS", "none": "GRAY", "": "GRAY"}


@dataclass(frozen=True)
class Delivery:
    """A delivered notice: its execution, its key, and when it was stored or sent (epoch seconds)."""

    execution_name: str
    key: str
    stored_at: float
    received_at: datetime


def notice_in(raw: bytes) -> Notice:
    """The notice in a mail or a Health event (JSON)."""
    event = parse_health_event(raw.decode(errors="replace"))
    return read_health_event(event) if event else read_notice(raw)


def deliver(emulators: Emulators, deployment: Deployment, raw: bytes) -> Delivery:
    """Deliver a mail as SES does, or a Health event as EventBridge does."""
    event = parse_health_event(raw.decode(errors="replace"))
    if event:
        stored_at = time.time()
        emulators.client("sqs").send_message(QueueUrl=deployment.intake_queue, MessageBody=json.dumps(event))
        arrival = health_arrival(event, deployment.mail_bucket)
        return Delivery(arrival.execution_name, arrival.key, stored_at, arrival.received_at)
    return _deliver_mail(emulators, deployment, raw)


def _deliver_mail(emulators: Emulators, deployment: Deployment, raw: bytes) -> Delivery:
    """The verdicts and the time come from SES's headers in the mail. Without them it arrives now, unverified."""
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
    """SES's verdicts and the time of arrival from the headers that SES added."""
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
