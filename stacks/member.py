"""A member account's roles for the responder, and what the home account's functions need to assume them."""

from dataclasses import dataclass

from aws_cdk import BootstraplessSynthesizer, CfnOutput, CfnParameter, Stack
from aws_cdk import aws_iam as iam
from constructs import Construct

from lambdas.domain.settings.member_roles import CONTAIN_ROLE, HOME_CONTAIN_ROLE, HOME_RELEASE_ROLE, RELEASE_ROLE
from lambdas.domain.settings.settings import MemberAccounts, Settings
from stacks.credential_deny import CredentialDeny
from stacks.rights.allow import allow
from stacks.rights.containing import acknowledge_containing, contain_permissions
from stacks.rights.releasing import acknowledge_releasing, release_permissions


class AbuseResponderMember(Stack):
    """Lets only the home account's functions act on instances of the account it is deployed in.

    Deployed with that account's credentials or as a StackSet, without bootstrap or assets. The home account is a
    parameter, so the template is the same for all members.
    """

    def __init__(self, scope: Construct, construct_id: str, *, settings: Settings, members: MemberAccounts) -> None:
        super().__init__(
            scope,
            construct_id,
            synthesizer=BootstraplessSynthesizer(),
            description="Lets abuse-responder, in another account, contain instances of this one and release them",
        )
        self._members = members
        self._home = CfnParameter(
            self,
            "HomeAccount",
            allowed_pattern="[0-9]{12}",
            constraint_description="an account id of 12 digits",
            description="The account in which AbuseResponder is deployed",
        )
        contain = self._role("Contain", CONTAIN_ROLE, trusting=HOME_CONTAIN_ROLE)
        for statement in contain_permissions(self, settings):
            contain.add_to_policy(statement)
        acknowledge_containing(self, contain)
        release = self._role("Release", RELEASE_ROLE, trusting=HOME_RELEASE_ROLE)
        for statement in release_permissions(self, settings):
            release.add_to_policy(statement)
        acknowledge_releasing(self, release)
        CredentialDeny(self, "CutOff")

    def _role(self, construct_id: str, name: str, *, trusting: str) -> iam.Role:
        """A role for one function of the home account.

        It trusts the account, limited by a condition to the function's role. A role as the principal would have to
        exist first, and would lose the trust if it were recreated:
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
        For a session of a role, aws:PrincipalArn is the role's ARN:
        https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
        """
        home = self._home.value_as_string
        role = iam.Role(
            self,
            construct_id,
            role_name=name,
            description="What abuse-responder in the home account can do here",
            assumed_by=iam.AccountPrincipal(home).with_conditions(
                {
                    "ArnEquals": {"aws:PrincipalArn": f"arn:{self.partition}:iam::{home}:role/{trusting}"},
                    "StringEquals": {"sts:ExternalId": self._members.external_id},
                }
            ),
        )
        CfnOutput(
            self, f"{construct_id}RoleArn", value=role.role_arn, description="The role that the home account assumes"
        )
        return role


@dataclass(frozen=True)
class MemberAccess:
    """What a home account's function needs: `own_role` is the role name that members trust, None without members."""

    own_role: str | None
    permissions: list[iam.PolicyStatement]


def member_access(stack: Stack, settings: Settings, *, own_role: str, their_role: str) -> MemberAccess:
    """Lets the function with `own_role` assume `their_role` in each member account."""
    members = settings.members
    return MemberAccess(
        own_role=own_role if members else None,
        permissions=[
            allow(
                "ActForMembers",
                ["sts:AssumeRole"],
                [f"arn:{stack.partition}:iam::{account}:role/{their_role}" for account in members.accounts],
            )
        ]
        if members
        else [],
    )
