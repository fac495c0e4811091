"""What keeps an instance, by its kind, and each way of not being kept."""

from dataclasses import replace

import pytest

from lambdas.domain.containment.protection import ProtectionState, missing_protection, protection_calls, protection_of
from lambdas.domain.instance.instance import Volume
from tests.samples import RUNNING, english, instance

KEPT = tuple(replace(volume, delete_on_termination=False) for volume in RUNNING.volumes)
PROTECTED = ProtectionState(termination_protection=True, shutdown_behaviour="stop", volumes=KEPT, lifecycle="")


@pytest.mark.parametrize(
    ("kind", "asked", "impossible"),
    [
        ({}, ["DisableApiTermination", "InstanceInitiatedShutdownBehavior", "BlockDeviceMappings"], 0),
        ({"volumes": ()}, ["DisableApiTermination", "InstanceInitiatedShutdownBehavior"], 0),
        ({"lifecycle": "spot"}, ["BlockDeviceMappings"], 1),
        ({"lifecycle": "capacity-block"}, ["DisableApiTermination", "InstanceInitiatedShutdownBehavior"], 0),
        ({"root_device": "instance-store"}, ["DisableApiTermination", "BlockDeviceMappings"], 1),
        ({"root_device": "instance-store", "lifecycle": "spot", "volumes": ()}, [], 2),
    ],
)
def test_what_is_asked_for_by_kind(kind, asked, impossible):
    protection = protection_of(instance(**kind))
    keys = [next(iter(one)) for one in protection_calls(protection)]
    assert keys[: len(asked)] == asked
    assert all(len(one) == 1 for one in protection_calls(protection))  # EC2 takes one attribute a call
    assert len(protection.unsupported) == impossible
    assert all(one in protection.phrase.parts for one in protection.unsupported)


def test_every_volume_is_kept_by_its_device():
    (mappings,) = [
        one["BlockDeviceMappings"] for one in protection_calls(protection_of(RUNNING)) if "BlockDeviceMappings" in one
    ]
    assert mappings == [
        {"DeviceName": "/dev/xvda", "Ebs": {"DeleteOnTermination": False}},
        {"DeviceName": "/dev/sdf", "Ebs": {"DeleteOnTermination": False}},
    ]


@pytest.mark.parametrize(
    ("now", "words"),
    [
        ({}, []),
        ({"lifecycle": "Standby"}, []),
        ({"lifecycle": "EnteringStandby"}, []),
        ({"termination_protection": False}, ["no termination protection"]),
        ({"termination_protection": None}, ["no termination protection"]),
        ({"shutdown_behaviour": "terminate"}, ["a shutdown from inside would terminate"]),
        ({"shutdown_behaviour": ""}, ["it is not known what a shutdown from inside would do"]),
        ({"volumes": (*KEPT, Volume("vol-new", "/dev/sdz", True))}, ["vol-new would be deleted with the instance"]),
        ({"lifecycle": "InService"}, ["its Auto Scaling group has it as InService and may terminate it"]),
        ({"lifecycle": "Terminating:Wait"}, ["its Auto Scaling group has it as Terminating:Wait and may terminate it"]),
    ],
)
def test_each_lack_in_words(now, words):
    assert english(missing_protection(protection_of(RUNNING), replace(PROTECTED, **now))) == words


def test_what_a_kind_does_not_offer_is_not_missed():
    bare = replace(PROTECTED, termination_protection=False, shutdown_behaviour="terminate")
    assert missing_protection(protection_of(instance(lifecycle="spot")), bare) == []
