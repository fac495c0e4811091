"""Every AWS call of all scenarios against the policies that are deployed: each is allowed, and no right is idle."""

import re
from dataclasses import replace
from functools import cache

import pytest

from lambdas import contain, release
from lambdas.domain.containment.credentials import DENY_POLICY, NO_RIGHTS_PROFILE, SLOT_TAGS
from lambdas.domain.instance.tags import CASE_TAG, QUARANTINE, ROLE_TAG, TWO_STEP
from tests.lambdas.conftest import EVIDENCE, HOME
from tests.permissions.authorisation import protected, rows
from tests.permissions.policies import LOCK_DAYS, MEMBER, MEMBERS_ROLES, Asked, deployed
from tests.permissions.scenarios import records
from tests.samples import ACCOUNT, MAIL_BUCKET

DEPLOYMENTS = ("as it comes", "with all")
FUNCTIONS = (
    *("read", "contain", "release", "tell", "roster", "start", "publish", "archive_page"),
    *("log_sms", "activate_rule_set"),
)
MACHINES = tuple(f"machine {machine}" for machine in ("respond", "watch", "ask", "clock", "desk", "release", "roster"))
ROLES = [
    *(("as it comes", role) for role in (*FUNCTIONS, *MACHINES)),
    *(("with all", role) for role in (*FUNCTIONS, *MACHINES, *MEMBERS_ROLES)),
]
PROTECT_TAG = "AbuseResponder:Protect"
# What acts on instances by itself, because a mail came.
AUTOMATIC = ("contain", *[role for role, function in MEMBERS_ROLES.items() if function == "contain"])

# What changes instances and what they belong to.
CHANGING = ("contain", "release", *MEMBERS_ROLES)
# Who acts without a person.
ALONE = (*AUTOMATIC, "read", "tell", "roster", "start", "log_sms", "activate_rule_set")

# Rights that no handler uses, by role and action, and why they stand.
UNUSED = {
    (r"(?!machine).*", r"logs:(CreateLogStream|PutLogEvents)"): "Lambda itself writes what a function logs",
    ("start", r"sqs:\w+"): "Lambda itself takes from the queue, with the function's role",
    ("start", "kms:Decrypt"): "the key is one right for all functions; it may get no object, so nothing is opened",
    (r"publish|archive_page", r"dynamodb:(DescribeStream|Get\w+|ListStreams)"): "Lambda itself reads the stream",
    (r"publish|archive_page", r"sqs:\w+"): "Lambda itself keeps what the function does not take, with its role",
    ("publish", "kms:GenerateDataKey"): "the key is one right for all functions; it may put no item",
    (r"machine \w+", r"logs:\w+"): "Step Functions itself delivers its log, with the machine's role",
    (r"machine \w+", "lambda:InvokeFunction"): "CDK grants a function's versions, `:*`, beside it; there are none",
}
# Changing calls that the protect tag of an instance cannot hold, as they are not authorised on it. Those on what it
# belongs to are held by the functions: tests/lambdas/contain/test_unless_protected.py, tests/lambdas/release.
_CHANGED_BY_CONTAIN = {
    "autoscaling:DetachInstances": "authorised on the group",
    "autoscaling:EnterStandby": "authorised on the group",
    "ec2:AuthorizeSecurityGroupEgress": "changes a group of ours, no instance",
    "ec2:AuthorizeSecurityGroupIngress": "changes a group of ours, no instance",
    "ec2:CopySnapshot": "a copy of what was made",
    "ec2:CreateSecurityGroup": "a new group, without any instance",
    "ec2:CreateSnapshot": "authorised on the volume; it takes nothing away",
    "ec2:LockSnapshot": "keeps what was made",
    "ec2:RevokeSecurityGroupEgress": "changes a group of ours, no instance",
    "ec2:RevokeSecurityGroupIngress": "changes a group of ours, no instance",
    "elb:DeregisterInstancesFromLoadBalancer": "authorised on the load balancer",
    "elbv2:DeregisterTargets": "authorised on the target group",
    "iam:AttachRolePolicy": "authorised on the role; the deny names instances by the role's tags",
    "iam:TagRole": "authorised on the role",
}
_CHANGED_BY_RELEASE = {
    "autoscaling:AttachInstances": "authorised on the group",
    "autoscaling:ExitStandby": "authorised on the group",
    "elb:RegisterInstancesWithLoadBalancer": "authorised on the load balancer",
    "elbv2:RegisterTargets": "authorised on the target group",
    "iam:AttachRolePolicy": "authorised on the role; it puts the deny back",
    "iam:DetachRolePolicy": "authorised on the role",
    "iam:UntagRole": "authorised on the role",
}
NOT_HELD_BY_THE_TAG = {"contain": _CHANGED_BY_CONTAIN, "release": _CHANGED_BY_RELEASE}
# Actions that no tag can hold, and why.
NO_TAG = {
    "iam:PassRole": "IAM never has the tags of the role that is passed",
    r"kms:\w+": "only with settings: the keys of copies, used through EC2 for snapshots of the case",
    r"logs:\w+": "the function's own log",
    r"(dynamodb|s3|states|sts):\w+": "what the responder keeps, and the roles of members, which have the same deny",
}
# What only the settings give, in both accounts.
ONLY_BY_SETTINGS = {
    "ec2:AuthorizeSecurityGroupEgress",
    "ec2:AuthorizeSecurityGroupIngress",
    "ec2:CopySnapshot",
    "ec2:DescribeLockedSnapshots",
    "ec2:LockSnapshot",
    "ec2:StopInstances",
    "kms:CreateGrant",
    "kms:Decrypt",
    "kms:DescribeKey",
    "kms:GenerateDataKeyWithoutPlaintext",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "sts:AssumeRole",
}
# Changes of a release that `contain` may make as well, and why that gives nothing away.
SHARED_WITH_RELEASE = {
    "ec2:CreateTags": "our two tags, with any value",
    "ec2:DisassociateIamInstanceProfile": "it takes rights away",
    "ec2:ModifyInstanceAttribute": "IAM knows no key for a volume's end, so it may be set either way",
    "iam:AttachRolePolicy": "the deny",
}
READS = re.compile(r"\w+:(Describe|Get|List|Lookup|Query)\w*")


