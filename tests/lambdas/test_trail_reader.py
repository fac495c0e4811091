"""CloudTrail is asked for some pages, slowly, and what was left unread is said."""

from datetime import UTC, datetime

import pytest

from lambdas import trail_reader
from lambdas.trail_reader import lookup_events


class Trail:
    """Answers as CloudTrail does: 50 events a page."""

    def __init__(self, count):
        self.count, self.requests = count, []

    def lookup_events(self, **request):
        self.requests.append(request)
        start = int(request.get("NextToken", 0))
        end = min(start + request["MaxResults"], self.count)
        more = {"NextToken": str(end)} if end < self.count else {}
        return {"Events": [{"EventId": str(number)} for number in range(start, end)], **more}


@pytest.fixture
def pauses(monkeypatch):
    seconds = []
    monkeypatch.setattr(trail_reader.time, "sleep", seconds.append)
    return seconds


@pytest.mark.parametrize(
    ("count", "read", "complete"),
    [(0, 0, True), (1, 1, True), (50, 50, True), (51, 51, True), (100, 100, True), (101, 100, False)],
)
def test_no_more_than_these_pages_are_read(count, read, complete, pauses):
    trail = Trail(count)
    events, is_complete = lookup_events(trail, "ResourceName", "i-0a1", pages=2)
    assert [event["EventId"] for event in events] == [str(number) for number in range(read)]
    assert is_complete is complete
    assert len(pauses) == len(trail.requests) - 1
    assert all(second >= 0.5 for second in pauses)


def test_it_asks_for_the_name_and_the_time():
    trail, since = Trail(1), datetime(2026, 11, 16, tzinfo=UTC)
    lookup_events(trail, "EventName", "AssociateAddress", pages=1, since=since)
    asked = {
        "LookupAttributes": [{"AttributeKey": "EventName", "AttributeValue": "AssociateAddress"}],
        "MaxResults": 50,
    }
    assert trail.requests == [asked | {"StartTime": since}]
