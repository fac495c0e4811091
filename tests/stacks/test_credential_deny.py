"""The deny that cuts an instance off, as it is deployed, asked about real calls; and the profile that gives nothing."""

import json
import re

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from lambdas.domain.containment.credentials import DENY_POLICY, NO_RIGHTS_PROFILE, NO_RIGHTS_ROLE, SLOT_TAGS
from tests.stacks.assembly import plain
from tests.stacks.test_responder import SETTINGS

ACCOUNT = "111122223333"
CUT, OTHER = "i-0a7b1dd0e3f94c256", "i-0b57a4de7b57a4de7"
EVERYTHING = parse_policy_document({"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]})


def in_an_account(document):
    """A policy's document with an account's values for the template's parameters."""
    text = json.dumps(plain(document))
    return json.loads(text.replace("${AWS::Partition}", "aws").replace("${AWS::AccountId}", ACCOUNT))


@pytest.fixture(scope="session")
def deny(responder):
    _, policy = responder.the("AWS::IAM::ManagedPolicy", "CutOffDeny")
    assert policy["ManagedPolicyName"] == DENY_POLICY
    return in_an_account(policy["PolicyDocument"])


@pytest.fixture(scope="session")
def contain(responder):
    """The policy of the function `contain`."""
    key, _ = responder.the("AWS::IAM::Role", "FunctionsContainRole")
    (policy,) = [
        resource for resource in responder.properties("AWS::IAM::Policy").values() if {"Ref": key} in resource["Roles"]
    ]
    return parse_policy_document(in_an_account(policy["PolicyDocument"]))


def substituted(document, tags):
    """The document as IAM evaluates it for a principal with these tags: the evaluator here knows no policy variables.

    A variable whose tag is there becomes its value, taken literally; one whose tag is not there becomes its default.
    https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_variables.html
    """
    assert document["Version"] == "2012-10-17"  # before it, a variable is plain text
    variable = re.compile(r"\$\{aws:PrincipalTag/([^},]+), '([^']*)'\}")
    text = variable.sub(lambda found: tags.get(found[1], found[2]), json.dumps(document))
    assert "${" not in text
    return json.loads(text)


def answer(deny, tags, session_of, action="s3:GetObject", resource="arn:aws:s3:::shop/orders"):
    """What IAM says to a role that may do everything and carries the deny; `session_of` is an instance's ARN."""
    asked = EvalContext(
        principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/web/x",
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region="eu-central-1",
        request_tags={},
        tag_keys=[],
        service_context={"ec2:sourceinstancearn": session_of} if session_of else {},
    )
    return evaluate(asked, [EVERYTHING, parse_policy_document(substituted(deny, tags))]).decision


def arn(instance_id, region="eu-central-1", account=ACCOUNT):
    return f"arn:aws:ec2:{region}:{account}:instance/{instance_id}"


@pytest.mark.parametrize("slot", SLOT_TAGS)
@pytest.mark.parametrize("action", ["s3:GetObject", "iam:DetachRolePolicy", "iam:UntagRole", "sts:AssumeRole"])
def test_a_named_instance_is_denied_everything(deny, slot, action):
    assert answer(deny, {slot: CUT}, arn(CUT), action) == "Deny"


@pytest.mark.parametrize("region", ["us-east-1", "ap-northeast-1"])
def test_in_whatever_region_it_is(deny, region):
    assert answer(deny, {SLOT_TAGS[0]: CUT}, arn(CUT, region)) == "Deny"


@pytest.mark.parametrize(
    "session_of",
    [arn(OTHER), arn(CUT[:-1]), arn(f"{CUT}0"), arn(CUT, account="444455556666"), None],
    ids=["another instance", "a part of its id", "more than its id", "another account", "no instance"],
)
def test_everybody_else_with_the_role_is_not(deny, session_of):
    """A person, a function or a pipeline that assumes the role has no session of an instance."""
    assert answer(deny, {SLOT_TAGS[0]: CUT}, session_of) == "Allow"


@pytest.mark.parametrize("tags", [{}, {SLOT_TAGS[0]: ""}, {"Team": CUT}, {"AbuseResponder:Cut-1": CUT}])
def test_a_role_that_names_nobody_denies_nobody_anything(deny, tags):
    for session_of in (arn(CUT), arn(OTHER), None):
        assert answer(deny, tags, session_of) == "Allow"


def test_as_many_are_denied_as_there_are_slots(deny):
    cut = {key: f"i-{number:017x}" for number, key in enumerate(SLOT_TAGS)}
    assert {answer(deny, cut, arn(instance_id)) for instance_id in cut.values()} == {"Deny"}
    assert answer(deny, cut, arn(OTHER)) == "Allow"


def test_the_deny_can_give_nobody_anything_and_fits_into_a_policy(deny):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html: 6,144 characters."""
    (statement,) = deny["Statement"]
    assert (statement["Effect"], statement["Action"], statement["Resource"]) == ("Deny", "*", "*")
    assert list(statement["Condition"]) == ["ArnEquals"]
    assert list(statement["Condition"]["ArnEquals"]) == ["ec2:SourceInstanceARN"]
    assert len(statement["Condition"]["ArnEquals"]["ec2:SourceInstanceARN"]) == len(SLOT_TAGS)
    assert len(json.dumps(deny)) < 6144


def test_the_empty_role_is_given_nothing_and_denied_what_others_give_it(responder):
    key, role = responder.the("AWS::IAM::Role", "CutOffEmptyRole")
    assert role["RoleName"] == NO_RIGHTS_ROLE
    (policy,) = role["Policies"]
    assert policy["PolicyDocument"]["Statement"] == [{"Effect": "Deny", "Action": "*", "Resource": "*"}]
    assert "ManagedPolicyArns" not in role
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "ec2.amazonaws.com"}
    _, profile = responder.the("AWS::IAM::InstanceProfile", "CutOffEmptyProfile")
    assert profile == {"InstanceProfileName": NO_RIGHTS_PROFILE, "Roles": [{"Ref": key}]}


def test_destroyed_while_an_instance_is_cut_off_it_fails_before_the_profile_is_gone(responder):
    """IAM deletes no policy that is attached, and what depends on the profile is deleted before it."""
    (policy,) = responder.of("AWS::IAM::ManagedPolicy").values()
    (profile,) = responder.of("AWS::IAM::InstanceProfile")
    assert profile in policy["DependsOn"]


WEB = f"arn:aws:iam::{ACCOUNT}:role/shop/web"
NO_RIGHTS = f"arn:aws:iam::{ACCOUNT}:role/{NO_RIGHTS_ROLE}"
OUR_DENY = {"iam:policyarn": f"arn:aws:iam::{ACCOUNT}:policy/{DENY_POLICY}"}
EMPTY = {"ec2:newinstanceprofile": f"arn:aws:iam::{ACCOUNT}:instance-profile/{NO_RIGHTS_PROFILE}"}
TO_EC2 = {"iam:passedtoservice": "ec2.amazonaws.com"}
PROTECTED = {f"aws:resourcetag/{SETTINGS.protect_tag.lower()}": ""}
YES, NO = True, False

# What "contain" does with roles and profiles, and what whoever takes it over would like to do.
CALLS = [
    ("attach the deny", YES, "iam:AttachRolePolicy", WEB, OUR_DENY, {}),
    ("attach any rights", NO, "iam:AttachRolePolicy", WEB, {"iam:policyarn": "arn:aws:iam::aws:policy/Any"}, {}),
    ("to a role of another account", NO, "iam:AttachRolePolicy", WEB.replace(ACCOUNT, "444455556666"), OUR_DENY, {}),
    ("take the deny off", NO, "iam:DetachRolePolicy", WEB, OUR_DENY, {}),
    ("write rights into the role", NO, "iam:PutRolePolicy", WEB, {}, {}),
    ("write the deny anew", NO, "iam:CreatePolicyVersion", OUR_DENY["iam:policyarn"], {}, {}),
    ("let itself assume it", NO, "iam:UpdateAssumeRolePolicy", WEB, {}, {}),
    ("name an instance", YES, "iam:TagRole", WEB, {}, {SLOT_TAGS[0]: CUT}),
    ("set another tag", NO, "iam:TagRole", WEB, {}, {"Team": "mine"}),
    ("set another tag beside", NO, "iam:TagRole", WEB, {}, {SLOT_TAGS[0]: CUT, "Team": "mine"}),
    ("set no tag", NO, "iam:TagRole", WEB, {}, {}),
    ("name it no more", NO, "iam:UntagRole", WEB, {}, {SLOT_TAGS[0]: ""}),
    ("give the empty profile", YES, "ec2:ReplaceIamInstanceProfileAssociation", arn(CUT), EMPTY, {}),
    ("to a stopped one", YES, "ec2:AssociateIamInstanceProfile", arn(CUT), EMPTY, {}),
    ("after taking its own off", YES, "ec2:DisassociateIamInstanceProfile", arn(CUT), {}, {}),
    (
        "give another profile",
        NO,
        "ec2:ReplaceIamInstanceProfileAssociation",
        arn(CUT),
        {"ec2:newinstanceprofile": f"arn:aws:iam::{ACCOUNT}:instance-profile/admin"},
        {},
    ),
    ("to a protected instance", NO, "ec2:ReplaceIamInstanceProfileAssociation", arn(CUT), EMPTY | PROTECTED, {}),
    ("to a protected, stopped one", NO, "ec2:AssociateIamInstanceProfile", arn(CUT), EMPTY | PROTECTED, {}),
    ("take a protected one's off", NO, "ec2:DisassociateIamInstanceProfile", arn(CUT), PROTECTED, {}),
    ("pass the empty role", YES, "iam:PassRole", NO_RIGHTS, TO_EC2, {}),
    ("pass another role", NO, "iam:PassRole", WEB, TO_EC2, {}),
    ("pass it to a function", NO, "iam:PassRole", NO_RIGHTS, {"iam:passedtoservice": "lambda.amazonaws.com"}, {}),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[2]}: {call[0]}")
def test_what_contain_can_do_to_roles_and_profiles(contain, call):
    _, passes, action, resource, context, tags = call
    asked = EvalContext(
        principal_arn=f"arn:aws:sts::{ACCOUNT}:assumed-role/Contain/x",
        principal_type="AssumedRole",
        principal_account=ACCOUNT,
        action=action,
        resource_arn=resource,
        region="eu-central-1",
        request_tags=tags,
        tag_keys=list(tags),
        service_context=context if tags else {**context, "aws:tagkeys": None},
    )
    assert (evaluate(asked, [contain]).decision == "Allow") == passes
