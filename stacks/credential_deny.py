"""The policy that revokes an instance's credentials, deployed in advance: the responder only attaches it.

IAM is global and these names are fixed, because conditions and the home account refer to them. So an account can have
one responder, or be a member of one.
"""

from typing import Any

from aws_cdk import ArnFormat, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from lambdas.domain.containment.credentials import DENY_POLICY, NO_RIGHTS_PROFILE, NO_RIGHTS_ROLE, SLOT_TAGS


class CredentialDeny(Construct):
    """The deny policy, which reads instance ids from the role's tags, and the instance profile without rights."""

    def __init__(self, scope: Construct, construct_id: str) -> None:
        super().__init__(scope, construct_id)
        role = iam.Role(
            self,
            "EmptyRole",
            role_name=NO_RIGHTS_ROLE,
            assumed_by=iam.ServicePrincipal("ec2.amazonaws.com"),
            # Denies what a bucket or queue policy allows to every role of the account or organisation.
            inline_policies={"Nothing": iam.PolicyDocument(statements=[_deny_all()])},
        )
        profile = iam.InstanceProfile(self, "EmptyProfile", instance_profile_name=NO_RIGHTS_PROFILE, role=role)
        deny = iam.ManagedPolicy(
            self,
            "Deny",
            managed_policy_name=DENY_POLICY,
            # CloudFormation cannot change this text: the fixed name blocks a replacement.
            description="Denies everything to the instances that the tags of the role name",
            statements=[_deny_all({"ArnEquals": {"ec2:SourceInstanceARN": self._denied_instances()}})],
        )
        # Destroying the stack while an instance is cut off must fail at the attached policy, before the profile is
        # deleted: IAM deletes a profile even while instances use it.
        deny.node.add_dependency(profile)

    def _denied_instances(self) -> list[str]:
        """The instances that the role's tags name, in any Region; without a tag none.

        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html (with default values)
        https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ExamplePolicies_EC2.html (ec2:SourceInstanceARN)
        """
        return [
            Stack.of(self).format_arn(
                service="ec2",
                region="*",
                resource="instance",
                resource_name=f"${{aws:PrincipalTag/{key}, 'none'}}",
                arn_format=ArnFormat.SLASH_RESOURCE_NAME,
            )
            for key in SLOT_TAGS
        ]


def _deny_all(conditions: dict[str, Any] | None = None) -> iam.PolicyStatement:
    return iam.PolicyStatement(effect=iam.Effect.DENY, actions=["*"], resources=["*"], conditions=conditions)
