"""One mail that came in: what SES says of it, outside the mail and out of its sender's reach."""

import hashlib
import json
import re
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from lambdas.domain.errors import UnknownArrival

# SES publishes this once when the rule is made.
# https://docs.aws.amazon.com/ses/latest/dg/receiving-email-action-s3.html
_SETUP_WORDS = ("AMAZON_SES_SETUP_NOTIFICATION", "Successfully validated SNS topic")


@dataclass(frozen=True, slots=True)
class Verdicts:
    """SES's verdicts as its notification spells them: PASS, FAIL, GRAY, PROCESSING_FAILED, DISABLED or empty."""

    spf: str
    dkim: str
    dmarc: str
    spam: str
    virus: str


@dataclass(frozen=True, slots=True)
class Arrival:
    """Where the mail lies, when SES took it in (UTC) and what SES found of its origin."""

    bucket: str
    key: str
    received_at: datetime
    verdicts: Verdicts | None

    @property
    def execution_name(self) -> str:
        """The same mail has the same name, so that Step Functions starts it once.

        A name has at most 80 characters and few signs:
        https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
        """
        name = self.key.rsplit("/", 1)[-1]
        if re.fullmatch(r"[A-Za-z0-9_-]{1,80}", name):
            return name
        return "mail-" + hashlib.sha256(self.key.encode()).hexdigest()[:40]

    def to_json(self) -> dict[str, Any]:
        """The input of an execution."""
        return {**asdict(self), "received_at": self.received_at.isoformat()}

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Arrival":
        """The arrival that `to_json` was made of."""
        verdicts = data["verdicts"]
        return cls(
            bucket=data["bucket"],
            key=data["key"],
            received_at=datetime.fromisoformat(data["received_at"]),
            verdicts=Verdicts(**verdicts) if verdicts else None,
        )


def arrival_from(body: str, bucket: str) -> Arrival | None:
    """The arrival that a message of the front queue tells of; None for SES's set-up message.

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
            verdicts=Verdicts(
                **{
                    check: str(message["receipt"].get(f"{check}Verdict", {}).get("status", "")).upper()
                    for check in ("spf", "dkim", "dmarc", "spam", "virus")
                }
            ),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as problem:
        # Only what is no notification of a mail may be the set-up message: a mail's own words, such as its subject,
        # stand in its notification.
        if any(words in body for words in _SETUP_WORDS):
            return None
        raise UnknownArrival(f"not SES's notification of an S3 action: {problem!r}") from problem
    if arrival.bucket != bucket:
        raise UnknownArrival(f"the mail is said to lie in {arrival.bucket!r}, our bucket is {bucket!r}")
    return None if arrival.key.endswith(_SETUP_WORDS[0]) else arrival


def _text(value: Any) -> str:
    if not isinstance(value, str) or not value:
        raise TypeError(f"{value!r} is no name")
    return value


def _moment(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} is of no time zone")
    return moment
