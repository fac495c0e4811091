"""Put back credentials: the role no longer denies the instance, which gets its former profile back."""

from functools import partial
from typing import Any

from lambdas.credentials import (
    attempt,
    has_deny_policy,
    iam_client,
    read_profile_association,
    roles_of,
    roles_that_deny,
    set_instance_profile,
    tags_of,
)
from lambdas.current_state import read_current_state
from lambdas.domain.containment.before_state import BeforeState
from lambdas.domain.containment.credentials import (
    denied_instances,
    deny_policy,
    name_from_arn,
    no_rights_profile_arn,
    slots_of,
)
from lambdas.domain.errors import CredentialsNotPutBack
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, phrase
from lambdas.domain.release import release_blocked_by
from lambdas.step_result import done, skipped, step_error


def put_back_credentials(event: dict[str, Any]) -> dict[str, Any]:
    """Take the instance out of the roles that name it, and our profile off it; other instances stay cut off.

    A profile that somebody gave it since is left, unless `force` is true. Neither part waits for the other; where one
    fails, CredentialsNotPutBack says what is put back and what is not.
    """
    before = BeforeState.from_json(event["before"])
    instance, now = before.instance, read_current_state(event["case"]["id"], before, None, ())
    if now.held_by_case or now.protect_tag:  # that case revoked them; for a terminated instance the deny may go
        return skipped(release_blocked_by(now))
    roles = dict.fromkeys(
        (*(roles_of(instance, instance.profile) if instance.profile else ()), *roles_that_deny(instance))
    )
    left = None if event["force"] else _given_since(instance)
    parts = [attempt(partial(_allow, instance, role)) for role in roles]
    if not left:
        parts.append(attempt(partial(_give_back, instance)))
    told = [name for name, _ in parts if name]
    if not all(back for _, back in parts):
        raise step_error(CredentialsNotPutBack, *told, left)
    if left or not told:
        return skipped(*told, left) if told or left else skipped(phrase("release:as_before"))
    return done(*told, phrase("credentials:spreads"))


def _given_since(instance: Instance) -> Phrase | None:
    """The profile that somebody gave the instance after ours; None where nobody did."""
    association = read_profile_association(instance)
    if association is None or association.profile in {instance.profile, no_rights_profile_arn(instance)}:
        return None
    was = name_from_arn(instance.profile) or phrase("credentials:none")
    return phrase("credentials:given_since", profile=name_from_arn(association.profile), before=was)


def _allow(instance: Instance, role: str) -> Phrase | None:
    """Take the instance out of its slot, and the deny off a role that denies nobody anything any more."""
    iam = iam_client(instance)
    slots = slots_of(tags_of(instance, role), instance.instance_id)
    if slots:
        iam.untag_role(RoleName=role, TagKeys=slots)
    tags = tags_of(instance, role)
    if slots_of(tags, instance.instance_id):
        raise step_error(CredentialsNotPutBack, phrase("credentials:still_in_slot", role=role))
    carried = has_deny_policy(instance, role)
    if carried and not denied_instances(tags):
        _detach(instance, role)
    return phrase("credentials:allowed", role=role) if slots or carried else None


def _detach(instance: Instance, role: str) -> None:
    iam = iam_client(instance)
    iam.detach_role_policy(RoleName=role, PolicyArn=deny_policy(instance))
    # A step that just revoked another instance's credentials may have found the deny still attached.
    if denied_instances(tags_of(instance, role)):
        iam.attach_role_policy(RoleName=role, PolicyArn=deny_policy(instance))
    elif has_deny_policy(instance, role):
        raise step_error(CredentialsNotPutBack, phrase("credentials:still_denied", role=role))


def _give_back(instance: Instance) -> Phrase | None:
    """The profile of before; where there was none, none."""
    association = read_profile_association(instance)
    if (association.profile if association else "") == instance.profile:
        return None
    set_instance_profile(instance, instance.profile)
    if not instance.profile:
        return phrase("credentials:none_again")
    return phrase("credentials:again", profile=name_from_arn(instance.profile))