def function_of(role):
    return MEMBERS_ROLES.get(role, role)


def moved(asked, account):
    """The same, asked in the home account or in the member's."""

    def there(value):
        match value:
            case str():
                return value.replace(ACCOUNT, account).replace(MEMBER, account)
            case tuple():
                return tuple(map(there, value))
        return value

    return Asked(asked.action, there(asked.resource), there(asked.keys))


def is_kept_at_home(asked):
    return asked.action.startswith(("dynamodb:", "s3:", "sns:", "sts:")) or asked.resource.endswith(":key/responder")


@cache
def asked_by(deployment, role):
    """All that IAM is asked for a role, each once.

    With everything set a function still does all that it does as it comes, and for a member what it does at home.
    """
    found = {
        asked
        for name in (DEPLOYMENTS if deployment == "with all" else (deployment,))
        for record in records(name)
        if record.role in {role, function_of(role)} and isinstance(record.asked, tuple)
        for asked in record.asked
    }
    if role in MEMBERS_ROLES:
        found = {moved(asked, MEMBER) for asked in found if not is_kept_at_home(asked)}
    return frozenset(found)


def test_these_are_all_roles():
    assert {(name, role) for name in DEPLOYMENTS for role in deployed(name).roles} == set(ROLES)


def test_the_table_says_of_every_call_how_it_is_authorised():
    unknown = {
        f"{record}: {record.asked!r}"
        for name in DEPLOYMENTS
        for record in records(name)
        if not isinstance(record.asked, tuple)
    }
    assert unknown == set()


def test_no_row_of_the_table_is_idle():
    made = {record.call for name in DEPLOYMENTS for record in records(name)}
    assert {f"{service}:{operation}" for service, operation in rows()} - made == set()


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
def test_every_call_is_allowed_on_every_resource(deployment):
    roles = deployed(deployment).roles
    answers = {
        (record.role, call): roles[record.role].answer(call) for record in records(deployment) for call in record.asked
    }
    refused = {key for key, answer in answers.items() if answer != "Allow"}
    words = [f"{record}: {refused & {(record.role, call) for call in record.asked}}" for record in records(deployment)]
    assert [word for word in words if not word.endswith(": set()")] == []


@pytest.mark.parametrize(("deployment", "role"), ROLES)
def test_every_right_is_used_or_has_a_reason(deployment, role):
    asked = asked_by(deployment, role)
    here = deployed(deployment).roles[role]
    idle = {
        grant for grant in here.grants() if not any(here.answer(call, [grant.statement]) == "Allow" for call in asked)
    }
    assert {grant for grant in idle if not _reason(grant)} == set()


