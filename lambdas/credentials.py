"""What IAM and EC2 show of an instance's credentials: its profile, the roles behind it, and who is cut off them."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.domain.credentials import deny_policy, name_of
from lambdas.domain.instance import Instance

# The state of an association that is, or is about to be, the instance's own.
_HOLDS = ("associating", "associated")


@dataclass(frozen=True, slots=True)
class Association:
    """An instance's tie to its profile, whose ARN this is. `settled` is False while EC2 is still at it."""

    association_id: str
    profile: str
    settled: bool


def iam_of(instance: Instance) -> Any:
    """The client of IAM for the instance's account; the Region tells its partition."""
    return client("iam", instance.region, instance.account_id)


def association_of(instance: Instance) -> Association | None:
    """The profile that the instance has at this moment. Right after an exchange EC2 shows both; the new one counts."""
    answer = client("ec2", instance.region, instance.account_id).describe_iam_instance_profile_associations(
        Filters=[{"Name": "instance-id", "Values": [instance.instance_id]}, {"Name": "state", "Values": [*_HOLDS]}]
    )
    found = sorted(answer["IamInstanceProfileAssociations"], key=lambda one: _HOLDS.index(one["State"]))
    for one in found:
        return Association(one["AssociationId"], one["IamInstanceProfile"]["Arn"], one["State"] == "associated")
    return None


def exchange_profile(instance: Instance, association: Association | None, profile: str) -> None:
    """Give the instance the profile of this ARN, or none where it is empty.

    EC2 replaces the profile of a running instance only and calls that of a stopped one "not the active association",
    while it takes one off and puts one on in either state: https://github.com/aws/aws-cli/issues/5251
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
    iam = iam_of(instance)
    try:
        answer = iam.get_instance_profile(InstanceProfileName=name_of(profile))
    except iam.exceptions.NoSuchEntityException:
        return []
    return [str(role["RoleName"]) for role in answer["InstanceProfile"]["Roles"]]


def tags_of(instance: Instance, role: str) -> dict[str, str]:
    """The tags of a role."""
    pages = iam_of(instance).get_paginator("list_role_tags").paginate(RoleName=role)
    return {tag["Key"]: tag["Value"] for page in pages for tag in page["Tags"]}


def carries_deny(instance: Instance, role: str) -> bool:
    """Whether the deny is attached to a role."""
    pages = iam_of(instance).get_paginator("list_attached_role_policies").paginate(RoleName=role)
    return deny_policy(instance) in {one["PolicyArn"] for page in pages for one in page["AttachedPolicies"]}
