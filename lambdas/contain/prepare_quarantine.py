"""Prepare quarantine: the VPC's group that lets nothing in and nothing out, and what is to be moved into it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from lambdas.aws import client
from lambdas.contain.interfaces import read_interfaces
from lambdas.contain.quarantine_group import ensure_quarantine_group
from lambdas.domain.instance.instance import Instance, Interface
from lambdas.domain.phrase import phrase
from lambdas.step_result import done


def prepare_quarantine(event: dict[str, Any]) -> dict[str, Any]:
    """Return the `group`, without rules, and the `interfaces` that the instance has at this moment."""
    instance = Instance.from_json(event["instance"])
    group, interfaces = group_and_interfaces(instance)
    return done(
        phrase("quarantine:prepared", group=group, vpc=instance.vpc_id, count=len(interfaces)),
        group=group,
        interfaces=[{"interface_id": one.interface_id, "groups": list(one.groups)} for one in interfaces],
    )


def group_and_interfaces(instance: Instance) -> tuple[str, tuple[Interface, ...]]:
    """The id of the closed group, and the interfaces that are attached now."""
    with ThreadPoolExecutor(max_workers=2) as pool:
        client("ec2", instance.region, instance.account_id)  # boto3 makes clients safely in one thread only
        group = pool.submit(ensure_quarantine_group, instance)
        interfaces = pool.submit(read_interfaces, instance)
    return group.result(), interfaces.result()
