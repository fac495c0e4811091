"""The first of two steps: open for seconds, only where the settings ask for it, and never in the way."""

import pytest

from lambdas.contain import two_step
from lambdas.domain.containment.quarantine import TWO_STEP_NAME

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Quarantine network"


@pytest.fixture
def waits(moto, monkeypatch, configure):  # noqa: ARG001  after the environment is made
    """Ask for two steps; returns the seconds that were waited."""
    waited = []
    configure(two_step_seconds=3)
    monkeypatch.setattr(two_step.time, "sleep", waited.append)
    return waited


def test_all_interfaces_are_open_both_ways_before_they_are_closed(fleet, contain, waits, calls):
    instance = fleet.launch()
    moves = calls(fleet.ec2, "ModifyNetworkInterfaceAttribute")
    result = contain(STEP, instance)
    (opened,) = fleet.groups_named(TWO_STEP_NAME)
    assert [one["Groups"] for one in moves] == [[opened["GroupId"]]] * 2 + [[result["group"]]] * 2
    for direction in ("IpPermissions", "IpPermissionsEgress"):  # a flow over IPv6 is one, too
        assert "0.0.0.0/0" in str(opened[direction])
        assert "::/0" in str(opened[direction])
    assert waits == [3]
    assert result["words"].endswith("; open for 3 s first")
    assert set(fleet.carried().values()) == {(result["group"],)}


def test_what_is_in_quarantine_is_not_opened_again(fleet, contain, waits):
    instance = fleet.launch()
    contain(STEP, instance)
    waits.clear()
    contain(STEP, instance)
    assert waits == []


@pytest.mark.parametrize(
    "operation", ["CreateSecurityGroup", "AuthorizeSecurityGroupIngress", "AuthorizeSecurityGroupEgress"]
)
@pytest.mark.usefixtures("waits")
def test_what_is_refused_of_the_first_step_never_holds_up_the_second(fleet, contain, refuse, operation):
    instance = fleet.launch()
    refuse(
        fleet.ec2,
        operation,
        "UnauthorizedOperation",
        lambda params: params.get("GroupName") != "abuse-responder-quarantine",
    )
    result = contain(STEP, instance)
    assert result["outcome"] == "done"
    assert "the first of two steps was refused" in result["words"]
    assert set(fleet.carried().values()) == {(result["group"],)}


def test_by_default_there_is_one_step(fleet, contain):
    contain(STEP, fleet.launch())
    assert fleet.groups_named(TWO_STEP_NAME) == []
