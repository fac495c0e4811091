"""Cut credentials: what the instance's role may do is denied to this instance, and to whoever took its keys."""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas import casebook
from lambdas.contain.holder import other_case_holding
from lambdas.credentials import (
    association_of,
    carries_deny,
    exchange_profile,
    iam_of,
    roles_of,
    tags_of,
)
from lambdas.domain.before import Before, kept_under
from lambdas.domain.credentials import EMPTY_PROFILE, cut_off, deny_policy, empty_profile, free_slot, name_of, slots_of
from lambdas.domain.errors import CredentialsNotCut
from lambdas.domain.instance import Instance

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
        return {"outcome": "skipped", "words": "it has no instance profile with rights"}
    tried = [*_deny(instance, profiles), _tried(partial(_take_rights, instance))]
    # By now somebody else may have written into our slot: only what stands at the end counts.
    tried[:-1] = _deny(instance, profiles)
    words = [words for words, _ in tried]
    if not all(done for _, done in tried):
        raise CredentialsNotCut("; ".join(words))
    return {"outcome": "done", "words": f"{'; '.join(words)}; IAM takes some seconds to spread it"}


def _profile_before(case: str, instance: Instance) -> str:
    """The ARN of its profile before anything was changed; empty where it had none."""
    case = other_case_holding(instance, case) or case
    items = casebook.items(case)
    sort = kept_under("before", instance.instance_id, items)
    return Before.from_json(items[sort]["before"]).instance.profile if sort in items else instance.profile


def _tried(part: Callable[[], str]) -> tuple[str, bool]:
    """The words of a part, and whether it is done. What AWS refuses of one part holds up no other."""
    try:
        return part(), True
    except (ClientError, BotoCoreError, CredentialsNotCut) as error:
        return str(error), False


def _deny(instance: Instance, profiles: Iterable[str]) -> list[tuple[str, bool]]:
    return [_tried(partial(_deny_roles, instance, profile)) for profile in profiles]


def _deny_roles(instance: Instance, profile: str) -> str:
    denied = [
        f"role {role} denies it everything ({_deny_role(instance, role)})" for role in roles_of(instance, profile)
    ]
    return "; ".join(denied) or f"profile {name_of(profile)} has no role now, so there is nothing to deny"


def _deny_role(instance: Instance, role: str) -> str:
    """Attach the deny and write the instance into a free slot until IAM shows both; returns the slot."""
    iam = iam_of(instance)
    if not carries_deny(instance, role):
        iam.attach_role_policy(RoleName=role, PolicyArn=deny_policy(instance))
        if not carries_deny(instance, role):
            raise CredentialsNotCut(f"IAM does not show the deny on role {role} yet")
    for _ in range(_LOOKS):
        tags = tags_of(instance, role)
        named = slots_of(tags, instance.instance_id)
        if named:
            return named[0]
        slot = free_slot(tags, instance.instance_id)
        if slot is None:
            others = ", ".join(cut_off(tags).values())
            raise CredentialsNotCut(f"role {role} has no slot left: it cuts off {others}; release one of them")
        iam.tag_role(RoleName=role, Tags=[{"Key": slot, "Value": instance.instance_id}])
    raise CredentialsNotCut(f"IAM does not show the instance in a slot of role {role} yet")


def _take_rights(instance: Instance) -> str:
    """Exchange its profile for the one without rights, and read that back."""
    association, empty = association_of(instance), empty_profile(instance)
    if association is None or association.profile != empty:
        exchange_profile(instance, association, empty)
        association = association_of(instance)
    if association is None or association.profile != empty or not association.settled:
        shown = name_of(association.profile) if association else "none"
        raise CredentialsNotCut(f"EC2 does not show profile {EMPTY_PROFILE} as settled yet, but {shown}")
    return f"its profile is {EMPTY_PROFILE}, which has no rights"
