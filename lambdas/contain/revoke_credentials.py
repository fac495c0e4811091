"""Cut credentials: what the instance's role may do is denied to this instance, and to whoever took its keys."""

from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

from lambdas import case_table as casebook
from lambdas.contain.quarantine_holder import other_case_holding
from lambdas.credentials import association_of, carries_deny, carry, iam_of, roles_of, tags_of, tried
from lambdas.domain.containment.before_state import Before, kept_under
from lambdas.domain.containment.credentials import (
    EMPTY_PROFILE,
    cut_off,
    deny_policy,
    empty_profile,
    free_slot,
    name_of,
    slots_of,
)
from lambdas.domain.errors import CredentialsNotCut
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Said, said, several
from lambdas.step_result import done, refusal, skipped

# Another instance of the role may take the slot that was free a moment ago; the next look finds another one.
_LOOKS = 4


def cut_credentials(event: dict[str, Any]) -> dict[str, Any]:
    """Let the role deny this instance everything, and give the instance a profile without rights.

    Neither part waits for the other. Where one fails, CredentialsNotCut says what is cut and what is not, so that it
    is tried again. The role is the one before: at a second notice the instance carries our own profile already.
    """
    instance = Instance.from_json(event["instance"])
    association = association_of(instance)
    carried = {_profile_before(event["case"]["id"], instance), association.profile if association else ""}
    profiles = sorted(carried - {"", empty_profile(instance)})
    if not profiles:
        return skipped(said("credentials:no_profile"))
    _deny(instance, profiles)
    exchanged = tried(partial(_take_rights, instance))
    # By now another instance of the role may have taken our slot: only what stands at the end counts.
    parts = [*_deny(instance, profiles), exchanged]
    told = [one for one, _ in parts]
    if not all(cut for _, cut in parts):
        raise refusal(CredentialsNotCut, *told)
    return done(*told, said("credentials:spreads"))


def _profile_before(case: str, instance: Instance) -> str:
    """The ARN of its profile before anything was changed; empty where it had none."""
    case = other_case_holding(instance, case) or case
    items = casebook.items(case)
    sort = kept_under("before", instance.instance_id, items)
    return Before.from_json(items[sort]["before"]).instance.profile if sort in items else instance.profile


def _deny(instance: Instance, profiles: Iterable[str]) -> list[tuple[Said | None, bool]]:
    return [tried(partial(_deny_roles, instance, profile)) for profile in profiles]


def _deny_roles(instance: Instance, profile: str) -> Said:
    roles = roles_of(instance, profile)
    if not roles:
        return said("credentials:no_role", profile=name_of(profile))
    return several(*(said("credentials:denied", role=role, slot=_deny_role(instance, role)) for role in roles))


def _deny_role(instance: Instance, role: str) -> str:
    """Attach the deny and write the instance into a free slot until IAM shows both; returns the slot."""
    iam = iam_of(instance)
    if not carries_deny(instance, role):
        iam.attach_role_policy(RoleName=role, PolicyArn=deny_policy(instance))
        if not carries_deny(instance, role):
            raise refusal(CredentialsNotCut, said("credentials:not_denied", role=role))
    for _ in range(_LOOKS):
        tags = tags_of(instance, role)
        named = slots_of(tags, instance.instance_id)
        if named:
            return named[0]
        slot = free_slot(tags, instance.instance_id)
        if slot is None:
            raise refusal(CredentialsNotCut, _no_slot(role, tags))
        iam.tag_role(RoleName=role, Tags=[{"Key": slot, "Value": instance.instance_id}])
    raise refusal(CredentialsNotCut, said("credentials:not_in_slot", role=role))


def _no_slot(role: str, tags: Mapping[str, str]) -> Said:
    others = [f"{instance_id} ({slot})" for slot, instance_id in cut_off(tags).items()]
    return said("credentials:no_slot", role=role, instances=others)


def _take_rights(instance: Instance) -> Said:
    carry(instance, empty_profile(instance))
    return said("credentials:exchanged", profile=EMPTY_PROFILE)
