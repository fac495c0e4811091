"""What sends users and work to an instance: its Auto Scaling group and the load balancers."""

import shlex
from collections.abc import Iterator

from lambdas.domain.containment.before_state import IN_SERVICE, AutoScalingMembership, BeforeState
from lambdas.domain.containment.load_balancing import Registrations, Target
from lambdas.domain.containment.protection import STANDBY
from lambdas.domain.instance.instance import Instance
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
from lambdas.domain.release.protection import start


def auto_scaling_actions(
    before: BeforeState, instance: Instance, now: CurrentState, force: bool
) -> Iterator[ReleaseAction]:
    was, place = before.auto_scaling, now.auto_scaling
    other = instance.auto_scaling_group
    if was is None:
        if unread := before.unread.get("group"):
            yield cannot(ReleasePart.AUTO_SCALING, phrase("release:unread_before", why=unread), phrase("thing:group"))
        elif other and not before.instance.auto_scaling_group:
            yield added_since(
                ReleasePart.AUTO_SCALING, phrase("thing:group"), verbatim(other), phrase("release:brought_in")
            )
        return
    what = phrase("thing:place", group=was.group)
    values = verbatim(was.lifecycle), verbatim(STANDBY[-1])
    if place is None:
        yield ReleaseAction(
            ReleasePart.AUTO_SCALING, what, *values, None, ReleaseVerdict.CANNOT, phrase("release:group_gone")
        )
        return
    # What was on its way into service then, or is now, is as good as there.
    served = _is_served(was.lifecycle)
    yield judge(
        ReleasePart.AUTO_SCALING,
        what,
        (*values, verbatim(place.lifecycle) if place.lifecycle else phrase("value:not_in_it")),
        as_before=place.lifecycle == was.lifecycle or (served and _is_served(place.lifecycle)),
        as_contained=place.lifecycle in STANDBY or (not place.lifecycle and other in {"", was.group}),
        force=force,
        call=AwsCall(
            "autoscaling",
            "exit_standby" if place.lifecycle else "attach_instances",
            {"InstanceIds": [before.instance.instance_id], "AutoScalingGroupName": was.group},
        ),
        cannot=_no_place(was, place, before.instance, instance),
        note=_sizes(was, place),
    )


def _is_served(lifecycle: str) -> bool:
    """Whether Auto Scaling has it in service, or brings it there.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-lifecycle.html
    """
    return lifecycle == IN_SERVICE or lifecycle.startswith("Pending")


def _no_place(
    was: AutoScalingMembership, place: AutoScalingMembership, before: Instance, instance: Instance
) -> Phrase | None:
    """Why the group cannot take the instance back, None if it can.

    A group terminates what does not run, and refuses to grow beyond its maximum:
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachInstances.html
    """
    if not _is_served(was.lifecycle):
        return phrase("release:not_in_service_before", lifecycle=was.lifecycle)
    if instance.auto_scaling_group not in {"", was.group}:
        return phrase("release:in_another_group", group=instance.auto_scaling_group)
    if place.lifecycle not in (*STANDBY, ""):
        return phrase("release:group_at_it", lifecycle=place.lifecycle)
    if instance.state != "running":
        return phrase("release:group_would_terminate", state=instance.state, command=start(before))
    if place.desired >= place.max_size:
        return phrase(
            "release:group_full", most=place.max_size, command=_widen(was.group, place.desired + 1, before.region)
        )
    return None


def _widen(group: str, size: int, region: str) -> str:
    return (
        f"aws autoscaling update-auto-scaling-group --region {region} --auto-scaling-group-name {shlex.quote(group)} "
        f"--max-size {size}"
    )


def _sizes(was: AutoScalingMembership, place: AutoScalingMembership) -> Phrase:
    """What taking it back does to the size of the group: AWS adds one, and to take one away would terminate one.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ExitStandby.html
    """
    sizes = phrase("release:sizes", now=place.desired, then=place.desired + 1)
    return sizes if was.can_shrink else phrase("release:another_started", sizes=sizes)


def load_balancers(
    registrations: Registrations | None, instance: Instance, now: CurrentState
) -> Iterator[ReleaseAction]:
    if registrations is None:
        return
    registered = {(target.group, target.id, target.port): target for target in now.registered}
    for was in registrations.targets:
        present = registered.pop((was.group, was.id, was.port), None)
        yield judge(
            ReleasePart.LOAD_BALANCERS,
            _registration(was),
            _registered(present is not None),
            as_before=present is not None,
            as_contained=True,
            force=False,
            call=AwsCall("elbv2", "register_targets", {"TargetGroupArn": was.group, "Targets": [was.description()]}),
            cannot=_no_target(was, instance, now),
        )
    for name in registrations.classic:
        yield judge(
            ReleasePart.LOAD_BALANCERS,
            phrase("thing:balancer", name=name),
            _registered(now.classic_load_balancers.get(name, False)),
            as_before=now.classic_load_balancers.get(name, False),
            as_contained=True,
            force=False,
            call=AwsCall(
                "elb",
                "register_instances_with_load_balancer",
                {"LoadBalancerName": name, "Instances": [{"InstanceId": instance.instance_id}]},
            ),
            cannot=None if name in now.classic_load_balancers else phrase("release:balancer_gone"),
        )
    for new in registered.values():
        yield added_since(
            ReleasePart.LOAD_BALANCERS,
            _registration(new),
            phrase("value:registered"),
            phrase("release:registered_since"),
        )


def _no_target(was: Target, instance: Instance, now: CurrentState) -> Phrase | None:
    """Why it cannot be registered, None if it can. An address may be another's by now.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
    """
    if was.group not in now.target_groups:
        return phrase("release:target_group_gone")
    if was.id == instance.instance_id:
        running = instance.state == "running"
        return None if running else phrase("release:not_running", state=instance.state, command=start(instance))
    return None if was.id in instance.private_addresses else phrase("release:no_address", address=was.id)


def _registered(now: bool) -> tuple[Phrase, Phrase, Phrase]:
    registered, not_registered = phrase("value:registered"), phrase("value:not_registered")
    return registered, not_registered, registered if now else not_registered


def _registration(target: Target) -> Phrase:
    """`target group web: 10.1.0.4:80`: the name within the group's ARN, `…:targetgroup/web/73e2d6bc24d8a067`."""
    group = target.group.rpartition(":")[2].split("/")[1]
    return phrase("thing:target", group=group, target=f"{target.id}:{target.port}")
