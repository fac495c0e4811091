"""Put back credentials: the instance's role denies it nothing any more, and it has the profile that it had before."""

from functools import partial
from typing import Any

from lambdas.credentials import (
    association_of,
    carries_deny,
    carry,
    iam_of,
    roles_denying,
    roles_of,
    tags_of,
    tried,
)
from lambdas.current_state import read_now
from lambdas.domain.containment.before_state import Before
from lambdas.domain.containment.credentials import cut_off, deny_policy, empty_profile, name_of, slots_of
from lambdas.domain.errors import CredentialsNotPutBack
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Said, said
from lambdas.domain.release import obstacle
from lambdas.step_result import done, refusal, skipped


def put_back_credentials(event: dict[str, Any]) -> dict[str, Any]:
    """Take the instance out of the roles that name it, and our profile off it; other instances stay cut off.

    A profile that somebody gave it since is left, unless `force` is true. Neither part waits for the other; where one
    fails, CredentialsNotPutBack says what is put back and what is not.
    """
    before = Before.from_json(event["before"])
    instance, now = before.instance, read_now(event["case"]["id"], before, None, ())
    if now.holder:  # what it was cut off from for that case stays so; of one that is gone the role may forget
        return skipped(obstacle(now))
    roles = dict.fromkeys(
        (*(roles_of(instance, instance.profile) if instance.profile else ()), *roles_denying(instance))
    )
    left = None if event["force"] else _given_since(instance)
    parts = [tried(partial(_allow, instance, role)) for role in roles]
    if not left:
        parts.append(tried(partial(_give_back, instance)))
    told = [one for one, _ in parts if one]
    if not all(back for _, back in parts):
        raise refusal(CredentialsNotPutBack, *told, left)
    if left or not told:
        return skipped(*told, left) if told or left else skipped(said("release:as_before"))
    return done(*told, said("credentials:spreads"))


def _given_since(instance: Instance) -> Said | None:
    """The profile that somebody gave the instance after ours; None where nobody did."""
    association = association_of(instance)
    if association is None or association.profile in {instance.profile, empty_profile(instance)}:
        return None
    was = name_of(instance.profile) or said("credentials:none")
    return said("credentials:given_since", profile=name_of(association.profile), before=was)


def _allow(instance: Instance, role: str) -> Said | None:
    """Take the instance out of its slot, and the deny off a role that denies nobody anything any more."""
    iam = iam_of(instance)
    slots = slots_of(tags_of(instance, role), instance.instance_id)
    if slots:
        iam.untag_role(RoleName=role, TagKeys=slots)
    tags = tags_of(instance, role)
    if slots_of(tags, instance.instance_id):
        raise refusal(CredentialsNotPutBack, said("credentials:still_in_slot", role=role))
    carried = carries_deny(instance, role)
    if carried and not cut_off(tags):
        _detach(instance, role)
    return said("credentials:allowed", role=role) if slots or carried else None


def _detach(instance: Instance, role: str) -> None:
    iam = iam_of(instance)
    iam.detach_role_policy(RoleName=role, PolicyArn=deny_policy(instance))
    # Whoever cut off another instance at this moment found the deny still there.
    if cut_off(tags_of(instance, role)):
        iam.attach_role_policy(RoleName=role, PolicyArn=deny_policy(instance))
    elif carries_deny(instance, role):
        raise refusal(CredentialsNotPutBack, said("credentials:still_denied", role=role))


def _give_back(instance: Instance) -> Said | None:
    """The profile of before; where there was none, none."""
    association = association_of(instance)
    if (association.profile if association else "") == instance.profile:
        return None
    carry(instance, instance.profile)
    if not instance.profile:
        return said("credentials:none_again")
    return said("credentials:again", profile=name_of(instance.profile))
