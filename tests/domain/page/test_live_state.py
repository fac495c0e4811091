"""What is said of an instance that was looked at just now."""

from dataclasses import replace

import pytest

from lambdas.domain.instance.instance import Interface
from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG
from lambdas.domain.page.live_state import LiveState, unread_state, why_not_quarantined
from lambdas.domain.phrase import verbatim
from tests.samples import RUNNING, english

OURS = {"GroupId": "sg-q", "Tags": [{"Key": ROLE_TAG, "Value": QUARANTINE}], "IpPermissions": []}
WEB = {"GroupId": "sg-web", "IpPermissions": [{"IpProtocol": "-1"}]}
MOVED = (Interface("eni-0a1", ("sg-q",)), Interface("eni-0a2", ("sg-q",)))


@pytest.mark.parametrize(
    ("interfaces", "groups", "reasons"),
    [
        (MOVED, [OURS], []),
        (MOVED, [{**OURS, "IpPermissions": [{}]}], ["the quarantine group sg-q has 1 inbound rule(s)"]),
        ((MOVED[0], Interface("eni-0a2", ("sg-web",))), [OURS, WEB], ["eni-0a2 has sg-web instead of sg-q alone"]),
        ((Interface("eni-0a1", ("sg-web",)),), [WEB], ["none of its interfaces has a quarantine group"]),
        ((), [], ["none of its interfaces has a quarantine group"]),
    ],
)
def test_why_an_instance_is_not_in_quarantine(interfaces, groups, reasons):
    assert english(why_not_quarantined(interfaces, groups)) == reasons


@pytest.mark.parametrize(
    ("live", "exists", "quarantined"),
    [
        (LiveState(RUNNING, (), {}, None, {}), True, True),
        (LiveState(RUNNING, ("open",), {}, None, {}), True, False),
        (LiveState(replace(RUNNING, state="terminated"), (), {}, None, {}), False, False),
        (unread_state(verbatim("AccessDenied")), False, False),
    ],
)
def test_only_what_is_there_is_quarantined(live, exists, quarantined):
    assert (live.exists, live.quarantined) == (exists, quarantined)


def test_what_was_not_read_is_no_answer():
    told = unread_state(verbatim("AccessDenied")).to_json()
    assert told["state"] is None
    assert told["quarantined"] is None
    assert told["not_read"] == {"instance": "AccessDenied"}
