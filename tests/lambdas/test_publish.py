"""Each entry of a timeline reaches the bus, with how its case stands, and one that is refused is tried again."""

import json
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from lambdas import case_table
from lambdas.domain.case.timeline import RESPONDER, EntryKind, TimelineEntry
from lambdas.domain.errors import NotPublished
from lambdas.publish import handler
from lambdas.timeline import add_entry
from tests.lambdas.conftest import HOME, TABLE
from tests.samples import ACCOUNT, CASE
from tests.stream import record

CONTEXT = SimpleNamespace(
    function_name="publish",
    memory_limit_in_mb=1024,
    invoked_function_arn=f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:publish",
    aws_request_id="00000000-0000-0000-0000-000000000000",
)
AT = datetime(2026, 11, 16, 7, 42, tzinfo=UTC)
CONTAINED = TimelineEntry(AT, EntryKind.CONTAINED, RESPONDER, "the settings allow it", "i-0a7b1dd0e3f94c256")
NOTICE = TimelineEntry(
    AT,
    EntryKind.NOTICE,
    "AWS",
    "port scanning",
    details={
        "kind": "first_notice",
        "proven": True,
        "sent_at": AT.isoformat(),
        "deadline": {"at": AT.isoformat(), "stated": False},
        "measures": [],
        "mail": "s3://mail/one",
        "by_abuse_desk": True,
    },
)


@pytest.fixture
def bus(moto, table, configure):
    """The bus; call it with the name of an entry of the case to publish that."""
    moto("events").create_event_bus(Name="abuse")
    configure(event_bus="abuse")

    def publish(once):
        key = {"pk": {"S": CASE}, "sk": {"S": f"entry#{once}"}}
        handler({"Records": [record(table.get_item(TableName=TABLE, Key=key)["Item"])]}, CONTEXT)

    return publish


def test_an_entry_is_put_on_our_bus_and_no_other(bus, moto, calls):
    put = calls(moto("events"), "PutEvents")
    add_entry(CASE, NOTICE, entry_id="notice#one")
    add_entry(CASE, CONTAINED, entry_id="outcome#one")
    bus("outcome#one")
    ((entry,),) = [one["Entries"] for one in put]
    assert (entry["EventBusName"], entry["Source"], entry["DetailType"]) == (
        "abuse",
        "abuse-responder",
        "Abuse case changed",
    )
    detail = json.loads(entry["Detail"])
    assert (detail["id"], detail["case"], detail["state"]) == (f"{CASE}/outcome#one", CASE, "open")
    assert TimelineEntry.from_json(detail["entry"]) == CONTAINED


def test_what_is_sent_again_bears_the_same_id(bus, moto, calls):
    put = calls(moto("events"), "PutEvents")
    add_entry(CASE, NOTICE, entry_id="notice#one")
    bus("notice#one")
    bus("notice#one")
    first, again = (json.loads(one["Entries"][0]["Detail"]) for one in put)
    assert first == again


def test_a_case_that_the_table_has_forgotten_is_in_no_known_state(bus, moto, calls):
    put = calls(moto("events"), "PutEvents")
    add_entry(CASE, CONTAINED, entry_id="outcome#one")
    bus("outcome#one")
    assert json.loads(put[0]["Entries"][0]["Detail"])["state"] == "unknown"


def test_what_eventbridge_refuses_raises_so_that_it_is_tried_again(bus, moto, monkeypatch):
    add_entry(CASE, NOTICE, entry_id="notice#one")
    answer = {"FailedEntryCount": 1, "Entries": [{"ErrorCode": "ThrottlingException", "ErrorMessage": "slower"}]}
    monkeypatch.setattr(moto("events"), "put_events", lambda **_: answer)
    with pytest.raises(NotPublished, match=f"{CASE}/notice#one: ThrottlingException: slower"):
        bus("notice#one")


@pytest.mark.usefixtures("bus")
def test_noting_does_not_need_the_bus(moto, refuse):
    """A bus that fails must stop neither a containment nor a message."""
    refuse(moto("events"), "PutEvents", "InternalException")
    add_entry(CASE, CONTAINED, entry_id="outcome#one")
    assert list(case_table.read_items(CASE)) == ["entry#outcome#one"]
