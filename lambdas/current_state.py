"""Reads the current state of an instance, one part of a release at a time."""

from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas import case_table
from lambdas.credentials import iam_client, read_profile_association, roles_that_deny
from lambdas.domain.containment.before_state import AutoScalingMembership, BeforeState, membership_in
from lambdas.domain.containment.credentials import name_from_arn
from lambdas.domain.containment.load_balancing import Registrations
from lambdas.domain.errors import NotAMember
from lambdas.domain.instance.instance import TERMINATED_STATES, Instance
from lambdas.domain.instance.tags import CASE_TAG, ROLE_TAG
from lambdas.domain.phrase import Phrase
from lambdas.domain.release import CurrentState, ReleasePart, contained_record
from lambdas.domain.settings.function_config import ProtectTagConfig
from lambdas.instance_clients import client_for, reader_of
from lambdas.instance_reader import describe_auto_scaling_group, describe_interfaces
from lambdas.load_config import load_config
from lambdas.step_result import error_phrase


def read_current_state(
    case: str,
    before: BeforeState,
    registrations: Registrations | None,
    parts: Sequence[ReleasePart] = tuple(ReleasePart),
) -> CurrentState:
    """Read these parts. What AWS refuses to show of one part is in `unread`, and hides no other part."""
    try:
        instance = reader_of(before.instance).find_instance()
        held_by_case = _other_holder(case, instance) if instance else ""
    except (ClientError, BotoCoreError, NotAMember) as error:
        return CurrentState(instance=None, unread=dict.fromkeys((ReleasePart.NETWORK, *parts), error_phrase(error)))
    if instance is None or instance.state in TERMINATED_STATES or held_by_case:
        return CurrentState(instance=instance, held_by_case=held_by_case)
    if (tag := load_config(ProtectTagConfig).protect_tag) in instance.tags:
        return CurrentState(instance=instance, protect_tag=tag)
    readers: dict[ReleasePart, Callable[[], dict[str, Any]]] = {
        ReleasePart.CREDENTIALS: partial(_credentials, before.instance),
        ReleasePart.NETWORK: partial(_network, before.instance),
        ReleasePart.AUTO_SCALING: partial(_auto_scaling, before),
        ReleasePart.LOAD_BALANCERS: partial(_load_balancers, registrations, instance),
        ReleasePart.PROTECTION: partial(_protection, instance),
        ReleasePart.TAGS: dict,  # the description has them
    }
    read: dict[str, Any] = {}
    unread: dict[ReleasePart, Phrase] = {}
    for part in parts:
        try:
            read |= readers[part]()
        except (ClientError, BotoCoreError) as error:
            unread[part] = error_phrase(error)
    return CurrentState(instance=instance, unread=unread, **read)


def _other_holder(case: str, instance: Instance) -> str:
    """Another case that contained the instance and has not released it yet, by the tag that it left."""
    tagged = instance.tags.get(CASE_TAG, case)
    if tagged == case:
        return ""
    state = contained_record(case_table.read_items(tagged), instance.instance_id)
    return tagged if state and state.not_released else ""


def _network(before: Instance) -> dict[str, Any]:
    """The interfaces that it has, what became of those it had, and which of all their groups exist."""
    reader = reader_of(before)
    interfaces = reader.interfaces()
    attached = {interface.interface_id for interface in interfaces}
    before_ids = [interface.interface_id for interface in before.interfaces]
    existing = describe_interfaces(client_for(before, "ec2"), "network-interface-id", before_ids) if before_ids else []
    return {
        "interfaces": interfaces,
        "detached_interfaces": {
            interface["NetworkInterfaceId"]: interface.get("Attachment", {}).get("InstanceId", "")
            for interface in existing
            if interface["NetworkInterfaceId"] not in attached
        },
        "groups": {
            group["GroupId"]: next((tag["Value"] for tag in group.get("Tags", ()) if tag["Key"] == ROLE_TAG), "")
            for group in reader.security_groups((*before.interfaces, *interfaces))
        },
    }


def _credentials(instance: Instance) -> dict[str, Any]:
    association, exists, iam = read_profile_association(instance), True, iam_client(instance)
    if instance.profile:
        try:
            iam.get_instance_profile(InstanceProfileName=name_from_arn(instance.profile))
        except iam.exceptions.NoSuchEntityException:
            exists = False
    return {
        "profile": association.profile if association else "",
        "profile_exists": exists,
        "credentials_denied": bool(roles_that_deny(instance)),
    }


def _auto_scaling(before: BeforeState) -> dict[str, Any]:
    membership, instance = before.auto_scaling, before.instance
    if membership is None:
        return {}
    group = describe_auto_scaling_group(client_for(instance, "autoscaling"), membership.group)
    if group is None:
        return {}
    outside = AutoScalingMembership(membership.group, "", group["MinSize"], group["MaxSize"], group["DesiredCapacity"])
    return {"auto_scaling": membership_in(group, instance.instance_id) or outside}


def _load_balancers(registrations: Registrations | None, instance: Instance) -> dict[str, Any]:
    """The target groups and classic load balancers of before: which exist, and whether the instance is in them."""
    if registrations is None:
        return {}
    reader = reader_of(instance)
    group_arns = dict.fromkeys(target.group for target in registrations.targets)
    targets = {group: found for group in group_arns if (found := reader.targets_in(group)) is not None}
    classic = {name: now for name in registrations.classic if (now := reader.is_in_classic(name)) is not None}
    return {
        "registered": tuple(chain(*targets.values())),
        "target_groups": frozenset(targets),
        "classic_load_balancers": classic,
    }


def _protection(instance: Instance) -> dict[str, Any]:
    reader = reader_of(instance)
    return {
        "termination_protection": reader.termination_protection(),
        "shutdown_behaviour": reader.shutdown_behaviour(),
    }
