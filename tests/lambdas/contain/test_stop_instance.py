"""The certain way: a stopped instance has no flow left."""

import pytest
from botocore.exceptions import ClientError

from lambdas.domain.errors import NotStopped

pytestmark = pytest.mark.usefixtures("table", "buckets")

STEP = "Stop instance"


def test_it_is_stopped_and_read_back(fleet, contain):
    result = contain(STEP, fleet.launch())
    assert fleet.now().state == "stopped"
    assert result["outcome"] == "done"
    assert result["words"].startswith("EC2 shows it as stopped")
    assert contain(STEP, fleet.now())["outcome"] == "done"  # again


def test_a_refusal_is_told_in_the_words_of_ec2(fleet, contain, refuse):
    instance = fleet.launch()
    refuse(fleet.ec2, "StopInstances", "OperationNotPermitted")  # stop protection
    with pytest.raises(ClientError, match="OperationNotPermitted"):
        contain(STEP, instance)
    assert fleet.now().state == "running"


def test_f4_what_is_shown_as_running_is_not_called_stopped(fleet, contain, moto, monkeypatch):
    """F4: EC2 took the call and shows no effect."""
    instance = fleet.launch()
    monkeypatch.setattr(moto("ec2", fleet.region), "stop_instances", lambda **_: {})
    with pytest.raises(NotStopped, match="EC2 shows it as running"):
        contain(STEP, instance)