def test_every_reason_is_needed():
    idle = {
        reason
        for deployment, role in ROLES
        for grant in deployed(deployment).roles[role].grants()
        if (reason := _reason(grant))
    }
    assert idle == set(UNUSED)


def _reason(grant):
    found = [
        key
        for key in UNUSED
        if re.fullmatch(key[0], grant.role)
        and re.fullmatch(key[1], grant.action)
        and (grant.action != "lambda:InvokeFunction" or grant.resource.endswith(":*"))
    ]
    return found[0] if found else None


@pytest.mark.parametrize(("deployment", "role"), ROLES)
def test_without_any_one_statement_some_call_is_denied(deployment, role):
    """So no statement is too many, and the proof can fail."""
    here, asked = deployed(deployment).roles[role], asked_by(deployment, role)
    allowed = [call for call in asked if here.answer(call) == "Allow"]
    needless = []
    for statement in here.statements:
        if statement["Effect"] == "Allow" and not _explained(here, statement):
            rest = [part for part in here.statements if part is not statement]
            if all(here.answer(call, rest) == "Allow" for call in allowed):
                needless.append(statement)
    assert needless == []


@pytest.mark.parametrize("role", ["contain", "release"])
def test_without_any_one_value_of_a_condition_some_call_is_denied(role):
    here, asked = deployed("with all").roles[role], asked_by("with all", role)
    needless = []
    for statement, operator, key in _lists_of_values(here):
        for value in statement["Condition"][operator][key]:
            less = [allowed_value for allowed_value in statement["Condition"][operator][key] if allowed_value != value]
            conditions = {**statement["Condition"], operator: {**statement["Condition"][operator], key: less}}
            narrow = [{**statement, "Condition": conditions}]
            allowed = [call for call in asked if here.answer(call, [statement]) == "Allow"]
            if all(here.answer(call, narrow) == "Allow" for call in allowed):
                needless.append((statement["Sid"], value))
    assert [grant for grant in needless if grant[1] not in SLOT_TAGS] == []  # the slot depends on the instance's id


def _lists_of_values(role):
    for statement in role.statements:
        for operator, keys in statement.get("Condition", {}).items():
            for key, values in keys.items():
                if isinstance(values, list) and statement["Effect"] == "Allow" and "Sid" in statement:
                    yield statement, operator, key


def _explained(role, statement):
    alone = replace(role, statements=(statement,))
    return all(_reason(grant) for grant in alone.grants())


def test_what_the_settings_add_is_not_there_without_them():
    plain, extended = (deployed(name).roles["contain"] for name in DEPLOYMENTS)
    before, after = ({(grant.action, grant.resource) for grant in role.grants()} for role in (plain, extended))
    assert before <= after
    assert {action for action, _ in after - before} == ONLY_BY_SETTINGS
    for name in ("read", "tell", "start", "activate_rule_set"):
        assert deployed("as it comes").roles[name].statements == deployed("with all").roles[name].statements
    assert not any(action == "kms:Decrypt" and "key/*" in resource for action, resource in before)


@pytest.mark.parametrize("role", CHANGING)
def test_the_protect_tag_of_an_instance_denies_every_call_that_changes_it(role):
    here, unheld = deployed("with all").roles[role], set()
    for name in DEPLOYMENTS:
        for record in records(name):
            if (
                record.role != role
                or READS.fullmatch(record.call)
                or record.call.startswith(("s3:", "dynamodb:", "sts:"))
            ):
                continue
            answers = {here.answer(call) for call in protected(record.asked, PROTECT_TAG)}
            if "Deny" not in answers:
                unheld.add(record.call)
    known = NOT_HELD_BY_THE_TAG[function_of(role)].keys()
    assert unheld <= known
    if role in NOT_HELD_BY_THE_TAG:
        assert unheld == known


def test_what_the_tag_cannot_hold_is_changed_only_by_steps_that_read_it_first():
    """Attack 10: of the instance's groups, load balancers, roles and volumes."""
    belongs = {call for call, why in _CHANGED_BY_CONTAIN.items() if why.startswith("authorised on")}
    steps = {record.step for name in DEPLOYMENTS for record in records(name) if record.call in belongs}
    steps -= set(release.STEPS)
    assert steps == {name for name, step in contain.STEPS.items() if hasattr(step, "__wrapped__")} | {"Start snapshots"}


