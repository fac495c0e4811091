"""Load balancing for the rehearsal and the tests: an instance can be a target on several ports, unlike in Moto.

https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_RegisterTargets.html
"""

from typing import Any

from moto.elbv2.models import FakeHealthStatus, FakeTargetGroup


def _key(group: Any, target: dict[str, Any]) -> str:
    return f"{target['Id']}:{target.get('Port', group.port)}"


def _register(group: Any, targets: list[dict[str, Any]]) -> None:
    for target in targets:
        _register_as_it_comes(group, [target])  # which knows the errors
        del group.targets[target["Id"]]
        group.targets[_key(group, target)] = {"Id": target["Id"], "Port": target.get("Port", group.port)}


def _deregister(group: Any, targets: list[dict[str, Any]]) -> None:
    """An unknown target is no error; a target without a port means all its ports."""
    for target in targets:
        for key, registered in list(group.targets.items()):
            if registered["Id"] == target["Id"] and registered["Port"] == target.get("Port", registered["Port"]):
                group.deregistered_targets[target["Id"]] = group.targets.pop(key)


def _deregister_terminated(group: Any, instance_ids: list[str]) -> None:
    for key, registered in list(group.targets.items()):
        if registered["Id"] in instance_ids:
            group.terminated_targets[registered["Id"]] = group.targets.pop(key)


def _health_for(group: Any, target: dict[str, Any], ec2_backend: Any) -> Any:
    if _key(group, target) in group.targets:
        port = target.get("Port", group.port)
        return FakeHealthStatus(target["Id"], port, group.health_check_port, "healthy")
    return _health_as_it_comes(group, target, ec2_backend)


_register_as_it_comes = FakeTargetGroup.register
_health_as_it_comes = FakeTargetGroup.health_for
FakeTargetGroup.register = _register
FakeTargetGroup.deregister = _deregister
FakeTargetGroup.deregister_terminated_instances = _deregister_terminated
FakeTargetGroup.health_for = _health_for
