"""One notice that came in: a mail through SES, an event of AWS Health, or a file that an admin submits.

All of it comes from AWS's services or the admin, not from the mail, so its sender cannot forge it.
"""

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lambdas.domain.errors import UnknownArrival

# SES publishes this once when the rule is made.
# https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-s3.html
_SETUP_WORDS = ("AMAZON_SES_SETUP_NOTIFICATION", "Successfully validated SNS topic")


@dataclass(frozen=True, slots=True)
class SesVerdicts:
    """SES's verdicts as its notification spells them: PASS, FAIL, GRAY, PROCESSING_FAILED, DISABLED or empty."""

    spf: str
    dkim: str
    dmarc: str
    spam: str
    virus: str

    @classmethod
    def from_aws(cls, receipt: Mapping[str, Any]) -> "SesVerdicts":
        """Read the `receipt` of the notification."""
        checks = ("spf", "dkim", "dmarc", "spam", "virus")
        return cls(*(str(receipt.get(f"{check}Verdict", {}).get("status", "")).upper() for check in checks))


# Mails in the mail bucket; only our receipt rule may write there.
MAIL_PREFIX = "mail/"
# AWS Health events in the mail bucket; only "start" may write there.
HEALTH_PREFIX = "health/"
# Mails that an admin submitted with `desk submit`, under an IAM identity.
SUBMITTED_PREFIX = "submitted/"


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where the mail or event is stored, when it came in (UTC) and, for a mail, SES's verdicts."""

    bucket: str
    key: str
    received_at: datetime
    verdicts: SesVerdicts | None

    @property
    def is_health_event(self) -> bool:
        """Whether it came from AWS Health: EventBridge lets nobody else send events in its name."""
        return self.key.startswith(HEALTH_PREFIX)

    @property
    def is_submitted(self) -> bool:
        """Whether an admin submitted it: then only its own signature shows where it comes from."""
        return self.key.startswith(SUBMITTED_PREFIX)

    @property
    def execution_name(self) -> str:
        """The same mail has the same name, so that Step Functions starts it once.

        A name has at most 80 characters and few signs:
        https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
        """
        name = self.key.rsplit("/", 1)[-1]
        if re.fullmatch(r"[A-Za-z0-9_-]{1,80}", name):
            return name
        return "mail-" + _digest(self.key, 40)

    def to_json(self) -> dict[str, Any]:
        """The input of an execution."""
        return {**asdict(self), "received_at": self.received_at.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Arrival":
        """Read `to_json`."""
        verdicts = data["verdicts"]
        return cls(
            bucket=data["bucket"],
            key=data["key"],
            received_at=datetime.fromisoformat(data["received_at"]),
            verdicts=SesVerdicts(**verdicts) if verdicts else None,
        )


def parse_health_event(body: str) -> dict[str, Any] | None:
    """The AWS Health event in a message of the intake queue; None for anything else.

    https://docs.aws.amazon.com/health/latest/ug/aws-health-events-eventbridge-schema.html
    """
    try:
        message = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) and message.get("source") == "aws.health" else None


def health_arrival(event: Mapping[str, Any], bucket: str) -> Arrival:
    """The arrival of a Health event, under a key that its copies share.

    The same communication comes from us-east-1 and us-west-2, and again when EventBridge delivers twice; `eventArn`
    alone is shared by all accounts of an organisation. Pages of one event differ in their communication.
    """
    try:
        detail = event["detail"]
        account = str(detail.get("affectedAccount") or event["account"])
        topic = f"{detail['eventArn']} {account}"
        communication = str(detail.get("communicationId") or f"{detail.get('lastUpdatedTime')} {detail.get('page')}")
        received_at = _moment(event["time"])
    except (ValueError, KeyError, TypeError, AttributeError) as problem:
        raise UnknownArrival(f"not an event of AWS Health: {problem!r}") from problem
    key = f"{HEALTH_PREFIX}{_digest(topic, 12)}/{_digest(f'{topic} {communication}', 40)}"
    return Arrival(bucket, key, received_at, verdicts=None)


def parse_arrival(body: str, bucket: str) -> Arrival | None:
    """The arrival in a message of the intake queue; None for SES's set-up message.

    `body` is SES's notification of an S3 action, delivered raw:
    https://docs.aws.amazon.com/ses/latest/dg/receiving-email-notifications-contents.html
    `bucket` is ours: a message that names another one raises UnknownArrival, as does any other text.
    """
    try:
        message = json.loads(body)
        action = message["receipt"]["action"]
        arrival = Arrival(
            bucket=_text(action["bucketName"]),
            key=_text(action["objectKey"]),
            received_at=_moment(message["mail"]["timestamp"]),
            verdicts=SesVerdicts.from_aws(message["receipt"]),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        # A mail's notification holds words of the mail, such as its subject, so only other messages can be the set-up
        # message.
        if any(words in body for words in _SETUP_WORDS):
            return None
        raise UnknownArrival(f"not SES's notification of an S3 action: {problem!r}") from problem
    if arrival.bucket != bucket:
        raise UnknownArrival(f"the mail is said to lie in {arrival.bucket!r}, our bucket is {bucket!r}")
    if not arrival.key.startswith(MAIL_PREFIX):
        raise UnknownArrival(f"SES stores mail below {MAIL_PREFIX}, not as {arrival.key!r}")
    return None if arrival.key.endswith(_SETUP_WORDS[0]) else arrival


def submitted_arrival(digest: str, bucket: str, at: datetime) -> Arrival:
    """The arrival of a mail that an admin stored below SUBMITTED_PREFIX, named by its SHA-256 in hex.

    It has no verdicts of SES, and its key can be nowhere else. Raises UnknownArrival for any other name.
    """
    if not re.fullmatch("[0-9a-f]{64}", digest):
        raise UnknownArrival(f"a submitted mail is named by its SHA-256, not {digest!r}")
    return Arrival(bucket, SUBMITTED_PREFIX + digest, at, verdicts=None)


def _digest(text: str, length: int) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:length]


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{value!r} is no name")
    return value


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} is of no time zone")
    return moment
