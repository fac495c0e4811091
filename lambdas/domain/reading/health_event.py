"""AWS Health abuse events: as EventBridge sends them, and as JSON inside a mail that relays one."""

import json
import re
from collections.abc import Mapping
from typing import Any

from lambdas.domain.reading.resource_block import is_heading

_START = re.compile(r"\{[\s\n]{0,80}\"")
_MOST_TRIES = 8
_MOST_JSON = 300_000  # an event has at most 256 KB
_RISKS = ("AWS_RISK_CREDENTIALS", "AWS_RISK_IAM_QUARANTINE")


def event_in(text: str) -> Mapping[str, Any] | None:
    """Return the Health abuse event that `text` carries as JSON, also inside the envelope of SNS.

    Nothing but a heading may stand above it: a reporter can write an event too.
    """
    if "aws.health" not in text and '"ABUSE"' not in text and "AWS_ABUSE_" not in text and "AWS_RISK_" not in text:
        return None
    for tried, match in enumerate(_START.finditer(text)):
        if tried == _MOST_TRIES or not is_heading(text[: match.start()]):
            break
        event = _loaded(text[match.start() : match.start() + _MOST_JSON])
        inner = event.get("Message") if event else None
        if isinstance(inner, str):
            event = _loaded(inner)
        if event and is_abuse_event(event):
            return event
    return None


def is_abuse_event(event: Mapping[str, Any]) -> bool:
    """Match on the detail-type or the service, never on a list of codes: AWS adds codes."""
    detail = event.get("detail")
    if not isinstance(detail, Mapping):
        return False
    return (
        str(event.get("detail-type", "")).endswith("Health Abuse Event")
        or detail.get("service") == "ABUSE"
        or str(detail.get("eventTypeCode", "")).startswith(_RISKS)
    )


def words_of(event: Mapping[str, Any]) -> str:
    """Return what the event says as the labelled lines and prose of a mail, for the same reader."""
    detail = event["detail"]
    account = detail.get("affectedAccount") or event.get("account") or ""
    entities = [_value(entity) for entity in _list(detail.get("affectedEntities"))]
    named = [*entities, *(str(arn) for arn in _list(event.get("resources")))]
    region = str(detail.get("eventRegion") or "")
    lines = [f"AWS Account ID: {account}"]
    if region and region != "global" and not any(f":{region}:" in name for name in named):
        lines.append(f"Region: {region}")
    lines += [f"Implicated Resource: {name}" for name in dict.fromkeys(named)]
    lines.append(f"Event: {detail.get('eventTypeCode') or 'AWS_ABUSE'}")
    lines += [""] + [_description(text) for text in _list(detail.get("eventDescription"))]
    if str(detail.get("statusCode", "")).lower() == "closed":
        lines += ["", "This case has been closed."]
    return "\n".join(lines)


def _loaded(text: str) -> Mapping[str, Any] | None:
    try:
        value, _ = json.JSONDecoder(strict=False).raw_decode(text)
    except (ValueError, RecursionError):  # cut off, nested too deep, or a number of thousands of digits
        return None
    return value if isinstance(value, dict) else None


def _list(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _value(entity: object) -> str:
    return str(entity.get("entityValue", "")) if isinstance(entity, Mapping) else str(entity)


def _description(text: object) -> str:
    return str(text.get("latestDescription", "")) if isinstance(text, Mapping) else ""
