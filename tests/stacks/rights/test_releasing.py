"""Who may release, and what a release may do: calls that the release role's policy allows or denies."""

import re
from typing import NamedTuple

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from lambdas.domain.containment.credentials import DENY_POLICY, SLOT_TAGS
from lambdas.domain.instance.tags import CASE_TAG, QUARANTINE, ROLE_TAG, STATE_TAG
from tests.stacks.rights.test_permissions import _in_an_account, allowed

RELEASE = "FunctionsReleaseRole"


def test_only_the_state_machine_of_releases_calls_the_function(roles):
    """Whatever a mail says, and whoever takes over what acts on it, cannot reach these rights."""
    calls = {
        role
        for role, statements in roles.items()
        for action, resource, _ in allowed(statements)
        if action.startswith("lambda:") and ("FunctionsRelease." in resource or "*" in resource.removesuffix(":*"))
    }
    assert calls == {"ReleaseMachineRole"}


def test_no_role_of_the_responder_starts_a_release(roles):
    """Only a person does, under an identity of their own."""
    for role, statements in roles.items():
        for action, resource, _ in allowed(statements):
            if not re.fullmatch(r"states:SendTask\w+|(?!states:).*", action):  # an answer to a question starts nothing
                assert "ReleaseMachine" not in resource, role
                assert "*" not in resource, role


def test_nobody_may_assume_the_role_but_lambda(responder):
    role = responder.the("AWS::IAM::Role", RELEASE)[1]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


class Call(NamedTuple):
    what: str
    passes: bool
    action: str
    resources: list
    keys: tuple = ()  # the tag keys of the call
    context: dict = {}  # noqa: RUF012  nobody changes it


EC2, ACCOUNT = "arn:aws:ec2:ap-southeast-2:111122223333:", "111122223333"
INSTANCE, INTERFACE, GROUP = f"{EC2}instance/i-0", f"{EC2}network-interface/eni-0", f"{EC2}security-group/sg-0"
VOLUME, SNAPSHOT = f"{EC2}volume/vol-0", "arn:aws:ec2:ap-southeast-2::snapshot/snap-0"
ELSEWHERE = "arn:aws:ec2:ap-southeast-2:444455556666:instance/i-0"
WEB_ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"
DENY = {"iam:policyarn": f"arn:aws:iam::{ACCOUNT}:policy/{DENY_POLICY}"}
ADMIN = {"iam:policyarn": "arn:aws:iam::aws:policy/AdministratorAccess"}
SCALING = f"arn:aws:autoscaling:ap-southeast-2:{ACCOUNT}:autoScalingGroup:0:autoScalingGroupName/web"
TARGETS = f"arn:aws:elasticloadbalancing:ap-southeast-2:{ACCOUNT}:targetgroup/web/0"
YES, NO = True, False

CALLS = [
    Call("groups of an interface", YES, "ec2:ModifyNetworkInterfaceAttribute", [INTERFACE, INSTANCE, GROUP]),
    Call("of another account", NO, "ec2:ModifyNetworkInterfaceAttribute", [INTERFACE, ELSEWHERE, GROUP]),
    Call("open a group", NO, "ec2:AuthorizeSecurityGroupIngress", [GROUP]),
    Call("termination protection", YES, "ec2:ModifyInstanceAttribute", [INSTANCE]),
    Call("what a volume does", YES, "ec2:ModifyInstanceAttribute", [INSTANCE, VOLUME]),
    Call(
        "the user data",
        NO,
        "ec2:ModifyInstanceAttribute",
        [INSTANCE],
        context={"ec2:attribute/userdata": "#!/bin/sh"},
    ),
    Call("take our tags off", YES, "ec2:DeleteTags", [INSTANCE], (CASE_TAG, STATE_TAG)),
    Call("give one its value again", YES, "ec2:CreateTags", [INSTANCE], (CASE_TAG,)),
    Call("take another tag off", NO, "ec2:DeleteTags", [INSTANCE], ("Name",)),
    Call("take all tags off", NO, "ec2:DeleteTags", [INSTANCE]),
    Call("make a group ours", NO, "ec2:CreateTags", [GROUP], (ROLE_TAG,)),
    Call("out of standby", YES, "autoscaling:ExitStandby", [SCALING]),
    Call("into its group", YES, "autoscaling:AttachInstances", [SCALING]),
    Call("a smaller group", NO, "autoscaling:SetDesiredCapacity", [SCALING]),
    Call("a larger maximum", NO, "autoscaling:UpdateAutoScalingGroup", [SCALING]),
    Call("out of a group", NO, "autoscaling:DetachInstances", [SCALING]),
    Call("register", YES, "elasticloadbalancing:RegisterTargets", [TARGETS]),
    Call("deregister", NO, "elasticloadbalancing:DeregisterTargets", [TARGETS]),
    Call("take the deny off", YES, "iam:DetachRolePolicy", [WEB_ROLE], context=DENY),
    Call("take another policy off", NO, "iam:DetachRolePolicy", [WEB_ROLE], context=ADMIN),
    Call("give a role rights", NO, "iam:AttachRolePolicy", [WEB_ROLE], context=ADMIN),
    Call("name an instance no more", YES, "iam:UntagRole", [WEB_ROLE], (SLOT_TAGS[0],)),
    Call("take another tag off a role", NO, "iam:UntagRole", [WEB_ROLE], ("Team",)),
    Call("name an instance", NO, "iam:TagRole", [WEB_ROLE], (SLOT_TAGS[0],)),
    Call("give the profile back", YES, "ec2:ReplaceIamInstanceProfileAssociation", [INSTANCE]),
    Call("pass its role to EC2", YES, "iam:PassRole", [WEB_ROLE], context={"iam:passedtoservice": "ec2.amazonaws.com"}),
    Call(
        "pass it to a function",
        NO,
        "iam:PassRole",
        [WEB_ROLE],
        context={"iam:passedtoservice": "lambda.amazonaws.com"},
    ),
    Call("start an instance", NO, "ec2:StartInstances", [INSTANCE]),
    Call("terminate an instance", NO, "ec2:TerminateInstances", [INSTANCE]),
    Call("delete a snapshot", NO, "ec2:DeleteSnapshot", [SNAPSHOT]),
    Call("share a snapshot", NO, "ec2:ModifySnapshotAttribute", [SNAPSHOT]),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.action}: {call.what}")
def test_what_the_release_role_can_do(call, roles):
    policy = parse_policy_document({"Statement": _in_an_account(roles[RELEASE])})
    answers = {}
    for arn in call.resources:
        asked = EvalContext(
            principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/Release/x",
            principal_type="AssumedRole",
            principal_account=ACCOUNT,
            action=call.action,
            resource_arn=arn,
            region="ap-southeast-2",
            request_tags=dict.fromkeys(call.keys, QUARANTINE),
            tag_keys=list(call.keys),
            # A call without tags has no such key.
            service_context=call.context if call.keys else {"aws:tagkeys": None, **call.context},
        )
        answers[arn] = evaluate(asked, [policy]).decision
    assert (set(answers.values()) == {"Allow"}) == call.passes, answers
