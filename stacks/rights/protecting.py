"""The deny that keeps protected resources as they are, for every role that changes something in EC2."""

import re
from collections.abc import Iterable
from typing import Final

from aws_cdk import aws_iam as iam

from lambdas.domain.settings.settings import Settings

# The changes whose resources people tag. PassRole never has the tags of its role:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html
_CHANGES: Final = re.compile(r"((?:autoscaling|ec2|elasticloadbalancing|iam):(?!Describe|Get|List|Pass)[A-Z][a-z]+)\w+")
# What no role of the responder may do to an instance, should somebody allow it.
_WORSE: Final = ("ec2:Delete*", "ec2:Reboot*", "ec2:Stop*", "ec2:Terminate*")


def never_touch_protected(allowed: Iterable[iam.PolicyStatement], settings: Settings) -> iam.PolicyStatement:
    """Deny every kind of change that these statements allow, and worse, on each resource with the protect tag.

    A kind is the verb of an action, such as `ec2:Modify*`: the list is shorter, and holds what somebody allows later.

    It reads the tag of the resource that a call is authorised on: an instance, and just so a role, an Auto Scaling
    group or a target group. A call on what an instance belongs to does not have the instance's tags: before these
    calls the function itself reads them (lambdas/contain/unless_protected.py).
    https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html
    """
    actions = [_CHANGES.fullmatch(action) for statement in allowed for action in statement.actions]
    changes = {f"{action[1]}*" for action in actions if action}
    return iam.PolicyStatement(
        sid="NeverTouchProtected",
        effect=iam.Effect.DENY,
        actions=sorted(changes.union(_WORSE)),
        resources=["*"],
        conditions={"Null": {f"aws:ResourceTag/{settings.protect_tag}": "false"}},
    )
