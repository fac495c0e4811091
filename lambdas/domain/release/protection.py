"""What becomes of an instance and its volumes at its end."""

from collections.abc import Iterator, Mapping
from typing import Any

from lambdas.domain.containment.before_state import Before
from lambdas.domain.instance.instance import Instance, Volume
from lambdas.domain.phrase import Said, quoted, said
from lambdas.domain.release.action import Action, Call, Part, Verdict, cannot, judged, since
from lambdas.domain.release.current_state import Now


def protection(before: Before, instance: Instance, now: Now, force: bool) -> Iterator[Action]:
    whom = {"InstanceId": instance.instance_id}
    if before.termination_protection is None:
        yield _not_read(before, said("thing:termination"), "termination protection")
    else:
        was = before.termination_protection
        yield judged(
            Part.PROTECTION,
            said("thing:termination"),
            (_on(was), _on(True), _on(now.termination_protection)),
            as_before=now.termination_protection == was,
            as_left=now.termination_protection,
            force=force,
            call=_modify(whom, DisableApiTermination={"Value": was}),
        )
    if not before.shutdown_behaviour:
        yield _not_read(before, said("thing:shutdown"), "shutdown")
    else:
        yield judged(
            Part.PROTECTION,
            said("thing:shutdown"),
            (quoted(before.shutdown_behaviour), quoted("stop"), quoted(now.shutdown_behaviour)),
            as_before=now.shutdown_behaviour == before.shutdown_behaviour,
            as_left=now.shutdown_behaviour == "stop",
            force=force,
            call=_modify(whom, InstanceInitiatedShutdownBehavior={"Value": before.shutdown_behaviour}),
        )
    yield from _volumes(before.instance, instance, force)
    if before.instance.state == "running" and instance.state != "running":
        values = quoted(before.instance.state), None, quoted(instance.state)
        reason = said("release:starts_none", command=start(instance))
        yield Action(Part.PROTECTION, said("thing:running"), *values, Verdict.CANNOT, reason)


def _volumes(before: Instance, instance: Instance, force: bool) -> Iterator[Action]:
    attached = {one.volume_id: one for one in instance.volumes}
    for was in before.volumes:
        what, ends = said("thing:volume", volume=was.volume_id), was.delete_on_termination
        volume = attached.pop(was.volume_id, None)
        if volume is None:
            reason = said("release:volume_detached")
            yield Action(Part.PROTECTION, what, _end(was), said("value:stays"), None, Verdict.CANNOT, reason)
            continue
        yield judged(
            Part.PROTECTION,
            what,
            (_end(was), said("value:stays"), _end(volume)),
            as_before=volume.delete_on_termination == ends,
            # What was detached and attached again stays by default: that may be what somebody wanted.
            as_left=not volume.delete_on_termination and volume.device == was.device,
            force=force,
            call=_modify(
                {"InstanceId": instance.instance_id},
                BlockDeviceMappings=[{"DeviceName": volume.device, "Ebs": {"DeleteOnTermination": ends}}],
            ),
        )
    for new in attached.values():
        what = said("thing:volume", volume=new.volume_id)
        yield since(Part.PROTECTION, what, _end(new), said("release:attached"))


def _modify(whom: Mapping[str, Any], **attribute: Any) -> Call:
    """One attribute a call: https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html."""
    return Call("ec2", "modify_instance_attribute", {**whom, **attribute})


def _not_read(before: Before, what: Said, part: str) -> Action:
    why = before.unread.get(part) or said("release:no_reason")
    return cannot(Part.PROTECTION, said("release:unread_before", why=why), what)


def start(instance: Instance) -> str:
    return f"aws ec2 start-instances --region {instance.region} --instance-ids {instance.instance_id}"


def _on(protected: bool) -> Said:
    return said("value:on") if protected else said("value:off")


def _end(volume: Volume) -> Said:
    return said("value:deleted") if volume.delete_on_termination else said("value:stays")
