"""Prepare quarantine: the security group of the VPC that allows no traffic, and the interfaces to move into it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any

from lambdas.contain.quarantine_group import ensure_quarantine_group
from lambdas.domain.instance.instance import Instance, Interface
from lambdas.domain.phrase import phrase
from lambdas.instance_clients import reader_of
from lambdas.step_result import done


def prepare_quarantine(event: dict[str, Any]) -> dict[str, Any]:
    """Return the `group`, which has no rules, and the `interfaces` that the instance has now."""
    instance = Instance.from_json(event["instance"])
    group, interfaces = group_and_interfaces(instance)
    return done(
        phrase("quarantine:prepared", group=group, vpc=instance.vpc_id, count=len(interfaces)),
        group=group,
        interfaces=[asdict(interface) for interface in interfaces],
    )


def group_and_interfaces(instance: Instance) -> tuple[str, tuple[Interface, ...]]:
    """The id of the quarantine group, and the interfaces that are attached now."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        group = pool.submit(ensure_quarantine_group, instance)
        interfaces = pool.submit(reader_of(instance).interfaces)
    return group.result(), interfaces.result()
