"""Auto Scaling for the rehearsal and the tests: what AWS refuses and Moto allows, and health checks.

AWS moves only what is in service into standby, keeps a group between its smallest and largest size, and counts what is
attached or leaves standby:
https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-enter-exit-standby.html
https://docs.aws.amazon.com/autoscaling/ec2/userguide/attach-instance-asg.html
"""

from collections.abc import Sequence
from typing import Any

from moto.autoscaling.exceptions import ValidationError
from moto.autoscaling.models import AutoScalingBackend

_IN_SERVICE, _STANDBY = "InService", "Standby"


def check_health(backend: AutoScalingBackend) -> list[str]:
    """Run each group's health check; returns the ids of the terminated instances.

    An unreachable instance in service is unhealthy: it is terminated, despite termination protection, and replaced. https://docs.aws.amazon.com/autoscaling/ec2/userguide/health-checks-overview.html
    """
    terminated: list[str] = []
    for group in backend.autoscaling_groups.values():
        unhealthy = [
            state.instance.id
            for state in group.instance_states
            if state.lifecycle_state == _IN_SERVICE and _is_cut_off(state.instance)
        ]
        for instance_id in unhealthy:
            backend.ec2_backend.get_instance(instance_id).disable_api_termination = False
            backend.ec2_backend.terminate_instances([instance_id])
            group.instance_states = [state for state in group.instance_states if state.instance.id != instance_id]
        group.set_desired_capacity(group.desired_capacity)
        terminated += unhealthy
    return terminated


def _is_cut_off(instance: Any) -> bool:
    groups = [group for interface in instance.nics.values() for group in interface.group_set]
    return not any(group.ingress_rules or group.egress_rules for group in groups)


def _require(backend: Any, group_name: str, instance_ids: Sequence[str], lifecycle: str) -> Any:
    """The group, if it has each of these instances in that state."""
    group = backend.autoscaling_groups[group_name]
    states = {state.instance.id: state.lifecycle_state for state in group.instance_states}
    for instance_id in instance_ids:
        if instance_id not in states:
            raise ValidationError(f"The instance {instance_id} is not part of Auto Scaling group {group_name}.")
        if states[instance_id] not in lifecycle.split():
            raise ValidationError(f"The instance {instance_id} is not in {lifecycle}.")
    return group


def _require_room_below(group: Any, count: int) -> None:
    if group.desired_capacity - count < group.min_size:
        raise ValidationError(
            f"AutoScalingGroup {group.name} has min-size={group.min_size}, desired-size={group.desired_capacity}. "
            "It can not be decremented below its min-size."
        )


def _require_room_above(group: Any, count: int) -> None:
    if group.desired_capacity + count > group.max_size:
        raise ValidationError(
            f"Instances can not be added to group {group.name}: its new size would exceed max-size={group.max_size}."
        )


def _enter_standby(backend: Any, group_name: str, instance_ids: list[str], should_decrement: bool) -> Any:
    group = _require(backend, group_name, instance_ids, _IN_SERVICE)
    if should_decrement:
        _require_room_below(group, len(instance_ids))
    return _enter_as_it_comes(backend, group_name, instance_ids, should_decrement)


def _exit_standby(backend: Any, group_name: str, instance_ids: list[str]) -> Any:
    _require_room_above(_require(backend, group_name, instance_ids, _STANDBY), len(instance_ids))
    return _exit_as_it_comes(backend, group_name, instance_ids)


def _detach(backend: Any, group_name: str, instance_ids: list[str], should_decrement: bool) -> Any:
    group = _require(backend, group_name, instance_ids, f"{_IN_SERVICE} {_STANDBY}")
    if should_decrement:
        _require_room_below(group, len(instance_ids))
    return _detach_as_it_comes(backend, group_name, instance_ids, should_decrement)


def _attach(backend: Any, group_name: str, instance_ids: list[str]) -> None:
    group = backend.autoscaling_groups[group_name]
    _require_room_above(group, len(instance_ids))
    capacity = group.desired_capacity + len(instance_ids)
    _attach_as_it_comes(backend, group_name, instance_ids)
    group.desired_capacity = capacity  # Moto also counts instances in standby


_enter_as_it_comes = AutoScalingBackend.enter_standby_instances
_exit_as_it_comes = AutoScalingBackend.exit_standby_instances
_detach_as_it_comes = AutoScalingBackend.detach_instances
_attach_as_it_comes = AutoScalingBackend.attach_instances
AutoScalingBackend.enter_standby_instances = _enter_standby
AutoScalingBackend.exit_standby_instances = _exit_standby
AutoScalingBackend.detach_instances = _detach
AutoScalingBackend.attach_instances = _attach
