"""Revoke credentials: what the instance's role may do is denied to this instance, and to whoever took its keys."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from lambdas import case_table
from lambdas.contain.quarantine_holder import case_holding
from lambdas.credentials import (
    attempt,
    has_deny_policy,
    iam_client,
    read_profile_association,
    roles_of,
    set_instance_profile,
    tags_of,
)
from lambdas.domain.case.table_keys import BEFORE_PREFIX
from lambdas.domain.containment.before_state import BeforeState, record_sort_key
from lambdas.domain.containment.credentials import (
    NO_RIGHTS_PROFILE,
    denied_instances,
    deny_policy,
    free_slot,
    name_from_arn,
    no_rights_profile_arn,
    slots_of,
)
from lambdas.domain.errors import CredentialsNotRevoked
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, combined, phrase
from lambdas.step_result import done, skipped, step_error

# Another instance of the role may take the slot that was free a moment ago; the next look finds another one.
_LOOKS = 4


def revoke_credentials(event: dict[str, Any]) -> dict[str, Any]:
    """Let the role deny this instance everything, and give the instance a profile without rights.

    Neither part waits for the other. Where one fails, CredentialsNotRevoked says what is cut and what is not, so it
    is tried again. The role is the one before: at a second notice the instance carries our own profile already.
    """
    instance = Instance.from_json(event["instance"])
    association = read_profile_association(instance)
    carried = {_profile_before(event["case"]["id"], instance), association.profile if association else ""}
    profiles = sorted(carried - {"", no_rights_profile_arn(instance)})
    if not profiles:
        return skipped(phrase("credentials:no_profile"))
    _deny(instance, profiles)
    exchanged = attempt(partial(_take_rights, instance))
    # By now another instance of the role may have taken our slot: only what stands at the end counts.
    parts = [*_deny(instance, profiles), exchanged]
    told = [one for one, _ in parts]
    if not all(cut for _, cut in parts):
        raise step_error(CredentialsNotRevoked, *told)
    return done(*told, phrase("credentials:spreads"))


def _profile_before(case: str, instance: Instance) -> str:
    """The ARN of its profile before anything was changed; empty where it had none."""
    case = case_holding(instance, case) or case
    items = case_table.read_items(case)
    sort = record_sort_key(BEFORE_PREFIX, instance.instance_id, items)
    return BeforeState.from_json(items[sort]["before"]).instance.profile if sort in items else instance.profile


def _deny(instance: Instance, profiles: Iterable[str]) -> list[tuple[Phrase | None, bool]]:
    return [attempt(partial(_deny_roles, instance, profile)) for profile in profiles]


def _deny_roles(instance: Instance, profile: str) -> Phrase:
    roles = roles_of(instance, profile)
    if not roles:
        return phrase("credentials:no_role", profile=name_from_arn(profile))
    return combined(*(phrase("credentials:denied", role=role, slot=_deny_role(instance, role)) for role in roles))


def _deny_role(instance: Instance, role: str) -> str:
    """Attach the deny and write the instance into a free slot until IAM shows both; returns the slot."""
    iam = iam_client(instance)
    if not has_deny_policy(instance, role):
        iam.attach_role_policy(RoleName=role, PolicyArn=deny_policy(instance))
        if not has_deny_policy(instance, role):
            raise step_error(CredentialsNotRevoked, phrase("credentials:not_denied", role=role))
    for _ in range(_LOOKS):
        tags = tags_of(instance, role)
        named = slots_of(tags, instance.instance_id)
        if named:
            return named[0]
        slot = free_slot(tags, instance.instance_id)
        if slot is None:
            raise step_error(CredentialsNotRevoked, _no_slot(role, tags))
        iam.tag_role(RoleName=role, Tags=[{"Key": slot, "Value": instance.instance_id}])
    raise step_error(CredentialsNotRevoked, phrase("credentials:not_in_slot", role=role))


def _no_slot(role: str, tags: Mapping[str, str]) -> Phrase:
    others = [f"{instance_id} ({slot})" for slot, instance_id in denied_instances(tags).items()]
    return phrase("credentials:no_slot", role=role, instances=others)


def _take_rights(instance: Instance) -> Phrase:
    set_instance_profile(instance, no_rights_profile_arn(instance))
    return phrase("credentials:exchanged", profile=NO_RIGHTS_PROFILE)