@pytest.mark.parametrize("deployment", DEPLOYMENTS)
@pytest.mark.parametrize("role", CHANGING)
def test_the_protect_tag_denies_every_change_of_what_carries_it(role, deployment):
    """Attack 10: over all actions of the role, not over a list that somebody may forget to extend."""
    here, denied = deployed(deployment).roles.get(role), set()
    for grant in here.grants() if here else ():
        if READS.fullmatch(grant.action) or any(re.fullmatch(known, grant.action) for known in NO_TAG):
            continue
        resource = re.sub(r"\*", "x", grant.resource)
        assert here.answer(Asked.of(grant.action, resource, {f"aws:ResourceTag/{PROTECT_TAG}": ""})) == "Deny", grant
        denied.add(grant.action)
    assert not here or {action.partition(":")[0] for action in denied} >= {
        *("autoscaling", "ec2", "elasticloadbalancing", "iam"),
    }


def test_a_release_changes_what_containing_cannot():
    contain, shared = deployed("with all").roles["contain"], set()
    for record in records("as it comes"):
        changes = not READS.fullmatch(record.call) and not record.call.startswith("dynamodb:")
        if record.role == "release" and changes and all(contain.answer(call) == "Allow" for call in record.asked):
            shared.add(record.call)
    assert shared == SHARED_WITH_RELEASE.keys()


def ec2(kind, resource_id, account=ACCOUNT):
    return f"arn:aws:ec2:eu-west-1:{'' if kind == 'snapshot' else account}:{kind}/{resource_id}"


def tags(**keys):
    return {f"aws:RequestTag/{key}": value for key, value in keys.items()} | {"aws:TagKeys": tuple(keys)}


