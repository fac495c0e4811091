"""What `contain` may do only where the settings ask for it: lock and copy the snapshots of its cases."""

import json
from dataclasses import replace

import pytest
from aws_cdk import App, Stack
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from lambdas.domain.instance.tags import CASE_TAG, COPY_TAG, INSTANCE_TAG
from stacks.rights.containing import contain_permissions
from tests.stacks.assembly import plain
from tests.stacks.test_responder import SETTINGS

DAYS, ALIAS = 90, "alias/forensics"
ASKED = replace(SETTINGS, snapshot_lock_days=DAYS, snapshot_copy_key=ALIAS)

SNAPSHOT = "arn:aws:ec2:ap-southeast-2::snapshot/snap-0"
KEY = "arn:aws:kms:ap-southeast-2:111122223333:key/0"
OF_A_CASE = {f"aws:resourcetag/{CASE_TAG.lower()}": "10468407181"}
BY_EC2 = {"kms:viaservice": "ec2.ap-southeast-2.amazonaws.com"}
OUR_KEY = {**BY_EC2, "kms:resourcealiases": [ALIAS]}
OTHER_KEY = {**BY_EC2, "kms:resourcealiases": ["alias/other"]}
TAGS = {CASE_TAG: "10468407181", INSTANCE_TAG: "i-0", COPY_TAG: "snap-0"}


def statements(settings):
    """What `contain_permissions` says, in an account."""
    stack = Stack(App(), "Stack")
    said = plain([stack.resolve(permission.to_statement_json()) for permission in contain_permissions(stack, settings)])
    text = json.dumps(said).replace("${AWS::Partition}", "aws").replace("${AWS::AccountId}", "111122223333")
    return json.loads(text)


def passes(settings, action, resource, context, tags=()):
    """Whether a call passes, as an evaluator says of the policy."""
    asked = EvalContext(
        principal_arn="arn:aws:sts::111122223333:assumed-role/Contain/x",
        principal_type="AssumedRole",
        principal_account="111122223333",
        action=action,
        resource_arn=resource,
        region="ap-southeast-2",
        request_tags=dict(tags),
        tag_keys=list(dict(tags)),
        service_context=context,
    )
    return evaluate(asked, [parse_policy_document({"Statement": statements(settings)})]).decision == "Allow"


def days(number):
    return {**OF_A_CASE, "ec2:snapshotlockduration": str(number)}


CALLS = {
    "lock a snapshot of a case": (True, "ec2:LockSnapshot", SNAPSHOT, days(DAYS)),
    "lock another one": (False, "ec2:LockSnapshot", SNAPSHOT, {"ec2:snapshotlockduration": str(DAYS)}),
    "lock for longer, which in compliance mode nobody could undo": (
        False,
        "ec2:LockSnapshot",
        SNAPSHOT,
        days(36500),
    ),
    "make a longer lock shorter": (False, "ec2:LockSnapshot", SNAPSHOT, days(1)),
    "lock until a date": (False, "ec2:LockSnapshot", SNAPSHOT, OF_A_CASE),
    "lock in compliance mode with a time to cool off": (
        False,
        "ec2:LockSnapshot",
        SNAPSHOT,
        {**days(DAYS), "ec2:snapshotcooloffperiod": "1"},
    ),
    "unlock a snapshot": (False, "ec2:UnlockSnapshot", SNAPSHOT, OF_A_CASE),
    "delete a snapshot": (False, "ec2:DeleteSnapshot", SNAPSHOT, OF_A_CASE),
    "look at locks": (True, "ec2:DescribeLockedSnapshots", "*", {}),
    "copy a snapshot of a case": (True, "ec2:CopySnapshot", SNAPSHOT, OF_A_CASE),
    "copy another one": (False, "ec2:CopySnapshot", SNAPSHOT, {}),
    "make a copy that carries the case": (True, "ec2:CopySnapshot", SNAPSHOT, {}, TAGS),
    "make one that does not": (False, "ec2:CopySnapshot", SNAPSHOT, {}, {"Name": "mine"}),
    "tag a copy as it is made": (True, "ec2:CreateTags", SNAPSHOT, {"ec2:createaction": "CopySnapshot"}, TAGS),
    "tag a snapshot that is there": (False, "ec2:CreateTags", SNAPSHOT, {}, TAGS),
    "share a copy": (False, "ec2:ModifySnapshotAttribute", SNAPSHOT, OF_A_CASE),
    "encrypt with our key": (True, "kms:GenerateDataKeyWithoutPlaintext", KEY, OUR_KEY),
    "encrypt with another one": (False, "kms:GenerateDataKeyWithoutPlaintext", KEY, OTHER_KEY),
    "encrypt by itself": (False, "kms:GenerateDataKeyWithoutPlaintext", KEY, {"kms:resourcealiases": [ALIAS]}),
    "let EC2 read a volume's key": (True, "kms:Decrypt", KEY, OTHER_KEY),
    "read it by itself": (False, "kms:Decrypt", KEY, {}),
    "read it by another service": (
        False,
        "kms:Decrypt",
        KEY,
        {"kms:viaservice": "secretsmanager.ap-southeast-2.amazonaws.com"},
    ),
    "let EC2 go on when the call is over": (
        True,
        "kms:CreateGrant",
        KEY,
        {**OUR_KEY, "kms:grantisforawsresource": "true"},
    ),
    "grant a key to somebody": (False, "kms:CreateGrant", KEY, {**OUR_KEY, "kms:grantisforawsresource": "false"}),
}


@pytest.mark.parametrize("what", CALLS)
def test_what_passes_where_the_settings_ask(what):
    expected, *call = CALLS[what]
    assert passes(ASKED, *call) == expected


@pytest.mark.parametrize("what", [what for what, call in CALLS.items() if call[0]])
def test_nothing_of_it_passes_where_they_do_not(what):
    _, *call = CALLS[what]
    assert not passes(SETTINGS, *call)


@pytest.mark.parametrize(
    ("asked", "services"),
    [({"snapshot_lock_days": DAYS}, {"ec2:Lock"}), ({"snapshot_copy_key": ALIAS}, {"ec2:Copy", "kms:"})],
)
def test_each_setting_gives_its_own_rights(asked, services):
    more = {
        action
        for statement in statements(replace(SETTINGS, **asked))
        if statement["Effect"] == "Allow" and statement not in statements(SETTINGS)
        for action in (statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]])
    }
    beside = {action for action in more if not action.startswith(tuple(services))}
    assert beside <= {"ec2:CreateTags", "ec2:DescribeLockedSnapshots"}
    assert all(any(action.startswith(service) for action in more) for service in services)
