"""What sends users and work to an instance: its Auto Scaling group and the load balancers."""

import shlex
from collections.abc import Iterator

from lambdas.domain.before import IN_SERVICE, AutoScaling, Before
from lambdas.domain.instance import Instance
from lambdas.domain.load_balancing import Registrations, Target
from lambdas.domain.protection import STANDBY
from lambdas.domain.release.action import Action, Call, Part, Verdict, cannot, judged, since
from lambdas.domain.release.now import Now
from lambdas.domain.release.protection import start


def auto_scaling(before: Before, instance: Instance, now: Now, force: bool) -> Iterator[Action]:
    was, place = before.auto_scaling, now.auto_scaling
    other = instance.auto_scaling_group
    if was is None:
        if unread := before.unread.get("group"):
            yield cannot(Part.AUTO_SCALING, f"it was not read before: {unread}", "Auto Scaling group")
        elif other and not before.instance.auto_scaling_group:
            yield since(Part.AUTO_SCALING, "Auto Scaling group", other, "brought into it since")
        return
    what = f"place in Auto Scaling group {was.group}"
    values = (was.lifecycle, STANDBY[-1], place.lifecycle or "not in it" if place else "")
    if place is None:
        yield Action(Part.AUTO_SCALING, what, *values, Verdict.CANNOT, "the group is gone")
        return
    # What was on its way into service then, or is now, is as good as there.
    served = _is_served(was.lifecycle)
    yield judged(
        Part.AUTO_SCALING,
        what,
        values,
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


def _no_place(was: AutoScaling, place: AutoScaling, before: Instance, instance: Instance) -> str:
    """Why the group cannot take the instance back, empty if it can.

    A group terminates what does not run, and refuses to grow beyond its maximum:
    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_AttachInstances.html
    """
    if not _is_served(was.lifecycle):
        return f"it was {was.lifecycle} before: the responder brings an instance into service only"
    if instance.auto_scaling_group not in {"", was.group}:
        return f"it is in {instance.auto_scaling_group} now: the responder takes it out of no group"
    if place.lifecycle not in (*STANDBY, ""):
        return f"the group is at it: {place.lifecycle}"
    if instance.state != "running":
        return (
            f"the instance is {instance.state}, and the group would terminate it: {start(before)}, then release again"
        )
    if place.desired >= place.max_size:
        return (
            f"the group has as many instances as it may ({place.max_size}): aws autoscaling update-auto-scaling-group "
            f"--region {before.region} --auto-scaling-group-name {shlex.quote(was.group)} "
            f"--max-size {place.desired + 1}, then release again"
        )
    return ""


def _sizes(was: AutoScaling, place: AutoScaling) -> str:
    """What taking it back does to the size of the group: AWS adds one, and to take one away would terminate one.

    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_ExitStandby.html
    """
    words = f"the group's desired capacity goes from {place.desired} to {place.desired + 1}"
    if was.has_room:
        return words
    return f"{words}: when the instance left, the group started another one, and the responder ends none"


def load_balancers(registrations: Registrations | None, instance: Instance, now: Now) -> Iterator[Action]:
    if registrations is None:
        return
    registered = {(one.group, one.id, one.port): one for one in now.registered}
    for was in registrations.targets:
        present = registered.pop((was.group, was.id, was.port), None)
        yield judged(
            Part.LOAD_BALANCERS,
            _registration(was),
            ("registered", "not registered", "registered" if present else "not registered"),
            as_before=present is not None,
            as_left=True,
            force=False,
            call=Call("elbv2", "register_targets", {"TargetGroupArn": was.group, "Targets": [was.description()]}),
            cannot=_no_target(was, instance, now),
        )
    for name in registrations.classic:
        yield judged(
            Part.LOAD_BALANCERS,
            f"classic load balancer {name}",
            ("registered", "not registered", "registered" if now.classic.get(name) else "not registered"),
            as_before=now.classic.get(name, False),
            as_left=True,
            force=False,
            call=Call(
                "elb",
                "register_instances_with_load_balancer",
                {"LoadBalancerName": name, "Instances": [{"InstanceId": instance.instance_id}]},
            ),
            cannot="" if name in now.classic else "the load balancer is gone",
        )
    for new in registered.values():
        yield since(Part.LOAD_BALANCERS, _registration(new), "registered", "registered since")


def _no_target(was: Target, instance: Instance, now: Now) -> str:
    """Why it cannot be registered, empty if it can. An address may be another's by now.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
    """
    if was.group not in now.target_groups:
        return "the target group is gone"
    if was.id == instance.instance_id:
        running = instance.state == "running"
        return "" if running else f"the instance is {instance.state}: {start(instance)}, then release again"
    return "" if was.id in instance.private_addresses else f"{was.id} is no address of the instance any more"


def _registration(target: Target) -> str:
    """`target group web: 10.1.0.4:80`: the name within the group's ARN, `…:targetgroup/web/73e2d6bc24d8a067`."""
    return f"target group {target.group.rpartition(':')[2].split('/')[1]}: {target.id}:{target.port}"
