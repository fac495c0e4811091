"""What keeps a contained instance from being lost, and how one sees that it does."""

from dataclasses import dataclass
from typing import Any

from lambdas.domain.instance.instance import Instance, Volume
from lambdas.domain.phrase import Phrase, combined, phrase

SPOT = "spot"
# Out of service: Auto Scaling looks at the health of such an instance no more, and so does not replace it.
# https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html
STANDBY = ("EnteringStandby", "Standby")


@dataclass(frozen=True, slots=True)
class ProtectionPlan:
    """What is asked for. `unsupported` names what EC2 does not offer for such an instance, with the reason."""

    termination: bool
    shutdown: bool
    volumes: tuple[Volume, ...]
    unsupported: tuple[Phrase, ...]

    @property
    def phrase(self) -> Phrase:
        """What is asked for."""
        return combined(
            phrase("protect:termination") if self.termination else None,
            phrase("protect:shutdown") if self.shutdown else None,
            phrase("protect:volumes", count=len(self.volumes)) if self.volumes else None,
            *self.unsupported,
        )


def protection_of(instance: Instance) -> ProtectionPlan:
    """What can be asked for of an instance.

    Spot Instances know neither protection, and one whose root device is an instance store cannot be stopped:
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingDisableAPITermination.html
    https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/Using_ChangingInstanceInitiatedShutdownBehavior.html
    """
    spot, stoppable = instance.lifecycle == SPOT, instance.root_device == "ebs"
    impossible = []
    if spot:
        impossible.append(phrase("protect:spot"))
    if not stoppable:
        impossible.append(phrase("protect:instance_store"))
    return ProtectionPlan(
        termination=not spot,
        shutdown=not spot and stoppable,
        volumes=instance.volumes,
        unsupported=tuple(impossible),
    )


@dataclass(frozen=True, slots=True)
class ProtectionState:
    """How an instance stands now. `lifecycle` is Auto Scaling's word, empty where it is in no group."""

    termination_protection: bool | None
    shutdown_behaviour: str
    volumes: tuple[Volume, ...]
    lifecycle: str


def missing_protection(asked: ProtectionPlan, now: ProtectionState) -> list[Phrase]:
    """What was asked for and does not show; empty when the instance is protected."""
    missing = []
    if asked.termination and not now.termination_protection:
        missing.append(phrase("protect:no_termination"))
    if asked.shutdown and now.shutdown_behaviour != "stop":
        does = now.shutdown_behaviour
        missing.append(phrase("protect:would", does=does) if does else phrase("protect:would_what"))
    missing += [
        phrase("protect:goes", volume=volume.volume_id) for volume in now.volumes if volume.delete_on_termination
    ]
    if now.lifecycle and now.lifecycle not in STANDBY:
        missing.append(phrase("protect:in_group", lifecycle=now.lifecycle))
    return missing


def protection_calls(asked: ProtectionPlan) -> list[dict[str, Any]]:
    """The parameters of each call of ModifyInstanceAttribute: one attribute a call.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html
    """
    parameters: list[dict[str, Any]] = []
    if asked.termination:
        parameters.append({"DisableApiTermination": {"Value": True}})
    if asked.shutdown:
        parameters.append({"InstanceInitiatedShutdownBehavior": {"Value": "stop"}})
    if asked.volumes:
        kept = [{"DeviceName": volume.device, "Ebs": {"DeleteOnTermination": False}} for volume in asked.volumes]
        parameters.append({"BlockDeviceMappings": kept})
    return parameters
