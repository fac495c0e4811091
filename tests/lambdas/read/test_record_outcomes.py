"""What a follow-up will find of what was done."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from lambdas import case_table
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.instance.instance import MissingInstance
from lambdas.timeline import add_entry
from tests.samples import CASE, GIFT_CARD, INSTANCE, PROVEN, RUNNING, SEARCH, as_json

RECEIVED = "2026-11-16T07:42:10+00:00"
OTHER = "i-0b57a4de7b57a4de7"
CONTAINED = {
    "found": RUNNING.to_json(),
    "decision": {"instance_id": INSTANCE, "verdict": "contain", "reasons": ["it is from AWS"], "stop": False},
    "steps": {"Verify quarantine": {"outcome": "done", "words": "2 interface(s)", "at": "2026-11-16T07:42:15+00:00"}},
}
LEFT = {
    "found": as_json(MissingInstance(OTHER, SEARCH)),
    "decision": {"instance_id": OTHER, "verdict": "tell", "reasons": ["not here"], "stop": False},
    "steps": {},
}
pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def record(call, case):
    """Record what one mail led to."""

    def step(*outcomes, key="mail/1", proof=PROVEN, authority="ours", **more):
        return call(
            "read",
            "Record outcomes",
            arrival={"key": key, "received_at": RECEIVED},
            proof=as_json(proof),
            notice={"message_id": "<a@b>"},
            case={**case, "authority": authority},
            outcomes=list(outcomes),
            **more,
        )

    return step


def kept():
    return {sort: item for sort, item in case_table.read_items(CASE).items() if sort.startswith("outcome#")}


def test_each_instance_has_its_item(record):
    record(CONTAINED, LEFT)
    items = kept()
    assert sorted(items) == sorted([f"outcome#mail/1#{INSTANCE}", f"outcome#mail/1#{OTHER}"])
    assert items[f"outcome#mail/1#{INSTANCE}"] == {
        "instance_id": INSTANCE,
        "verdict": "contain",
        "reasons": ["it is from AWS"],
        "stop": False,
        "mail": "mail/1",
        "arrival": {"key": "mail/1", "received_at": RECEIVED},
        "is_ours": True,
        "message_id": "<a@b>",
        "found": json.loads(json.dumps(CONTAINED["found"])),
        "steps": CONTAINED["steps"],
    }


def test_again_it_is_the_same(record):
    record(CONTAINED)
    before = case_table.read_items(CASE)
    record(CONTAINED)
    assert case_table.read_items(CASE) == before


def test_another_mail_overwrites_nothing(record):
    record(CONTAINED)
    record(CONTAINED, key="mail/2")
    assert len(kept()) == 2


def test_no_instance_no_item(record):
    record()
    assert case_table.read_items(CASE) == {}


REFUSED = {
    **CONTAINED,
    "steps": {"Verify quarantine": {"Error": "NotQuarantined", "Cause": "eni-0a2 carries sg-web"}},
}


@pytest.mark.parametrize(
    ("outcome", "what", "at"),
    [
        (CONTAINED, EntryKind.CONTAINED, "2026-11-16T07:42:15+00:00"),
        (REFUSED, EntryKind.NOT_CONTAINED, None),
        ({**CONTAINED, "decision": {**CONTAINED["decision"], "verdict": "ask"}, "steps": {}}, EntryKind.ASKED, None),
        (LEFT, EntryKind.LEFT_ALONE, None),
    ],
)
def test_each_outcome_is_an_entry_of_the_timeline_once(record, outcome, what, at):
    for _ in range(2):
        record(outcome)
    (entry,) = [item for sort, item in case_table.read_items(CASE).items() if sort.startswith("entry#")]
    assert (entry["kind"], entry["actor"], entry["resource"]) == (
        what,
        "abuse-responder",
        outcome["decision"]["instance_id"],
    )
    assert entry["words"] == outcome["decision"]["reasons"][0]
    assert at in {None, entry["at"]}
    assert ("failed" in entry["details"]) is (what is EntryKind.NOT_CONTAINED)


def test_what_comes_of_an_approval_is_another_entry(record):
    record({**CONTAINED, "decision": {**CONTAINED["decision"], "verdict": "ask"}, "steps": {}})
    record(CONTAINED)
    whats = {item["kind"] for sort, item in case_table.read_items(CASE).items() if sort.startswith("entry#")}
    assert whats == {"asked", "contained"}


ASKED = {**CONTAINED, "decision": {**CONTAINED["decision"], "verdict": "ask"}, "steps": {}}


@pytest.mark.parametrize(("proof", "proven"), [(PROVEN, True), (GIFT_CARD, False)])
@pytest.mark.parametrize(("tags", "protected"), [({}, False), ({"AbuseResponder:Protect": ""}, True)])
def test_each_instance_that_waits_is_a_question(record, proof, proven, tags, protected):
    asked = {**ASKED, "found": {**ASKED["found"], "tags": tags}}
    began = datetime.now(UTC)
    (question,) = record(asked, CONTAINED, LEFT, proof=proof)["questions"]
    assert datetime.fromisoformat(question.pop("until")) > began + timedelta(minutes=9)
    assert question == {"instance_id": INSTANCE, "proven": proven, "protected": protected}


def test_asked_again_in_another_execution_it_waits_again(record):
    record(ASKED)
    add_entry(CASE, TimelineEntry(datetime.now(UTC), EntryKind.APPROVED, "ada", "", INSTANCE), entry_id="act")
    record(ASKED, execution="arn:aws:states:eu-central-1:1:execution:respond:two")
    whats = [item["kind"] for sort, item in case_table.read_items(CASE).items() if sort.startswith("entry#")]
    assert sorted(whats) == ["approved", "asked", "asked"]


@pytest.mark.parametrize("authority", ["stranger", "other_account"])
def test_what_an_unproven_mail_asks_shares_one_clock_and_has_no_execution_of_its_own(record, authority):
    result = record(ASKED, {**ASKED, "decision": {**ASKED["decision"], "instance_id": OTHER}}, authority=authority)
    (clock,) = result["clocks"]
    assert result["questions"] == []
    assert (clock["name"], clock["case"]) == (f"unproven-questions-{clock['case'][19:]}", clock["case"])
    assert [moment["kind"] for moment in clock["moments"]] == ["unproven_questions"] * 3
    assert sorted(case_table.read_items(clock["case"])) == [
        f"question#{CASE}#{INSTANCE}",
        f"question#{CASE}#{OTHER}",
    ]
    assert not any(sort.startswith("question#") for sort in case_table.read_items(CASE))


@pytest.mark.parametrize("authority", ["stranger", "other_account"])
def test_what_an_unproven_mail_leads_to_is_marked_unless_something_was_done(record, authority):
    record(ASKED, LEFT, CONTAINED, authority=authority)
    entries = [item for sort, item in case_table.read_items(CASE).items() if sort.startswith("entry#")]
    marked = {entry["kind"]: entry["details"].get("stranger") for entry in entries}
    assert marked == {"asked": True, "left_alone": True, "contained": None}


def test_an_unproven_mail_that_asks_nothing_sets_no_clock(record):
    assert record(LEFT, authority="stranger") == {"questions": [], "clocks": []}
