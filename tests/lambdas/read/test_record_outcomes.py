"""What a follow-up will find of what was done."""

import pytest

from lambdas import casebook
from lambdas.domain.instance import Missing
from tests.samples import CASE, INSTANCE, RUNNING, SEARCH, as_json

OTHER = "i-0b57a4de7b57a4de7"
CONTAINED = {
    "found": RUNNING.to_json(),
    "decision": {"instance_id": INSTANCE, "verdict": "contain", "reasons": ["it is from AWS"]},
    "steps": {"Verify quarantine": {"outcome": "done", "words": "2 interface(s)", "at": "2026-11-16T07:42:15+00:00"}},
}
LEFT = {
    "found": as_json(Missing(OTHER, SEARCH)),
    "decision": {"instance_id": OTHER, "verdict": "tell", "reasons": ["not here"]},
    "steps": {},
}
pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def record(call, case):
    """Record what one mail led to."""

    def step(*outcomes, key="mail/1"):
        return call(
            "read",
            "Record outcomes",
            arrival={"key": key},
            notice={"message_id": "<a@b>"},
            case=case,
            outcomes=list(outcomes),
        )

    return step


def test_each_instance_has_its_item(record):
    record(CONTAINED, LEFT)
    items = casebook.items(CASE)
    assert sorted(items) == sorted([f"outcome#mail/1#{INSTANCE}", f"outcome#mail/1#{OTHER}"])
    assert items[f"outcome#mail/1#{INSTANCE}"] == {
        "instance_id": INSTANCE,
        "verdict": "contain",
        "reasons": ["it is from AWS"],
        "mail": "mail/1",
        "message_id": "<a@b>",
        "steps": CONTAINED["steps"],
    }


def test_again_it_is_the_same(record):
    record(CONTAINED)
    before = casebook.items(CASE)
    record(CONTAINED)
    assert casebook.items(CASE) == before


def test_another_mail_overwrites_nothing(record):
    record(CONTAINED)
    record(CONTAINED, key="mail/2")
    assert len(casebook.items(CASE)) == 2


def test_no_instance_no_item(record):
    record()
    assert casebook.items(CASE) == {}
