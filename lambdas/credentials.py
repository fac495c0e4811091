"""An instance's credentials as IAM and EC2 show them: its profile, the roles in it, and the instances they deny."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from lambdas.aws import client
from lambdas.domain.containment.credentials import deny_policy, name_from_arn, slots_of
from lambdas.domain.errors import ProfileNotReplaced, ResponderError
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, phrase
from lambdas.step_result import error_phrase, step_error

# The state of an association that is, or is about to be, the instance's own.
_HOLDS = ("associating", "associated")


@dataclass(frozen=True, slots=True)
class ProfileAssociation:
    """An instance's tie to its profile, whose ARN this is. `settled` is False while EC2 is still at it."""

    association_id: str
    profile: str
    settled: bool


def iam_client(instance: Instance) -> Any:
    """The client of IAM for the instance's account; the Region tells its partition."""
    return client("iam", instance.region, instance.account_id)


def read_profile_association(instance: Instance) -> ProfileAssociation | None:
    """The profile that the instance has at this moment. Right after an exchange EC2 shows both; the new one counts."""
    answer = client("ec2", instance.region, instance.account_id).describe_iam_instance_profile_associations(
        Filters=[{"Name": "instance-id", "Values": [instance.instance_id]}, {"Name": "state", "Values": [*_HOLDS]}]
    )
    found = sorted(answer["IamInstanceProfileAssociations"], key=lambda association: _HOLDS.index(association["State"]))
    for finding in found:
        return ProfileAssociation(
            finding["AssociationId"], finding["IamInstanceProfile"]["Arn"], finding["State"] == "associated"
        )
    return None


def set_instance_profile(instance: Instance, profile: str) -> None:
    """Give the instance the profile with this ARN (none if empty), and read it back.

    Raises ProfileNotReplaced if EC2 does not show it yet: that may take some seconds.
    """
    association = read_profile_association(instance)
    if (association.profile if association else "") != profile:
        _exchange(instance, association, profile)
        association = read_profile_association(instance)
    shown = association.profile if association else ""
    if shown != profile or (association and not association.settled):
        name = name_from_arn(shown) or phrase("credentials:none")
        settled = association is None or association.settled
        why = phrase("credentials:shown", profile=name) if settled else phrase("credentials:at_it", profile=name)
        raise step_error(ProfileNotReplaced, why)


def _exchange(instance: Instance, association: ProfileAssociation | None, profile: str) -> None:
    """EC2 replaces the profile of a running instance only; that of a stopped one it calls "not the active association".

    It takes one off and puts one on in either state: https://github.com/aws/aws-cli/issues/5251
    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ReplaceIamInstanceProfileAssociation.html
    """
    ec2 = client("ec2", instance.region, instance.account_id)
    if association and profile:
        try:
            ec2.replace_iam_instance_profile_association(
                AssociationId=association.association_id, IamInstanceProfile={"Arn": profile}
            )
        except ClientError as error:
            if error.response["Error"]["Code"] != "IncorrectState":
                raise
        else:
            return
    if association:
        ec2.disassociate_iam_instance_profile(AssociationId=association.association_id)
    if profile:
        ec2.associate_iam_instance_profile(InstanceId=instance.instance_id, IamInstanceProfile={"Arn": profile})


def roles_of(instance: Instance, profile: str) -> list[str]:
    """The names of the roles in a profile: one; none where somebody took it out, or deleted the profile."""
    try:
        answer = iam_client(instance).get_instance_profile(InstanceProfileName=name_from_arn(profile))
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return []
    return [str(role["RoleName"]) for role in answer["InstanceProfile"]["Roles"]]


def roles_that_deny(instance: Instance) -> list[str]:
    """The names of the roles whose tags deny the instance."""
    pages = (
        iam_client(instance)
        .get_paginator("list_entities_for_policy")
        .paginate(PolicyArn=deny_policy(instance), EntityFilter="Role")
    )
    try:
        carrying = [str(role["RoleName"]) for page in pages for role in page["PolicyRoles"]]
    except ClientError as error:
        if error.response["Error"]["Code"] != "NoSuchEntity":
            raise
        return []  # the deny went away with the deployment
    return [role for role in carrying if slots_of(tags_of(instance, role), instance.instance_id)]


def tags_of(instance: Instance, role: str) -> dict[str, str]:
    """The tags of a role."""
    pages = iam_client(instance).get_paginator("list_role_tags").paginate(RoleName=role)
    return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def has_deny_policy(instance: Instance, role: str) -> bool:
    """Whether the deny is attached to a role."""
    pages = iam_client(instance).get_paginator("list_attached_role_policies").paginate(RoleName=role)
    return deny_policy(instance) in {policy["PolicyArn"] for page in pages for policy in page["AttachedPolicies"]}


def attempt(part: Callable[[], Phrase | None]) -> tuple[Phrase | None, bool]:
    """The phrase about a part, and whether it is done. An error in one part does not stop the others."""
    try:
        return part(), True
    except (ClientError, BotoCoreError, ResponderError) as error:
        return error_phrase(error), False
