"""How the credentials of one instance are revoked: a deny that names it, and a profile without rights.

The stacks deploy the deny as one managed policy (stacks/credential_deny.py). It denies everything to the sessions of
the instances that the role's own tags name; other instances with the same role keep their rights. A session carries its
instance wherever it is used, so the policy also denies stolen copies of the credentials.
https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html (ec2:SourceInstanceArn)
"""

from collections.abc import Mapping
from typing import Final
from zlib import crc32

from lambdas.domain.instance.instance import Instance, partition_of

# Their names stand in IAM conditions of `contain`, so they are ours to choose, and one for each account.
DENY_POLICY: Final = "AbuseResponderCutInstances"
NO_RIGHTS_PROFILE: Final = "AbuseResponderNoRights"
NO_RIGHTS_ROLE: Final = "AbuseResponderNoRights"

# The tags of a role that name the denied instances, one each. They stand in the deny as policy variables,
# of which AWS's documentation shows none with a colon: so these keys have none, unlike our tags on EC2.
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
SLOT_TAGS: Final = tuple(f"AbuseResponderCut-{number}" for number in range(1, 9))


def deny_policy(instance: Instance) -> str:
    """The ARN of the deny in the instance's account."""
    return f"{_iam(instance)}:policy/{DENY_POLICY}"


def no_rights_profile_arn(instance: Instance) -> str:
    """The ARN of the profile without rights in the instance's account."""
    return f"{_iam(instance)}:instance-profile/{NO_RIGHTS_PROFILE}"


def name_from_arn(arn: str) -> str:
    """The name at the end of the ARN of a role or profile; before it may stand a path.

    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html
    """
    return arn.rpartition("/")[2]


def denied_instances(tags: Mapping[str, str]) -> dict[str, str]:
    """The instances that a role's tags name, by slot."""
    return {key: tags[key] for key in SLOT_TAGS if tags.get(key)}


def slots_of(tags: Mapping[str, str], instance_id: str) -> list[str]:
    """The slots that name an instance: normally one."""
    return [key for key, named in denied_instances(tags).items() if named == instance_id]


def free_slot(tags: Mapping[str, str], instance_id: str) -> str | None:
    """A free slot; None if all are taken.

    Each instance starts at a different slot, so two that are revoked at the same moment seldom collide.
    """
    start = crc32(instance_id.encode()) % len(SLOT_TAGS)
    return next((key for key in (*SLOT_TAGS[start:], *SLOT_TAGS[:start]) if not tags.get(key)), None)


def _iam(instance: Instance) -> str:
    return f"arn:{partition_of(instance.region)}:iam::{instance.account_id}"
