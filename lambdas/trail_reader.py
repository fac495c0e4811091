"""The events that CloudTrail has recorded, for every function. It is some minutes behind."""

import time
from datetime import datetime
from typing import Any

# CloudTrail answers two calls a second in an account and Region, each with at most 50 events:
# https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_LookupEvents.html
_BETWEEN_PAGES_SECONDS = 0.5


def lookup_events(
    trail: Any, attribute: str, value: str, *, pages: int, since: datetime | None = None
) -> tuple[list[dict[str, Any]], bool]:
    """The newest events with this value of an attribute, the newest first, and whether these are all."""
    request: dict[str, Any] = {"LookupAttributes": [{"AttributeKey": attribute, "AttributeValue": value}]}
    if since:
        request["StartTime"] = since
    events: list[dict[str, Any]] = []
    for page in range(pages):
        if page:
            time.sleep(_BETWEEN_PAGES_SECONDS)
        answer = trail.lookup_events(**request, MaxResults=50)
        events += answer["Events"]
        if not answer.get("NextToken"):
            return events, True
        request["NextToken"] = answer["NextToken"]
    return events, False
