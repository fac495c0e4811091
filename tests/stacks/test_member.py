"""Member accounts: what they let the home account's functions do, and what these are given to do it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from aws_cdk import App
from cdk_nag import AwsSolutionsChecks

from app import build
from lambdas.domain.containment.credentials import DENY_POLICY, NO_RIGHTS_PROFILE
from lambdas.domain.settings.member_roles import CONTAIN_ROLE, HOME_CONTAIN_ROLE, HOME_RELEASE_ROLE, RELEASE_ROLE
from tests.stacks.assembly import ROOT, Template, plain

ACCOUNTS = ["444455556666", "777788889999"]
EXTERNAL_ID = "k7f3q9-abuse-responder"
# For each role of a member: the role of the home account that it trusts.
ROLES = {CONTAIN_ROLE: HOME_CONTAIN_ROLE, RELEASE_ROLE: HOME_RELEASE_ROLE}
# The construct ids of the functions' roles at home.
FUNCTIONS = {CONTAIN_ROLE: "FunctionsContainRole", RELEASE_ROLE: "FunctionsReleaseRole"}


@pytest.fixture(scope="module")
def stacks(tmp_path_factory):
    """AbuseResponder and AbuseResponderMember of a responder with members, and what cdk-nag finds."""
    out = tmp_path_factory.mktemp("cdk.out")
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    context["responder"]["members"] = {"accounts": ACCOUNTS, "external_id": EXTERNAL_ID}
    app = App(outdir=str(out), context=context)
    build(app)
    report = AwsSolutionsChecks(app, verbose=True).validate_scope(app)
    app.synth()
    home, member = (
        Template(file, json.loads(file.read_text()))
        for file in (out / f"{name}.template.json" for name in ("AbuseResponder", "AbuseResponderMember"))
    )
    return home, member, report


@pytest.fixture(scope="module")
def home(stacks):
    return stacks[0]


@pytest.fixture(scope="module")
def member(stacks):
    return stacks[1]


def listed(value):
    return value if isinstance(value, list) else [value]


def the_role(template, name):
    ((key, role),) = [
        (key, role_properties)
        for key, role_properties in template.properties("AWS::IAM::Role").items()
        if _name(role_properties) == name
    ]
    return key, role


def _name(role):
    return role.get("RoleName")


def statements(template, key):
    """What the policies of a role say, in a fixed order."""
    found = [
        plain(statement)
        for kind in ("AWS::IAM::Policy", "AWS::IAM::ManagedPolicy")  # the CDK moves there what is too long
        for policy in template.properties(kind).values()
        if {"Ref": key} in policy.get("Roles", ())
        for statement in policy["PolicyDocument"]["Statement"]
    ]
    return sorted(found, key=lambda finding: json.dumps(finding, sort_keys=True))


def test_no_members_no_stack_and_no_names():
    """A name of ours is only for another account to know: most deployments have none."""
    app = App(context={"responder": json.loads((ROOT / "cdk.json").read_text())["context"]["responder"]})
    build(app)
    assert app.node.try_find_child("AbuseResponderMember") is None


@pytest.mark.parametrize("name", ROLES)
def test_only_one_role_of_the_home_account_may_assume_it(member, name):
    _, role = the_role(member, name)
    (trust,) = plain(role["AssumeRolePolicyDocument"]["Statement"])
    assert trust == {
        "Effect": "Allow",
        "Action": "sts:AssumeRole",
        "Principal": {"AWS": "arn:${AWS::Partition}:iam::${HomeAccount}:root"},
        "Condition": {
            "ArnEquals": {"aws:PrincipalArn": f"arn:${{AWS::Partition}}:iam::${{HomeAccount}}:role/{ROLES[name]}"},
            "StringEquals": {"sts:ExternalId": EXTERNAL_ID},
        },
    }


@pytest.mark.parametrize("name", ROLES)
def test_the_function_at_home_bears_the_name_that_is_trusted(home, name):
    key, role = the_role(home, ROLES[name])
    assert re.sub("[0-9A-F]{8}$", "", key) == FUNCTIONS[name]
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}


@pytest.mark.parametrize("name", ROLES)
def test_a_member_gives_what_the_home_account_gives_and_nothing_that_is_kept_at_home(home, member, name):
    theirs = statements(member, the_role(member, name)[0])
    ours = statements(home, the_role(home, ROLES[name])[0])
    assert theirs
    assert [their for their in theirs if their not in ours] == []
    kept_at_home = {action for our in ours if our not in theirs for action in listed(our["Action"])}
    assert {action.split(":")[0] for action in kept_at_home} <= {"dynamodb", "kms", "logs", "s3", "states", "sts"}


@pytest.mark.parametrize("name", ROLES)
def test_home_assumes_that_role_of_the_members_and_no_other(home, name):
    (assume,) = [
        statement for statement in statements(home, the_role(home, ROLES[name])[0]) if "sts" in str(statement["Action"])
    ]
    assert (assume["Effect"], assume["Action"]) == ("Allow", "sts:AssumeRole")
    assert assume["Resource"] == [f"arn:${{AWS::Partition}}:iam::{account}:role/{name}" for account in ACCOUNTS]


def test_nobody_else_at_home_assumes_anything(home):
    named = {the_role(home, own)[0] for own in ROLES.values()}
    for policy in home.properties("AWS::IAM::Policy").values():
        may = json.dumps(policy["PolicyDocument"])
        assert "sts:" not in may or {role["Ref"] for role in policy["Roles"]} <= named


@pytest.mark.parametrize("name", ROLES)
def test_the_function_knows_its_account_the_members_and_the_role(home, name):
    key, _ = the_role(home, ROLES[name])
    (function,) = [
        properties
        for properties in home.properties("AWS::Lambda::Function").values()
        if properties["Role"] == {"Fn::GetAtt": [key, "Arn"]}
    ]
    given = plain(function["Environment"]["Variables"])
    assert given["ACCOUNT_ID"] == "${AWS::AccountId}"
    assert json.loads(given["MEMBER_ACCOUNTS"]) == list(ACCOUNTS)
    assert given["MEMBER_ROLE"] == name
    assert given["MEMBER_EXTERNAL_ID"] == EXTERNAL_ID


def test_the_policy_rules_know_the_members(home):
    _, read = home.the("AWS::Lambda::Function", "FunctionsRead")
    assert json.loads(read["Environment"]["Variables"]["MEMBER_ACCOUNTS"]) == list(ACCOUNTS)


def test_a_member_needs_no_bootstrapped_account_and_asks_for_the_home_account(member):
    """So that one template serves as a StackSet in accounts that know no CDK."""
    assert list(member.json["Parameters"]) == ["HomeAccount"]
    assert member.json["Parameters"]["HomeAccount"]["AllowedPattern"] == "[0-9]{12}"
    assert "Default" not in member.json["Parameters"]["HomeAccount"]
    assert len(json.dumps(member.json)) < 51_200  # more would take a bucket


def test_what_cuts_an_instance_off_is_the_same_in_both_accounts(home, member):
    for kind, name in (("AWS::IAM::ManagedPolicy", DENY_POLICY), ("AWS::IAM::InstanceProfile", NO_RIGHTS_PROFILE)):
        theirs, ours = (
            [resource for resource in stack.properties(kind).values() if name in resource.values()]
            for stack in (member, home)
        )
        assert plain(theirs) == plain(ours) != []


def test_a_member_has_no_key_bucket_or_function(member):
    assert {resource["Type"] for resource in member.json["Resources"].values()} <= {
        "AWS::IAM::InstanceProfile",
        "AWS::IAM::ManagedPolicy",
        "AWS::IAM::Policy",
        "AWS::IAM::Role",
    }


def test_the_template_names_no_account_no_region_and_no_partition(member):
    text = json.dumps(member.json["Resources"])
    assert not re.search(r"arn:aws[a-z-]*:", text)
    assert not re.search(r"\b\d{12}\b", text)


def test_both_sides_put_out_what_the_other_needs(home, member):
    assert home.json["Outputs"]["HomeAccount"]["Value"] == {"Ref": "AWS::AccountId"}
    for name in ROLES:
        key, _ = the_role(member, name)
        assert {"Fn::GetAtt": [key, "Arn"]} in [output["Value"] for output in member.json["Outputs"].values()]
    assert all(len(output.get("Description", "")) > 20 for output in member.json["Outputs"].values())


def test_cdk_nag_finds_nothing(stacks):
    found = [
        f"{violation.rule_name}: {where.construct_path}"
        for violation in stacks[2].violations
        for where in violation.violating_resources
    ]
    assert found == []


def test_cfn_lint_finds_nothing(stacks):
    lint = [Path(sys.executable).with_name("cfn-lint"), "--regions", "eu-west-1", "--ignore-checks", "W3005", "--"]
    done = subprocess.run(
        [*lint, *(str(stack.file) for stack in stacks[:2])], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
