"""Roles and instance profiles in Moto's IAM, beside what stacks/credential_deny.py deploys; and what became of them."""

import json

from lambdas.domain.containment.credentials import DENY_POLICY, NO_RIGHTS_PROFILE, NO_RIGHTS_ROLE, SLOT_TAGS
from tests.samples import ACCOUNT, INSTANCE

DENY = f"arn:aws:iam::{ACCOUNT}:policy/{DENY_POLICY}"
READ = f"arn:aws:iam::{ACCOUNT}:policy/Read"
NOTHING = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]})


class Profiles:
    """The account's roles; each has a profile of its name."""

    def __init__(self, client, region):
        self.iam, self.ec2 = client("iam", region), client("ec2", region)
        for policy in (DENY_POLICY, "Read"):
            self.iam.create_policy(PolicyName=policy, PolicyDocument=NOTHING)
        self.make(NO_RIGHTS_ROLE, profile=NO_RIGHTS_PROFILE)

    def make(self, role, *, profile=None, path="/", tags=None, policies=()):
        """A role in a profile; the profile's ARN."""
        self.iam.create_role(
            RoleName=role,
            Path=path,
            AssumeRolePolicyDocument=NOTHING,
            Tags=[{"Key": key, "Value": value} for key, value in (tags or {}).items()],
        )
        for policy in policies:
            self.iam.attach_role_policy(RoleName=role, PolicyArn=policy)
        made = self.iam.create_instance_profile(InstanceProfileName=profile or role, Path=path)["InstanceProfile"]
        self.iam.add_role_to_instance_profile(InstanceProfileName=profile or role, RoleName=role)
        return made["Arn"]

    def give(self, profile, instance_id=INSTANCE):
        """Let an instance have the profile, which somebody may do at any time."""
        for association in self._associations(instance_id):
            self.ec2.disassociate_iam_instance_profile(AssociationId=association["AssociationId"])
        self.ec2.associate_iam_instance_profile(InstanceId=instance_id, IamInstanceProfile={"Arn": profile})

    def of(self, instance_id=INSTANCE):
        """The ARN of the profile that an instance has, None if it has none."""
        associations = self._associations(instance_id)
        return associations[0]["IamInstanceProfile"]["Arn"] if associations else None

    def tags(self, role):
        return {tag["Key"]: tag["Value"] for tag in self.iam.list_role_tags(RoleName=role)["Tags"]}

    def cut(self, role):
        """The instances that a role names, sorted."""
        return sorted(value for key, value in self.tags(role).items() if key in SLOT_TAGS)

    def policies(self, role):
        attached = self.iam.list_attached_role_policies(RoleName=role)["AttachedPolicies"]
        return {policy["PolicyArn"] for policy in attached}

    def _associations(self, instance_id):
        return self.ec2.describe_iam_instance_profile_associations(
            Filters=[{"Name": "instance-id", "Values": [instance_id]}]
        )["IamInstanceProfileAssociations"]
