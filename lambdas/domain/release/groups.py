"""What sends users and work to an instance: its Auto Scaling group and the load balancers."""

import shlex
from collections.abc import Iterator

from lambdas.domain.containment.before_state import IN_SERVICE, AutoScaling, Before
from lambdas.domain.containment.load_balancing import Registrations, Target
from lambdas.domain.containment.protection import STANDBY
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Said, quoted, said
from lambdas.domain.release.action import Action, Call, Part, Verdict, cannot, judged, since
from lambdas.domain.release.current_state import Now
from lambdas.domain.release.protection import start


def auto_scaling(before: Before, instance: Instance, now: Now, force: bool) -> Iterator[Action]:
    was, place = before.auto_scaling, now.auto_scaling
    other = instance.auto_scaling_group
    if was is None:
        if unread := before.unread.get("group"):
            yield cannot(Part.AUTO_SCALING, said("release:unread_before", why=unread), said("thing:group"))
        elif other and not before.instance.auto_scaling_group:
            yield since(Part.AUTO_SCALING, said("thing:group"), quoted(other), said("release:brought_in"))
        return
    what = said("thing:place", group=was.group)
    values = quoted(was.lifecycle), quoted(STANDBY[-1])
    if place is None:
        yield Action(Part.AUTO_SCALING, what, *values, None, Verdict.CANNOT, said("release:group_gone"))
        return
    # What was on its way into service then, or is now, is as good as there.
    served = _is_served(was.lifecycle)
    yield judged(
        Part.AUTO_SCALING,
        what,
        (*values, quoted(place.lifecycle) if place.lifecycle else said("value:not_in_it")),
        as_before=place.lifecycle == was.lifecycle or (served and _is_served(place.lifecycle)),
        as_left=place.lifecycle in STANDBY or (not place.lifecycle and other in {"", was.group}),
        force=force,
        call=Call(
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


def _no_place(was: AutoScaling, place: AutoScaling, before: Instance, instance: Instance) -> Said | None:
    """Why the group cannot take the instance back, None if it can.

    A group terminates what does not run, and refuses to grow beyond its maximum:
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachInstances.html
    """
    if not _is_served(was.lifecycle):
        return said("release:not_in_service_before", lifecycle=was.lifecycle)
    if instance.auto_scaling_group not in {"", was.group}:
        return said("release:in_another_group", group=instance.auto_scaling_group)
    if place.lifecycle not in (*STANDBY, ""):
        return said("release:group_at_it", lifecycle=place.lifecycle)
    if instance.state != "running":
        return said("release:group_would_terminate", state=instance.state, command=start(before))
    if place.desired >= place.max_size:
        return said(
            "release:group_full", most=place.max_size, command=_widen(was.group, place.desired + 1, before.region)
        )
    return None


def _widen(group: str, size: int, region: str) -> str:
    return (
        f"aws autoscaling update-auto-scaling-group --region {region} --auto-scaling-group-name {shlex.quote(group)} "
        f"--max-size {size}"
    )


def _sizes(was: AutoScaling, place: AutoScaling) -> Said:
    """What taking it back does to the size of the group: AWS adds one, and to take one away would terminate one.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ExitStandby.html
    """
    sizes = said("release:sizes", now=place.desired, then=place.desired + 1)
    return sizes if was.has_room else said("release:another_started", sizes=sizes)


def load_balancers(registrations: Registrations | None, instance: Instance, now: Now) -> Iterator[Action]:
    if registrations is None:
        return
    registered = {(one.group, one.id, one.port): one for one in now.registered}
    for was in registrations.targets:
        present = registered.pop((was.group, was.id, was.port), None)
        yield judged(
            Part.LOAD_BALANCERS,
            _registration(was),
            _registered(present is not None),
            as_before=present is not None,
            as_left=True,
            force=False,
            call=Call("elbv2", "register_targets", {"TargetGroupArn": was.group, "Targets": [was.description()]}),
            cannot=_no_target(was, instance, now),
        )
    for name in registrations.classic:
        yield judged(
            Part.LOAD_BALANCERS,
            said("thing:balancer", name=name),
            _registered(now.classic.get(name, False)),
            as_before=now.classic.get(name, False),
            as_left=True,
            force=False,
            call=Call(
                "elb",
                "register_instances_with_load_balancer",
                {"LoadBalancerName": name, "Instances": [{"InstanceId": instance.instance_id}]},
            ),
            cannot=None if name in now.classic else said("release:balancer_gone"),
        )
    for new in registered.values():
        yield since(Part.LOAD_BALANCERS, _registration(new), said("value:registered"), said("release:registered_since"))


def _no_target(was: Target, instance: Instance, now: Now) -> Said | None:
    """Why it cannot be registered, None if it can. An address may be another's by now.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
    """
    if was.group not in now.target_groups:
        return said("release:target_group_gone")
    if was.id == instance.instance_id:
        running = instance.state == "running"
        return None if running else said("release:not_running", state=instance.state, command=start(instance))
    return None if was.id in instance.private_addresses else said("release:no_address", address=was.id)


def _registered(now: bool) -> tuple[Said, Said, Said]:
    registered, not_registered = said("value:registered"), said("value:not_registered")
    return registered, not_registered, registered if now else not_registered


def _registration(target: Target) -> Said:
    """`target group web: 10.1.0.4:80`: the name within the group's ARN, `…:targetgroup/web/73e2d6bc24d8a067`."""
    group = target.group.rpartition(":")[2].split("/")[1]
    return said("thing:target", group=group, target=f"{target.id}:{target.port}")
