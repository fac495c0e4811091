"""What happens to the instance and its volumes at its end, as it was."""

import pytest

from lambdas.domain.errors import NotPutBack
from tests.lambdas.release.stage import CONTAINING
from tests.samples import INSTANCE, ending

STEP = "Put back protection"


@pytest.mark.parametrize("protected", [True, False])
@pytest.mark.parametrize("shutdown", ["stop", "terminate"])
def test_each_attribute_is_as_before(stage_of, changed, protected, shutdown):
    stage = stage_of(volumes=(True, False, True), protected=protected, shutdown=shutdown)
    held = stage.look()
    assert (held["protected"], held["shutdown"]) == (True, "stop")
    stage.step(STEP)
    after = stage.look()
    kept = ("protected", "shutdown", *(what for what in held if what.endswith("goes")))
    assert [after[what] for what in kept] == [stage.before[what] for what in kept]
    assert set(changed(held, after)) <= set(kept)
    assert ending(stage.step(STEP)) == {"outcome": "skipped", "words": "it is as before"}


def test_what_somebody_set_since_is_left(stage_of):
    stage = stage_of(protected=True, volumes=(False,))
    stage.fleet.ec2.modify_instance_attribute(InstanceId=INSTANCE, DisableApiTermination={"Value": False})
    words = stage.step(STEP)["words"]
    assert stage.look()["protected"] is False
    assert words == "termination protection: changed since; a forced release puts it back, too"
    stage.step(STEP, force=True)
    assert stage.look()["protected"] is True


def test_a_volume_that_was_detached_and_attached_elsewhere_stays(stage_of):
    """At its new place it stays by default, which may be what somebody wanted."""
    stage = stage_of(volumes=(True, True))
    volume = stage.fleet.now().volumes[1]
    stage.fleet.ec2.detach_volume(VolumeId=volume.volume_id, InstanceId=INSTANCE)
    stage.fleet.ec2.attach_volume(Device="/dev/sdz", InstanceId=INSTANCE, VolumeId=volume.volume_id)
    stage.step(STEP)
    assert stage.look()[f"{volume.volume_id} goes"] is False
    assert f"{volume.volume_id} when the instance ends: changed since" in stage.step(STEP)["words"]


def test_one_refused_attribute_holds_up_no_other(stage_of, refusing):
    stage = stage_of(volumes=(True,), shutdown="terminate")
    refusing(
        stage,
        "ec2",
        "ModifyInstanceAttribute",
        "OperationNotPermitted",
        when=lambda params: "DisableApiTermination" in params,
    )
    with pytest.raises(NotPutBack, match=r"termination protection was not put back: .*OperationNotPermitted"):
        stage.step(STEP)
    after = stage.look()
    assert after["protected"] is True
    assert after["shutdown"] == "terminate"
    assert [after[what] for what in after if what.endswith("goes")] == [True]


def test_what_was_not_read_before_is_left(stage_of, refusing):
    """A release knows nothing of it: whatever it put there might be wrong."""
    stage = stage_of(contained=False)
    undo = refusing(
        stage,
        "ec2",
        "DescribeInstanceAttribute",
        "AccessDenied",
        when=lambda params: params["Attribute"] == "disableApiTermination",
    )
    stage.contain(steps=CONTAINING[:1])
    undo()
    stage.contain()
    stage.step(STEP, force=True)
    assert stage.look()["protected"] is True
    assert "termination protection: it was not read before: " in stage.step(STEP)["words"]


def test_a_stopped_instance_is_not_started_and_the_command_is_named(stage_of):
    stage = stage_of()
    stage.fleet.ec2.stop_instances(InstanceIds=[INSTANCE])
    stage.step(STEP, force=True)
    assert stage.look()["state"] == "stopped"
    command = f"aws ec2 start-instances --region eu-west-1 --instance-ids {INSTANCE}"
    words = f"the responder does not start instances: `{command}`"
    assert words in stage.step(STEP)["words"]
