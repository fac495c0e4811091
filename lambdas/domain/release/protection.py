"""What becomes of an instance and its volumes at its end."""

from collections.abc import Iterator, Mapping
from typing import Any

from lambdas.domain.containment.before_state import BeforeState
from lambdas.domain.instance.instance import Instance, Volume
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.domain.release.action import (
    AwsCall,
    ReleaseAction,
    ReleasePart,
    ReleaseVerdict,
    added_since,
    cannot,
    judge,
)
from lambdas.domain.release.current_state import CurrentState


def protection(before: BeforeState, instance: Instance, now: CurrentState, force: bool) -> Iterator[ReleaseAction]:
    whom = {"InstanceId": instance.instance_id}
    if before.termination_protection is None:
        yield _not_read(before, phrase("thing:termination"), "termination protection")
    else:
        was = before.termination_protection
        yield judge(
            ReleasePart.PROTECTION,
            phrase("thing:termination"),
            (_on(was), _on(True), _on(now.termination_protection)),
            as_before=now.termination_protection == was,
            as_contained=now.termination_protection,
            force=force,
            call=_modify(whom, DisableApiTermination={"Value": was}),
        )
    if not before.shutdown_behaviour:
        yield _not_read(before, phrase("thing:shutdown"), "shutdown")
    else:
        yield judge(
            ReleasePart.PROTECTION,
            phrase("thing:shutdown"),
            (verbatim(before.shutdown_behaviour), verbatim("stop"), verbatim(now.shutdown_behaviour)),
            as_before=now.shutdown_behaviour == before.shutdown_behaviour,
            as_contained=now.shutdown_behaviour == "stop",
            force=force,
            call=_modify(whom, InstanceInitiatedShutdownBehavior={"Value": before.shutdown_behaviour}),
        )
    yield from _volumes(before.instance, instance, force)
    if before.instance.state == "running" and instance.state != "running":
        values = verbatim(before.instance.state), None, verbatim(instance.state)
        reason = phrase("release:starts_none", command=start(instance))
        yield ReleaseAction(ReleasePart.PROTECTION, phrase("thing:running"), *values, ReleaseVerdict.CANNOT, reason)


def _volumes(before: Instance, instance: Instance, force: bool) -> Iterator[ReleaseAction]:
    attached = {kept.volume_id: kept for kept in instance.volumes}
    for was in before.volumes:
        what, ends = phrase("thing:volume", volume=was.volume_id), was.delete_on_termination
        volume = attached.pop(was.volume_id, None)
        if volume is None:
            reason = phrase("release:volume_detached")
            yield ReleaseAction(
                ReleasePart.PROTECTION, what, _end(was), phrase("value:stays"), None, ReleaseVerdict.CANNOT, reason
            )
            continue
        yield judge(
            ReleasePart.PROTECTION,
            what,
            (_end(was), phrase("value:stays"), _end(volume)),
            as_before=volume.delete_on_termination == ends,
            # What was detached and attached again stays by default: that may be what somebody wanted.
            as_contained=not volume.delete_on_termination and volume.device == was.device,
            force=force,
            call=_modify(
                {"InstanceId": instance.instance_id},
                BlockDeviceMappings=[{"DeviceName": volume.device, "Ebs": {"DeleteOnTermination": ends}}],
            ),
        )
    for new in attached.values():
        what = phrase("thing:volume", volume=new.volume_id)
        yield added_since(ReleasePart.PROTECTION, what, _end(new), phrase("release:attached"))


def _modify(whom: Mapping[str, Any], **attribute: Any) -> AwsCall:
    """One attribute a call: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html."""
    return AwsCall("ec2", "modify_instance_attribute", {**whom, **attribute})


def _not_read(before: BeforeState, what: Phrase, part: str) -> ReleaseAction:
    why = before.unread.get(part) or phrase("release:no_reason")
    return cannot(ReleasePart.PROTECTION, phrase("release:unread_before", why=why), what)


def start(instance: Instance) -> str:
    return f"aws ec2 start-instances --region {instance.region} --instance-ids {instance.instance_id}"


def _on(protected: bool) -> Phrase:
    return phrase("value:on") if protected else phrase("value:off")


def _end(volume: Volume) -> Phrase:
    return phrase("value:deleted") if volume.delete_on_termination else phrase("value:stays")