INSTANCE, GROUP, SNAPSHOT = ec2("instance", "i-0"), ec2("security-group", "sg-0"), ec2("snapshot", "snap-0")
ROLE = f"arn:aws:iam::{ACCOUNT}:role/web"
OURS = {f"aws:ResourceTag/{CASE_TAG}": "1"}
# What nobody may do who acts by himself, whatever is set.
NEVER = {
    "attach another group": ("ec2:ModifyNetworkInterfaceAttribute", GROUP, {"aws:ResourceTag/Name": "web"}),
    "make another group ours": ("ec2:CreateTags", GROUP, tags(**{ROLE_TAG: QUARANTINE})),
    "make a group without our tag": ("ec2:CreateSecurityGroup", ec2("security-group", "*"), tags(Name="mine")),
    "open the quarantine group": (
        "ec2:AuthorizeSecurityGroupIngress",
        GROUP,
        {f"aws:ResourceTag/{ROLE_TAG}": QUARANTINE},
    ),
    "give an interface another group through its instance": (
        "ec2:ModifyInstanceAttribute",
        GROUP,
        {"ec2:Attribute": "Groups", "aws:ResourceTag/Name": "web"},
    ),
    "take the termination protection off": (
        "ec2:ModifyInstanceAttribute",
        INSTANCE,
        {"ec2:Attribute/DisableApiTermination": "false"},
    ),
    "let a shutdown terminate it": (
        "ec2:ModifyInstanceAttribute",
        INSTANCE,
        {"ec2:Attribute/InstanceInitiatedShutdownBehavior": "terminate"},
    ),
    "change what it runs at its start": ("ec2:ModifyInstanceAttribute", INSTANCE, {"ec2:Attribute/UserData": "x"}),
    "tag an instance with another key": ("ec2:CreateTags", INSTANCE, tags(Name="mine")),
    "tag it with another key beside ours": ("ec2:CreateTags", INSTANCE, tags(**{CASE_TAG: "1", "Name": "mine"})),
    "tag it with nothing": ("ec2:CreateTags", INSTANCE, {}),
    "protect an instance": ("ec2:CreateTags", INSTANCE, tags(**{PROTECT_TAG: ""})),
    "take the protection off": ("ec2:DeleteTags", INSTANCE, tags(**{PROTECT_TAG: ""})),
    "terminate": ("ec2:TerminateInstances", INSTANCE, {}),
    "start": ("ec2:StartInstances", INSTANCE, {}),
    "delete a snapshot": ("ec2:DeleteSnapshot", SNAPSHOT, OURS),
    "share a snapshot": ("ec2:ModifySnapshotAttribute", SNAPSHOT, OURS),
    "unlock a snapshot": ("ec2:UnlockSnapshot", SNAPSHOT, OURS),
    "lock another snapshot": ("ec2:LockSnapshot", SNAPSHOT, {"ec2:SnapshotLockDuration": LOCK_DAYS}),
    "lock for longer": ("ec2:LockSnapshot", SNAPSHOT, {**OURS, "ec2:SnapshotLockDuration": LOCK_DAYS + 1}),
    "copy another snapshot": ("ec2:CopySnapshot", SNAPSHOT, {}),
    "delete a group": ("ec2:DeleteSecurityGroup", GROUP, {f"aws:ResourceTag/{ROLE_TAG}": TWO_STEP}),
    "delete a volume": ("ec2:DeleteVolume", ec2("volume", "vol-0"), {}),
    "attach another policy": (
        "iam:AttachRolePolicy",
        ROLE,
        {"iam:PolicyARN": "arn:aws:iam::aws:policy/AdministratorAccess"},
    ),
    "attach a policy whose name begins alike": (
        "iam:AttachRolePolicy",
        ROLE,
        {"iam:PolicyARN": f"arn:aws:iam::{ACCOUNT}:policy/{DENY_POLICY}2"},
    ),
    "take the deny off": (
        "iam:DetachRolePolicy",
        ROLE,
        {"iam:PolicyARN": f"arn:aws:iam::{ACCOUNT}:policy/{DENY_POLICY}"},
    ),
    "tag a role with another key": ("iam:TagRole", ROLE, tags(Team="mine")),
    "take an instance out of its slot": ("iam:UntagRole", ROLE, {"aws:TagKeys": ("AbuseResponderCut-1",)}),
    "pass another role": ("iam:PassRole", ROLE, {"iam:PassedToService": "ec2.amazonaws.com"}),
    "pass the empty role to another service": (
        "iam:PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/{NO_RIGHTS_PROFILE}",
        {"iam:PassedToService": "lambda.amazonaws.com"},
    ),
    "give another profile": (
        "ec2:ReplaceIamInstanceProfileAssociation",
        INSTANCE,
        {"ec2:NewInstanceProfile": f"arn:aws:iam::{ACCOUNT}:instance-profile/admin"},
    ),
    "put it back into its group": (
        "autoscaling:ExitStandby",
        f"arn:aws:autoscaling:eu-west-1:{ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/web",
        {},
    ),
    "change the size of its group": (
        "autoscaling:UpdateAutoScalingGroup",
        f"arn:aws:autoscaling:eu-west-1:{ACCOUNT}:autoScalingGroup:1:autoScalingGroupName/web",
        {},
    ),
    "use the key itself": ("kms:Decrypt", f"arn:aws:kms:{HOME}:{ACCOUNT}:key/responder", {}),
    "open a volume's key itself": ("kms:Decrypt", f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/volume", {}),
    "write evidence anew": (
        "s3:PutObject",
        f"arn:aws:s3:::{EVIDENCE}/cases/1/manifest.json",
        {"s3:ObjectCreationOperation": "true"},
    ),
    "delete evidence": ("s3:DeleteObject", f"arn:aws:s3:::{EVIDENCE}/cases/1/manifest.json", {}),
    "delete a version of evidence": ("s3:DeleteObjectVersion", f"arn:aws:s3:::{EVIDENCE}/cases/1/manifest.json", {}),
    "write a mail": ("s3:PutObject", f"arn:aws:s3:::{MAIL_BUCKET}/mail/1", {"s3:if-none-match": "*"}),
    "subscribe somebody else": (
        "sns:Subscribe",
        f"arn:aws:sns:{HOME}:{ACCOUNT}:admins",
        {"sns:Protocol": "email", "sns:Endpoint": "eve@example.org"},
    ),
    "subscribe an admin's address by another protocol": (
        "sns:Subscribe",
        f"arn:aws:sns:{HOME}:{ACCOUNT}:admins",
        {"sns:Protocol": "https", "sns:Endpoint": "ada@example.com"},
    ),
    "subscribe an admin to another topic": (
        "sns:Subscribe",
        f"arn:aws:sns:{HOME}:{ACCOUNT}:theirs",
        {"sns:Protocol": "email", "sns:Endpoint": "ada@example.com"},
    ),
    "take an admin off": ("sns:Unsubscribe", "*", {}),
    "change a subscription": ("sns:SetSubscriptionAttributes", "*", {}),
    "pass a role to SNS that is not ours": (
        "iam:PassRole",
        f"arn:aws:iam::{ACCOUNT}:role/admin",
        {"iam:PassedToService": "sns.amazonaws.com"},
    ),
    "opt a phone in": ("sns:OptInPhoneNumber", "*", {}),
    "assume another role of a member": ("sts:AssumeRole", f"arn:aws:iam::{MEMBER}:role/Admin", {}),
    "assume the member's role for release": (
        "sts:AssumeRole",
        f"arn:aws:iam::{MEMBER}:role/AbuseResponderRelease",
        {"sts:ExternalId": "k7f3q9-abuse-responder"},
    ),
}


@pytest.mark.parametrize("role", ALONE)
@pytest.mark.parametrize("what", NEVER)
def test_nobody_who_acts_by_himself_can(what, role):
    action, resource, keys = NEVER[what]
    here = deployed("with all").roles[role]
    asked = Asked.of(action, resource, keys)
    assert here.answer(asked if action.startswith("sts:") else moved(asked, here.account)) != "Allow"


@pytest.mark.parametrize("function", MEMBERS_ROLES.values())
def test_a_member_trusts_the_function_of_its_role_and_nobody_else(function):
    roles = deployed("with all").roles
    (assumed,) = {call for call in asked_by("with all", function) if call.action == "sts:AssumeRole"}
    (role,) = [roles[name] for name, member_function in MEMBERS_ROLES.items() if member_function == function]
    keys = dict(assumed.keys)
    assert assumed.resource == role.arn
    assert role.trusts(roles[function], keys)
    assert not role.trusts(roles[function], {"sts:ExternalId": "guessed-guessed"})
    assert not role.trusts(roles[function], {})
    for other in {"read", "tell", "start", *MEMBERS_ROLES.values()} - {function}:
        assert not role.trusts(roles[other], keys)


@pytest.mark.parametrize(
    ("statement", "keys", "answer"),
    [
        (
            {"ArnEquals": {"iam:PolicyARN": "arn:aws:iam::1:policy/*"}},
            {"iam:PolicyARN": "arn:aws:iam::1:policy/a"},
            "Allow",
        ),
        (
            {"ArnEquals": {"iam:PolicyARN": "arn:*:policy/a"}},
            {"iam:PolicyARN": "arn:aws:iam::1:policy/a"},
            "ImplicitDeny",
        ),
        ({"Null": {"aws:TagKeys": "false"}}, {}, "ImplicitDeny"),
        ({"Null": {"aws:TagKeys": "false"}}, {"aws:TagKeys": ("a",)}, "Allow"),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {"aws:TagKeys": ("a", "c")}, "ImplicitDeny"),
        ({"ForAllValues:StringEquals": {"aws:TagKeys": ["a", "b"]}}, {}, "Allow"),
        ({"StringEqualsIgnoreCaseIfExists": {"ec2:Attribute/A": "true"}}, {"ec2:Attribute/A": "True"}, "Allow"),
        ({"StringEqualsIgnoreCaseIfExists": {"ec2:Attribute/A": "true"}}, {"ec2:Attribute/A": "false"}, "ImplicitDeny"),
        ({"StringEqualsIgnoreCaseIfExists": {"ec2:Attribute/A": "true"}}, {}, "Allow"),
        ({"NumericEquals": {"ec2:SnapshotLockDuration": "30"}}, {"ec2:SnapshotLockDuration": 31}, "ImplicitDeny"),
        ({"Bool": {"kms:GrantIsForAWSResource": "true"}}, {}, "ImplicitDeny"),
        (
            {"ForAnyValue:StringEquals": {"kms:ResourceAliases": "alias/a"}},
            {"kms:ResourceAliases": ("alias/b", "alias/a")},
            "Allow",
        ),
    ],
)
def test_the_evaluator_answers_as_iam_is_documented_to(statement, keys, answer):
    """https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html."""
    role = deployed("as it comes").roles["contain"]
    policy = {"Effect": "Allow", "Action": "x:Y", "Resource": "*", "Condition": statement}
    assert role.answer(Asked.of("x:Y", "arn:aws:x:::y", keys), [policy]) == answer
