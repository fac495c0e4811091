"""Who may do what: each role's rights as tables, and calls that the contain role's policy allows or denies."""

import re
from typing import NamedTuple

import pytest
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document

from lambdas.domain.containment.credentials import DENY_POLICY, SLOT_TAGS
from lambdas.domain.instance.tags import CASE_TAG, INSTANCE_TAG, QUARANTINE, ROLE_TAG, STATE_TAG
from tests.stacks.test_responder import SETTINGS

LOG = {"logs:CreateLogStream", "logs:PutLogEvents"}
KEY = {"kms:Decrypt", "kms:GenerateDataKey"}
TABLE = "${CasebookCases.Arn}"

DELIVERS_LOGS = {
    "*": {
        "logs:CreateLogDelivery",
        "logs:DeleteLogDelivery",
        "logs:DescribeLogGroups",
        "logs:DescribeResourcePolicies",
        "logs:GetLogDelivery",
        "logs:ListLogDeliveries",
        "logs:PutResourcePolicy",
        "logs:UpdateLogDelivery",
    }
}


# Where SNS logs, by names of its own.
SNS_LOGS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:sns/${AWS::Region}/${AWS::AccountId}"
SMS_LOG = "SmsLogRole"
# What starts the daily check of the roster; the CDK names it after its target.
SCHEDULE = "SchedulerRoleForTarget611ab3"
MACHINE_ROLES = tuple(
    f"{machine}MachineRole" for machine in ("Respond", "Watch", "Ask", "Clock", "Desk", "Release", "Roster")
)


def invokes(*functions):
    """What a state machine may call."""
    return {
        f"${{Functions{function}.Arn}}{version}": {"lambda:InvokeFunction"}
        for function in functions
        for version in ("", ":*")
    }


