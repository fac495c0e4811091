"""The groups of each interface as they were, and nobody else's."""

import pytest

from lambdas.domain.errors import NotPutBack
from tests.lambdas.release.drifts import ATTACHED_INTERFACE, DETACHED_INTERFACE, OWN_GROUPS
from tests.samples import ending

STEP = "Put back network"


def test_every_interface_carries_its_own_groups_again(stage_of, changed):
    stage = stage_of(interfaces=(("web", "ssh"), ("web",), ("db",)))
    held = stage.look()
    result = stage.step(STEP)
    assert result["outcome"] == "done"
    assert set(changed(held, stage.look())) == {what for what in held if what.startswith("groups of")}
    assert not [what for what in changed(stage.before, stage.look()) if what.startswith("groups of")]
    assert result["words"].startswith("as before: ")
    assert all(what in result["words"] for what in held if what.startswith("groups of"))


def test_again_nothing_is_asked_of_ec2(stage_of, calls):
    stage = stage_of()
    stage.step(STEP)
    moves = calls(stage.fleet.ec2, "ModifyNetworkInterfaceAttribute")
    assert ending(stage.step(STEP)) == {"outcome": "skipped", "words": "it is as before"}
    assert moves == []


def test_what_somebody_changed_is_left_and_named_and_forced_put_back(stage_of):
    stage = stage_of(interfaces=(("web",), ("db",)))
    OWN_GROUPS.make(stage)
    held = stage.look()
    result = stage.step(STEP)
    assert result["outcome"] == "done"  # the other interface
    after = stage.look()
    assert sum(after[what] == held[what] for what in held if what.startswith("groups of")) == 1
    assert stage.step(STEP)["words"].endswith("changed since; a forced release puts it back, too")
    stage.step(STEP, force=True)
    assert {what: after for what, after in stage.look().items() if what.startswith("groups of")} == {
        what: before for what, before in stage.before.items() if what.startswith("groups of")
    }


def test_an_interface_attached_since_stays_in_quarantine(stage_of):
    stage = stage_of()
    ATTACHED_INTERFACE.make(stage)
    (new,) = [what for what in stage.look() if what.startswith("groups of") and what not in stage.before]
    held = stage.look()[new]
    for force in (False, True):
        stage.step(STEP, force=force)
        assert stage.look()[new] == held
    assert f"{new}: attached since: it is not known which groups it should have" in stage.step(STEP)["words"]


def test_an_interface_that_is_no_longer_its_own_is_not_touched(stage_of):
    stage = stage_of()
    DETACHED_INTERFACE.make(stage)
    (lost,) = [what for what in stage.before if what.startswith("groups of") and what not in stage.look()]
    stage.step(STEP, force=True)
    (shown,) = stage.fleet.ec2.describe_network_interfaces(NetworkInterfaceIds=[lost.rpartition(" ")[2]])[
        "NetworkInterfaces"
    ]
    (group,) = shown["Groups"]
    assert group["GroupName"] == "abuse-responder-quarantine"
    assert f"{lost}: it was detached since" in stage.step(STEP)["words"]


def test_one_refused_interface_holds_up_no_other_and_is_named(stage_of, refusing):
    stage = stage_of(interfaces=(("web",), ("web",)))
    first, stuck = (what.rpartition(" ")[2] for what in stage.before if what.startswith("groups of"))
    undo = refusing(
        stage,
        "ec2",
        "ModifyNetworkInterfaceAttribute",
        "OperationNotPermitted",
        when=lambda params: params["NetworkInterfaceId"] == stuck,
    )
    with pytest.raises(NotPutBack, match=f"groups of {stuck} was not put back: .*OperationNotPermitted") as caught:
        stage.step(STEP)
    assert first not in str(caught.value)
    assert stage.look()[f"groups of {first}"] == stage.before[f"groups of {first}"]
    undo()
    stage.step(STEP)
    assert stage.look()[f"groups of {stuck}"] == stage.before[f"groups of {stuck}"]


def test_what_cannot_be_read_is_tried_again(stage_of, refusing):
    stage = stage_of()
    refusing(stage, "ec2", "DescribeNetworkInterfaces", "RequestLimitExceeded")
    with pytest.raises(NotPutBack, match=r"it cannot be read now: .*RequestLimitExceeded"):
        stage.step(STEP)


def test_a_terminated_instance_is_left(stage_of):
    stage = stage_of(contained=True)
    stage.fleet.ec2.modify_instance_attribute(InstanceId="i-0a7b1dd0e3f94c256", DisableApiTermination={"Value": False})
    stage.fleet.ec2.terminate_instances(InstanceIds=["i-0a7b1dd0e3f94c256"])
    assert ending(stage.step(STEP)) == {"outcome": "skipped", "words": "everything: the instance is terminated"}
