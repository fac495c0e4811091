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
from lambdas.domain.before import Before
from lambdas.domain.credentials import cut_off, deny_policy, empty_profile, name_of, slots_of
from lambdas.domain.errors import CredentialsNotPutBack
from lambdas.domain.instance import Instance
from lambdas.domain.release import obstacle
from lambdas.now import read_now


def put_back_credentials(event: dict[str, Any]) -> dict[str, Any]:
    """Take the instance out of the roles that name it, and our profile off it; other instances stay cut off.

    A profile that somebody gave it since is left, unless `force` is true. Neither part waits for the other; where one
    fails, CredentialsNotPutBack says what is put back and what is not.
    """
    before = Before.from_json(event["before"])
    instance, now = before.instance, read_now(event["case"]["id"], before, None, ())
    if now.holder:  # what it was cut off from for that case stays so; of one that is gone the role may forget
        return {"outcome": "skipped", "words": obstacle(now)}
    roles = dict.fromkeys(
        (*(roles_of(instance, instance.profile) if instance.profile else ()), *roles_denying(instance))
    )
    left = "" if event["force"] else _given_since(instance)
    parts = [tried(partial(_allow, instance, role)) for role in roles]
    if not left:
        parts.append(tried(partial(_give_back, instance)))
    words = "; ".join(words for words, _ in parts if words)
    if not all(done for _, done in parts):
        raise CredentialsNotPutBack("; ".join(filter(None, (words, left))))
    if left or not words:
        return {"outcome": "skipped", "words": "; ".join(filter(None, (words, left))) or "it stands as before"}
    return {"outcome": "done", "words": f"{words}; IAM takes some seconds to spread it"}


def _given_since(instance: Instance) -> str:
    """The profile that somebody gave the instance after ours, in words; empty where nobody did."""
    association = association_of(instance)
    if association is None or association.profile in {instance.profile, empty_profile(instance)}:
        return ""
    was = name_of(instance.profile) or "none"
    return f"left: somebody gave it profile {name_of(association.profile)} since; before it had {was}"


def _allow(instance: Instance, role: str) -> str:
    """Take the instance out of its slot, and the deny off a role that denies nobody anything any more."""
    iam = iam_of(instance)
    slots = slots_of(tags_of(instance, role), instance.instance_id)
    if slots:
        iam.untag_role(RoleName=role, TagKeys=slots)
    tags = tags_of(instance, role)
    if slots_of(tags, instance.instance_id):
        raise CredentialsNotPutBack(f"IAM still shows the instance in a slot of role {role}")
    carried = carries_deny(instance, role)
    if carried and not cut_off(tags):
        _detach(instance, role)
    return f"role {role} denies it nothing any more" if slots or carried else ""


def _detach(instance: Instance, role: str) -> None:
    iam = iam_of(instance)
    iam.detach_role_policy(RoleName=role, PolicyArn=deny_policy(instance))
    # Whoever cut off another instance at this moment found the deny still there.
    if cut_off(tags_of(instance, role)):
        iam.attach_role_policy(RoleName=role, PolicyArn=deny_policy(instance))
    elif carries_deny(instance, role):
        raise CredentialsNotPutBack(f"IAM still shows the deny on role {role}")


def _give_back(instance: Instance) -> str:
    """The profile of before; where there was none, none."""
    association = association_of(instance)
    if (association.profile if association else "") == instance.profile:
        return ""
    carry(instance, instance.profile)
    return f"its profile is {name_of(instance.profile)} again" if instance.profile else "it has no profile, as before"