# What each role may do, and to what; the log and the key stand in tests of their own.
# Lambda reads the table's stream with the function's role, and keeps with it what the function does not take.
FOLLOWS = {
    "${CasebookCases.StreamArn}": {"dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"},
    "*": {"dynamodb:ListStreams"},
    "${BusDeadLetters.Arn}": {"sqs:GetQueueAttributes", "sqs:GetQueueUrl", "sqs:SendMessage"},
}
MAY = {
    "FrontStartRole": {
        "${FrontQueue.Arn}": {
            "sqs:ChangeMessageVisibility",
            "sqs:DeleteMessage",
            "sqs:GetQueueAttributes",
            "sqs:GetQueueUrl",
            "sqs:ReceiveMessage",
        },
        "${FrontDeadLetters.Arn}": {"sqs:DeleteMessage", "sqs:ReceiveMessage"},  # it has no right to send anywhere
        "${RespondMachine}": {"states:StartExecution"},
        "${MailboxMail.Arn}/health/*": {"s3:PutObject"},
    },
    "BusPublishRole": {"${BusEvents.Arn}": {"events:PutEvents"}, TABLE: {"dynamodb:Query"}, **FOLLOWS},
    "PagesArchivePageRole": {
        TABLE: {"dynamodb:Query"},
        "${CasebookEvidence.Arn}/cases/*/manifest.json": {"s3:GetObject"},
        "${CasebookEvidence.Arn}/cases/*/reports/*": {"s3:PutObject"},
        **FOLLOWS,
    },
    "FunctionsReadRole": {
        "${MailboxMail.Arn}/mail/*": {"s3:GetObject"},
        "${MailboxMail.Arn}/health/*": {"s3:GetObject"},
        "${MailboxMail.Arn}/submitted/*": {"s3:GetObject"},
        TABLE: {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query", "dynamodb:UpdateItem"},
        "*": {"states:SendTaskSuccess"},
    },
    "FunctionsContainRole": {
        "${CasebookEvidence.Arn}/cases/*": {"s3:GetObject", "s3:PutObject"},
        TABLE: {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"},
        "*": {
            "autoscaling:DescribeAutoScalingGroups",
            "cloudtrail:LookupEvents",
            "ec2:DescribeAddresses",
            "ec2:DescribeIamInstanceProfileAssociations",
            "ec2:DescribeInstances",
            "ec2:DescribeNetworkAcls",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeRegions",
            "ec2:DescribeRouteTables",
            "ec2:DescribeSecurityGroups",
            "ec2:DescribeSnapshots",
            "ec2:DescribeSubnets",
            "ec2:DescribeVolumes",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTargetGroups",
            "elasticloadbalancing:DescribeTargetHealth",
        },
        "instance/*": {
            "ec2:AssociateIamInstanceProfile",
            "ec2:CreateSnapshots",
            "ec2:CreateTags",
            "ec2:DescribeInstanceAttribute",
            "ec2:DisassociateIamInstanceProfile",
            "ec2:GetConsoleOutput",
            "ec2:GetConsoleScreenshot",
            "ec2:ModifyInstanceAttribute",
            "ec2:ModifyNetworkInterfaceAttribute",
            "ec2:ReplaceIamInstanceProfileAssociation",
        },
        "instance-profile/*": {"iam:GetInstanceProfile"},
        f"policy/{DENY_POLICY}": {"iam:ListEntitiesForPolicy"},
        "role/*": {
            "iam:AttachRolePolicy",
            "iam:GetRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRolePolicies",
            "iam:ListRoleTags",
            "iam:TagRole",
        },
        "role/AbuseResponderNoRights": {"iam:PassRole"},
        "network-interface/*": {"ec2:ModifyNetworkInterfaceAttribute"},
        "security-group/*": {
            "ec2:CreateSecurityGroup",
            "ec2:CreateTags",
            "ec2:ModifyNetworkInterfaceAttribute",
            "ec2:RevokeSecurityGroupEgress",
            "ec2:RevokeSecurityGroupIngress",
        },
        "snapshot/*": {"ec2:CreateSnapshot", "ec2:CreateSnapshots", "ec2:CreateTags"},
        "subnet/*": {"ec2:ModifyNetworkInterfaceAttribute"},
        "volume/*": {"ec2:CreateSnapshot", "ec2:CreateSnapshots", "ec2:ModifyInstanceAttribute"},
        "vpc/*": {"ec2:CreateSecurityGroup"},
        "autoScalingGroup:*:autoScalingGroupName/*": {"autoscaling:DetachInstances", "autoscaling:EnterStandby"},
        "targetgroup/*": {"elasticloadbalancing:DeregisterTargets"},
        "loadbalancer/*": {"elasticloadbalancing:DeregisterInstancesFromLoadBalancer"},
    },
    "FunctionsReleaseRole": {
        TABLE: {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"},
        "*": {
            "autoscaling:DescribeAutoScalingGroups",
            "ec2:DescribeIamInstanceProfileAssociations",
            "ec2:DescribeInstances",
            "ec2:DescribeNetworkInterfaces",
            "ec2:DescribeSecurityGroups",
            "elasticloadbalancing:DescribeLoadBalancers",
            "elasticloadbalancing:DescribeTargetHealth",
        },
        "instance/*": {
            "ec2:AssociateIamInstanceProfile",
            "ec2:CreateTags",
            "ec2:DeleteTags",
            "ec2:DescribeInstanceAttribute",
            "ec2:DisassociateIamInstanceProfile",
            "ec2:ModifyInstanceAttribute",
            "ec2:ModifyNetworkInterfaceAttribute",
            "ec2:ReplaceIamInstanceProfileAssociation",
        },
        "network-interface/*": {"ec2:ModifyNetworkInterfaceAttribute"},
        "security-group/*": {"ec2:ModifyNetworkInterfaceAttribute"},
        "subnet/*": {"ec2:ModifyNetworkInterfaceAttribute"},
        "volume/*": {"ec2:ModifyInstanceAttribute"},
        "autoScalingGroup:*:autoScalingGroupName/*": {"autoscaling:AttachInstances", "autoscaling:ExitStandby"},
        "targetgroup/*": {"elasticloadbalancing:RegisterTargets"},
        "loadbalancer/*": {"elasticloadbalancing:RegisterInstancesWithLoadBalancer"},
        "instance-profile/*": {"iam:GetInstanceProfile"},
        f"policy/{DENY_POLICY}": {"iam:ListEntitiesForPolicy"},
        "role/*": {
            "iam:AttachRolePolicy",
            "iam:DetachRolePolicy",
            "iam:ListAttachedRolePolicies",
            "iam:ListRoleTags",
            "iam:PassRole",
            "iam:UntagRole",
        },
    },
    "FunctionsTellRole": {
        "${MailboxMail.Arn}/mail/*": {"s3:GetObject"},
        "${MailboxMail.Arn}/health/*": {"s3:GetObject"},
        "${MailboxMail.Arn}/submitted/*": {"s3:GetObject"},
        TABLE: {"dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"},  # it notes whom it has reminded
        "${AdminsCases}": {"sns:Publish"},
        "${AdminsAlarms}": {"sns:Publish"},  # that the other topic reaches nobody
    },
    "FunctionsRosterRole": {
        "${AdminsCases}": {"sns:ListSubscriptionsByTopic", "sns:Subscribe"},
        "${AdminsAlarms}": {"sns:ListSubscriptionsByTopic", "sns:Subscribe"},
        "*": {
            "sns:CheckIfPhoneNumberIsOptedOut",
            "sns:GetSMSSandboxAccountStatus",
            "sns:GetSubscriptionAttributes",
            "sns:ListSMSSandboxPhoneNumbers",
        },
        **{
            f"{SNS_LOGS}/{name}/Failure:*": {"logs:FilterLogEvents"}
            for name in ("DirectPublishToPhoneNumber", "${AdminsCases.TopicName}")
        },
        TABLE: {"dynamodb:PutItem"},  # it notes whom it has asked
    },
    "RespondMachineRole": {
        **invokes("Read", "Contain", "Tell"),
        "${WatchMachine}": {"states:StartExecution"},
        "${AskMachine}": {"states:StartExecution"},
        "${ClockMachine}": {"states:StartExecution"},
        **DELIVERS_LOGS,
    },
    "WatchMachineRole": {**invokes("Contain", "Tell"), **DELIVERS_LOGS},
    "AskMachineRole": {
        **invokes("Read", "Tell"),
        "${RespondMachine}": {"states:StartExecution"},
        **DELIVERS_LOGS,
    },
    "ClockMachineRole": {**invokes("Tell"), **DELIVERS_LOGS},
    "DeskMachineRole": {
        **invokes("Read", "Tell"),
        **{f"${{FrontStart.Arn}}{version}": {"lambda:InvokeFunction"} for version in ("", ":*")},
        "${RespondMachine}": {"states:StartExecution"},  # with what is approved
        **DELIVERS_LOGS,
    },
    "ReleaseMachineRole": {**invokes("Release", "Tell"), **DELIVERS_LOGS},
    # SNS's own: it logs the SMS that fail. What it may write stands in test_sms_log.py.
    SMS_LOG: {f"{SNS_LOGS}/*": {"logs:CreateLogGroup"}},
    "SmsLogSetRole": {
        "*": {"sns:GetSMSAttributes", "sns:SetSMSAttributes"},
        f"${{{SMS_LOG}.Arn}}": {"iam:PassRole"},
        f"{SNS_LOGS}/DirectPublishToPhoneNumber/Failure*": {"logs:CreateLogGroup", "logs:PutRetentionPolicy"},
    },
    "RosterMachineRole": {**invokes("Roster", "Tell"), **DELIVERS_LOGS},
    SCHEDULE: {
        "${RosterMachine}": {"states:StartExecution"},
        "${RosterDeadLetters.Arn}": {"sqs:SendMessage"},
    },
    "CutOffEmptyRole": {},  # what contained instances have
    "ActivateRuleSetRole": {
        "*": {"ses:DescribeActiveReceiptRuleSet", "ses:SetActiveReceiptRuleSet"},
    },
}

# Why a right is given on everything: the Service Authorization Reference names no resource for these actions.
# https://docs.aws.amazon.com/service-authorization/latest/reference/
ON_EVERYTHING = {
    "FunctionsReadRole": r"states:SendTaskSuccess",  # an answer to a question: whoever has its token may give it
    # finding an instance, or who holds an address and since when, in any Region; and what it belongs to
    "FunctionsContainRole": r"(autoscaling|ec2|elasticloadbalancing):Describe\w+|cloudtrail:LookupEvents",
    "FunctionsReleaseRole": r"(autoscaling|ec2|elasticloadbalancing):Describe\w+",  # as it stands now
    **dict.fromkeys(
        MACHINE_ROLES,
        r"logs:\w+(LogDelivery|LogDeliveries|ResourcePolicy|ResourcePolicies|LogGroups)",
    ),
    "BusPublishRole": "dynamodb:ListStreams",
    "PagesArchivePageRole": "dynamodb:ListStreams",
    "FunctionsRosterRole": r"sns:(Check|Get|List)\w+",  # who is subscribed how, and what SNS knows of a phone
    "SmsLogSetRole": r"sns:(Get|Set)SMSAttributes",  # they are one setting for an account and Region
    "ActivateRuleSetRole": r"ses:(Describe|Set)ActiveReceiptRuleSet",  # there is one in an account and Region
}

SERVICES = {
    "BusPublishRole": {"dynamodb"},
    "PagesArchivePageRole": {"dynamodb", "s3"},
    "FrontStartRole": {"s3"},  # through which services a role may use the key
    "FunctionsReadRole": {"dynamodb", "s3"},
    "FunctionsContainRole": {"dynamodb", "s3"},
    "FunctionsReleaseRole": {"dynamodb"},
    "FunctionsTellRole": {"dynamodb", "s3", "sns"},
    "FunctionsRosterRole": {"dynamodb"},
}

# What no role of the responder may ever do, whatever the tables above are changed to.
NEVER = [
    r"\w+:\*|\*",
    r"ec2:(Terminate|Stop|Start|Reboot)\w*",
    r"\w+:Delete(?!Message$|LogDelivery$|Tags$)\w*",
    r"ec2:ModifyInstance(?!Attribute$)\w*",
    r"ec2:Modify(Snapshot|Image|Volume)\w*",
    r"ec2:AuthorizeSecurityGroup\w*",
    r"ec2:(Run|Import|Copy|Register|Share)\w*",
    # What it may do to a role is held by a condition each: BEHIND, below.
    r"(iam|sts|organizations):(?!(Get|List)\w*|(Attach|Detach)RolePolicy$|(Tag|Untag|Pass)Role$)\w*",
    r"s3:(Delete|PutBucket|PutObjectAcl|PutLifecycle|BypassGovernance)\w*",
    r"kms:(ScheduleKeyDeletion|DisableKey|PutKeyPolicy|CreateGrant|ReEncrypt\w*)",
    r"dynamodb:(Delete|BatchWrite|Scan)\w*",
    r"states:(?!StartExecution$|SendTaskSuccess$)\w*",
    r"lambda:(?!InvokeFunction$)\w*",
    # Nobody is taken off, and no topic changed.
    r"sns:(?!Publish$|Subscribe$|SetSMSAttributes$|(Check|Get|List)\w*)\w*",
]

# What may be done to a role stands behind these conditions, whoever may do it: a deny, which tags name instances of,
# and nothing else that could give anybody anything.
ONLY_THE_DENY = {
    "ArnEquals": {"iam:PolicyARN": f"arn:${{AWS::Partition}}:iam::${{AWS::AccountId}}:policy/{DENY_POLICY}"}
}
ONLY_THE_SLOTS = {"ForAllValues:StringEquals": {"aws:TagKeys": list(SLOT_TAGS)}, "Null": {"aws:TagKeys": "false"}}
BEHIND = {
    "iam:AttachRolePolicy": ONLY_THE_DENY,
    "iam:DetachRolePolicy": ONLY_THE_DENY,
    "iam:TagRole": ONLY_THE_SLOTS,
    "iam:UntagRole": ONLY_THE_SLOTS,
    "iam:PassRole": {"StringEquals": {"iam:PassedToService": "ec2.amazonaws.com"}},
}
# It passes the role that logs SMS, and only that.
BEHIND_OF = {"SmsLogSetRole": {"iam:PassRole": {"StringEquals": {"iam:PassedToService": "sns.amazonaws.com"}}}}


def listed(value):
    return value if isinstance(value, list) else [value]


def allowed(statements):
    """Every (action, resource, conditions) that a role's statements allow."""
    return [
        (action, resource, statement.get("Condition", {}))
        for statement in statements
        if statement["Effect"] == "Allow"
        for action in listed(statement["Action"])
        for resource in listed(statement["Resource"])
    ]


def kind(resource):
    """`instance/*` instead of the ARN of every instance."""
    return re.sub(
        r"^arn:\$\{AWS::Partition\}:(ec2:\*|iam:|autoscaling:\*|elasticloadbalancing:\*):(\$\{AWS::AccountId\})?:",
        "",
        resource,
    )


def test_every_role_stands_in_the_table(roles):
    assert roles.keys() == MAY.keys()


@pytest.mark.parametrize("role", MAY)
def test_a_role_may_do_this_and_nothing_else(role, roles):
    may = {}
    for action, resource, _ in allowed(roles[role]):
        if action not in LOG | KEY:
            may.setdefault(kind(resource), set()).add(action)
    assert may == MAY[role]


@pytest.mark.parametrize(
    "role", [role for role in MAY if MAY[role] and role not in {*MACHINE_ROLES, SCHEDULE, SMS_LOG}]
)
def test_a_function_writes_its_own_log_only(role, roles):
    logs = {(action, resource) for action, resource, _ in allowed(roles[role]) if action in LOG}
    assert logs == {(action, f"${{{role.removesuffix('Role')}Log.Arn}}") for action in LOG}


@pytest.mark.parametrize("role", MAY)
def test_a_role_uses_the_key_through_what_holds_its_data_only(role, roles):
    used = [(action, resource, conditions) for action, resource, conditions in allowed(roles[role]) if action in KEY]
    names = [f"{service}.${{AWS::Region}}.*" for service in sorted(SERVICES.get(role, ()))]
    only = {"StringLike": {"kms:ViaService": names}}
    assert used == [(action, "${Key.Arn}", only) for action in sorted(KEY) if names]


@pytest.mark.parametrize("role", MAY)
def test_a_right_on_everything_has_a_reason(role, roles):
    for action, resource, _ in allowed(roles[role]):
        if resource == "*":
            assert re.fullmatch(ON_EVERYTHING.get(role, "none"), action), action


@pytest.mark.parametrize("role", MAY)
def test_no_role_may_do_what_cannot_be_undone(role, roles):
    for action, _, _ in allowed(roles[role]):
        assert not any(re.fullmatch(never, action) for never in NEVER), action


@pytest.mark.parametrize("role", MAY)
def test_what_changes_a_role_stands_behind_a_condition(role, roles):
    for action, _, conditions in allowed(roles[role]):
        if action.startswith("iam:") and not action.startswith(("iam:Get", "iam:List")):
            assert conditions == BEHIND_OF.get(role, BEHIND)[action], action


def test_one_right_belongs_to_one_role(roles):
    """Reading never publishes, telling never touches EC2, and only the front door lets anybody in."""
    who = {
        right: {
            role for role, statements in roles.items() if any(a.startswith(right) for a, _, _ in allowed(statements))
        }
        for right in (
            "ec2:",
            "sns:Publish",
            "sns:Subscribe",
            "states:StartExecution",
            "states:SendTaskSuccess",
            "sqs:",
            "lambda:",
            "ses:",
            "s3:PutObject",
            "events:",
        )
    }
    assert who == {
        "ec2:": {"FunctionsContainRole", "FunctionsReleaseRole"},
        "sns:Publish": {"FunctionsTellRole"},
        "sns:Subscribe": {"FunctionsRosterRole"},
        # from the front door; the watch, the clock and questions; what was approved
        "states:StartExecution": {
            *{"FrontStartRole", "RespondMachineRole", "AskMachineRole", "DeskMachineRole"},
            SCHEDULE,  # the roster, once a day
        },
        "states:SendTaskSuccess": {"FunctionsReadRole"},
        "events:": {"BusPublishRole"},  # what contains and tells need not wait for the bus
        # what could not be published or started is kept
        "sqs:": {"BusPublishRole", "FrontStartRole", "PagesArchivePageRole", SCHEDULE},
        "lambda:": set(MACHINE_ROLES),
        "ses:": {"ActivateRuleSetRole"},
        "s3:PutObject": {"FrontStartRole", "FunctionsContainRole", "PagesArchivePageRole"},
    }


def test_only_the_queue_calls_a_function_from_outside(responder):
    """A Lambda permission would let another service or account in; the state machine calls by its role."""
    assert responder.of("AWS::Lambda::Permission") == {}
    assert responder.of("AWS::Lambda::Url") == {}


# The rest asks a policy evaluator what the contain role's policy says of a call. EC2 authorises a call on several
# resources at once; it passes when every one of them is allowed.
HOME = "arn:aws:ec2:ap-southeast-2:111122223333:"
QUARANTINED = {ROLE_TAG: QUARANTINE}
PROTECTED = {SETTINGS.protect_tag: ""}
CASE = {CASE_TAG: "10468407181", INSTANCE_TAG: "i-0"}
INTERFACE, SUBNET = (f"{HOME}network-interface/eni-0", {}), (f"{HOME}subnet/subnet-0", {})
INSTANCE, PROTECTED_INSTANCE = (f"{HOME}instance/i-0", {}), (f"{HOME}instance/i-0", PROTECTED)
OUR_GROUP, OTHER_GROUP = (f"{HOME}security-group/sg-0", QUARANTINED), (f"{HOME}security-group/sg-1", {"Name": "web"})
NEW_GROUP, VPC = (f"{HOME}security-group/*", {}), (f"{HOME}vpc/vpc-0", {})
VOLUME, SNAPSHOT = (f"{HOME}volume/vol-0", {}), ("arn:aws:ec2:ap-southeast-2::snapshot/*", {})
OLD_SNAPSHOT = ("arn:aws:ec2:ap-southeast-2::snapshot/snap-0", {})
ELSEWHERE = ("arn:aws:ec2:ap-southeast-2:444455556666:instance/i-0", {})

YES, NO = True, False


class Call(NamedTuple):
    what: str
    passes: bool
    action: str
    resources: list
    tags: dict = {}  # noqa: RUF012  nobody changes it
    making: str = ""  # the call within which EC2 tags


CALLS = [
    Call("move an interface into quarantine", YES, "ModifyNetworkInterfaceAttribute", [INTERFACE, INSTANCE, OUR_GROUP]),
    Call("with its subnet", YES, "ModifyNetworkInterfaceAttribute", [INTERFACE, SUBNET, OUR_GROUP]),
    Call("into another group", NO, "ModifyNetworkInterfaceAttribute", [INTERFACE, INSTANCE, OTHER_GROUP]),
    Call("into both", NO, "ModifyNetworkInterfaceAttribute", [INTERFACE, INSTANCE, OUR_GROUP, OTHER_GROUP]),
    Call("of a protected instance", NO, "ModifyNetworkInterfaceAttribute", [INTERFACE, PROTECTED_INSTANCE, OUR_GROUP]),
    Call("of another account", NO, "ModifyNetworkInterfaceAttribute", [INTERFACE, ELSEWHERE, OUR_GROUP]),
    Call("close the quarantine group", YES, "RevokeSecurityGroupEgress", [OUR_GROUP]),
    Call("close another group", NO, "RevokeSecurityGroupEgress", [OTHER_GROUP]),
    Call("open the quarantine group", NO, "AuthorizeSecurityGroupIngress", [OUR_GROUP]),
    Call("delete the quarantine group", NO, "DeleteSecurityGroup", [OUR_GROUP]),
    Call("snapshot the volumes", YES, "CreateSnapshots", [INSTANCE, VOLUME, SNAPSHOT], CASE),
    Call("without the case", NO, "CreateSnapshots", [INSTANCE, VOLUME, SNAPSHOT], {}),
    Call("of a protected instance", NO, "CreateSnapshots", [PROTECTED_INSTANCE, VOLUME, SNAPSHOT], CASE),
    Call("snapshot one volume", YES, "CreateSnapshot", [VOLUME, SNAPSHOT], CASE),
    Call("without the case", NO, "CreateSnapshot", [VOLUME, SNAPSHOT], {"Name": "mine"}),
    Call("share a snapshot", NO, "ModifySnapshotAttribute", [OLD_SNAPSHOT]),
    Call("delete a snapshot", NO, "DeleteSnapshot", [OLD_SNAPSHOT]),
    Call("make the quarantine group", YES, "CreateSecurityGroup", [NEW_GROUP, VPC], QUARANTINED),
    Call("make a group without the tag", NO, "CreateSecurityGroup", [NEW_GROUP, VPC], {"Name": "mine"}),
    Call("tag a group as it is made", YES, "CreateTags", [NEW_GROUP], QUARANTINED, "CreateSecurityGroup"),
    Call("make a group that is there ours", NO, "CreateTags", [OTHER_GROUP], QUARANTINED),
    Call("tag snapshots as they are made", YES, "CreateTags", [SNAPSHOT], CASE, "CreateSnapshots"),
    Call("tag a snapshot that is there", NO, "CreateTags", [OLD_SNAPSHOT], CASE),
    Call("with a foreign key as it is made", NO, "CreateTags", [SNAPSHOT], {**CASE, "Owner": "me"}, "CreateSnapshot"),
    Call("tag an instance", YES, "CreateTags", [INSTANCE], {CASE_TAG: "10468407181", STATE_TAG: QUARANTINE}),
    Call("with a foreign key", NO, "CreateTags", [INSTANCE], {CASE_TAG: "10468407181", "Name": "evil"}),
    Call("protect an instance", NO, "CreateTags", [INSTANCE], PROTECTED),
    Call("give an instance the group's role", NO, "CreateTags", [INSTANCE], QUARANTINED),
    Call("tag a protected instance", NO, "CreateTags", [PROTECTED_INSTANCE], {CASE_TAG: "10468407181"}),
    Call("take a tag away", NO, "DeleteTags", [INSTANCE], PROTECTED),
    Call("stop an instance", NO, "StopInstances", [INSTANCE]),
    Call("terminate an instance", NO, "TerminateInstances", [INSTANCE]),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call.action}: {call.what}")
def test_what_the_contain_role_can_do(call, roles):
    policy = parse_policy_document({"Statement": _in_an_account(roles["FunctionsContainRole"])})
    answers = {}
    for arn, resource_tags in call.resources:
        context = {f"aws:resourcetag/{key.lower()}": value for key, value in resource_tags.items()}
        asked = EvalContext(
            principal_arn="arn:aws:sts::111122223333:assumed-role/Contain/x",
            principal_type="AssumedRole",
            principal_account="111122223333",
            action=f"ec2:{call.action}",
            resource_arn=arn,
            region="ap-southeast-2",
            request_tags=call.tags,
            tag_keys=list(call.tags),
            service_context=context | ({"ec2:createaction": call.making} if call.making else {}),
        )
        answers[arn] = evaluate(asked, [policy]).decision
    assert (set(answers.values()) == {"Allow"}) == call.passes, answers


@pytest.mark.parametrize("role", ["FunctionsContainRole", "FunctionsReleaseRole"])
def test_protection_is_an_explicit_deny(role, roles):
    """No allow, of this policy or of one that somebody attaches later, reaches what has the protect tag."""
    (protect,) = [statement for statement in roles[role] if statement["Effect"] == "Deny"]
    changing = {
        re.match(r"\w+:[A-Z][a-z]+", action)[0] + "*"
        for action, _, _ in allowed(roles[role])
        if re.match(r"(ec2|autoscaling|elasticloadbalancing|iam):(?!Describe|Get|List|PassRole)", action)
    }
    worse = {"ec2:Delete*", "ec2:Reboot*", "ec2:Stop*", "ec2:Terminate*"}
    assert set(protect["Action"]) == changing | worse
    assert protect["Resource"] == "*"
    assert protect["Condition"] == {"Null": {f"aws:ResourceTag/{SETTINGS.protect_tag}": "false"}}


def _in_an_account(value):
    """The statements with an account's values for the template's parameters."""
    match value:
        case str():
            return value.replace("${AWS::Partition}", "aws").replace("${AWS::AccountId}", "111122223333")
        case list():
            return [_in_an_account(item) for item in value]
        case dict():
            return {key: _in_an_account(item) for key, item in value.items()}
    return value
