"""What must hold in the responder's template, whatever it is made of."""

import json
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from aws_cdk import Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_s3 as s3
from aws_cdk.assertions import Template

from lambdas.domain.containment.credentials import DENY_POLICY, NO_RIGHTS_PROFILE, NO_RIGHTS_ROLE
from lambdas.domain.settings.settings import Settings
from stacks.case_storage import CaseStorage
from stacks.receipt_rule import RULE_NAME
from tests.stacks.assembly import ROOT, plain

SETTINGS = Settings.parse(json.loads((ROOT / "cdk.json").read_text())["context"]["responder"], {})
OUR_RULE = (
    "arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:"
    f"receipt-rule-set/{SETTINGS.rule_set}:receipt-rule/{RULE_NAME}"
)
ONLY_OUR_RULE = {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}", "aws:SourceArn": OUR_RULE}}

# CloudFormation makes a resource with a new logical id anew and loses hold of the old one, with all it keeps.
KEPT = {
    "Key961B73FD": "AWS::KMS::Key",
    "AccessLogs8B620ECA": "AWS::S3::Bucket",
    "MailboxMail8EB32D6C": "AWS::S3::Bucket",
    "CasebookEvidence6EED5AEA": "AWS::S3::Bucket",
    "CasebookCasesBBCCF945": "AWS::DynamoDB::Table",
}
# An admin confirms a subscription once; a new topic would ask anew, and until then tell nobody.
CONFIRMED = {"AdminsCasesE2D37A1B": "AWS::SNS::Topic", "AdminsAlarmsD09B0E3B": "AWS::SNS::Topic"}
BUCKETS = [key for key, kind in KEPT.items() if kind == "AWS::S3::Bucket"]

# A name of our choice keeps CloudFormation from replacing a resource and two deployments from living in one account.
NAMES = re.compile(r"(Bucket|Topic|Queue|Table|Function|Role|StateMachine|LogGroup|Alarm|Policy|Alias)Name")


def statements(template, kind, attachment, key):
    """The statements of the resource policy that is attached to a resource, with their references written out."""
    (policy,) = [
        resource for resource in template.properties(kind).values() if {"Ref": key} in _listed(resource[attachment])
    ]
    return [plain(statement) for statement in policy["PolicyDocument"]["Statement"]]


def _listed(value):
    return value if isinstance(value, list) else [value]


def the_key(template):
    (key,) = template.of("AWS::KMS::Key")
    return {"Fn::GetAtt": [key, "Arn"]}


def test_what_keeps_anything_keeps_its_logical_id(responder):
    kinds = {"AWS::KMS::Key", "AWS::S3::Bucket", "AWS::DynamoDB::Table"}
    assert {
        key: resource["Type"] for key, resource in responder.json["Resources"].items() if resource["Type"] in kinds
    } == KEPT
    assert CONFIRMED.items() <= {key: resource["Type"] for key, resource in responder.json["Resources"].items()}.items()


@pytest.mark.parametrize("key", KEPT)
def test_what_keeps_anything_outlives_the_stack(responder, key):
    resource = responder.json["Resources"][key]
    assert (resource["DeletionPolicy"], resource["UpdateReplacePolicy"]) == ("Retain", "Retain")


@pytest.mark.parametrize("key", BUCKETS)
def test_a_bucket_is_private_encrypted_and_reached_by_tls_only(responder, key):
    bucket = responder.json["Resources"][key]["Properties"]
    assert bucket["PublicAccessBlockConfiguration"] == {
        "BlockPublicAcls": True,
        "BlockPublicPolicy": True,
        "IgnorePublicAcls": True,
        "RestrictPublicBuckets": True,
    }
    assert "AccessControl" not in bucket
    (rule,) = bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"]
    by = rule["ServerSideEncryptionByDefault"]
    # S3 cannot deliver access logs under a key of ours.
    ours = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": the_key(responder)}
    assert by == ({"SSEAlgorithm": "AES256"} if key.startswith("AccessLogs") else ours)
    (tls,) = [
        statement
        for statement in statements(responder, "AWS::S3::BucketPolicy", "Bucket", key)
        if statement["Action"] == "s3:*"
    ]
    assert (tls["Effect"], tls["Principal"], tls["Condition"]) == (
        "Deny",
        {"AWS": "*"},
        {"Bool": {"aws:SecureTransport": "false"}},
    )
    assert len(tls["Resource"]) == 2


@pytest.mark.parametrize("key", BUCKETS)
def test_nothing_stays_in_a_bucket_for_ever(responder, key):
    bucket = responder.json["Resources"][key]["Properties"]
    (rule,) = bucket["LifecycleConfiguration"]["Rules"]
    assert rule["Status"] == "Enabled"
    assert rule["ExpirationInDays"] == SETTINGS.retention_days
    versioned = bucket.get("VersioningConfiguration") == {"Status": "Enabled"}
    assert versioned == ("NoncurrentVersionExpiration" in rule)


@pytest.mark.parametrize("key", ["MailboxMail8EB32D6C", "CasebookEvidence6EED5AEA"])
def test_mail_and_evidence_are_versioned_and_their_reading_is_logged(responder, key):
    bucket = responder.json["Resources"][key]["Properties"]
    assert bucket["VersioningConfiguration"] == {"Status": "Enabled"}
    logs = bucket["LoggingConfiguration"]
    assert logs["DestinationBucketName"] == {"Ref": "AccessLogs8B620ECA"}
    deliveries = [
        statement
        for statement in statements(responder, "AWS::S3::BucketPolicy", "Bucket", "AccessLogs8B620ECA")
        if statement["Effect"] == "Allow" and statement["Resource"].endswith(f"/{logs['LogFilePrefix']}*")
    ]
    assert [delivery["Principal"] for delivery in deliveries] == [{"Service": "logging.s3.amazonaws.com"}]
    assert deliveries[0]["Condition"]["StringEquals"] == {"aws:SourceAccount": "${AWS::AccountId}"}


def test_evidence_is_written_once(responder):
    of_evidence = statements(responder, "AWS::S3::BucketPolicy", "Bucket", "CasebookEvidence6EED5AEA")
    (once,) = [statement for statement in of_evidence if statement.get("Sid") == "NothingIsOverwritten"]
    assert once["Action"] == "s3:PutObject"
    assert (once["Effect"], once["Principal"], once["Resource"]) == ("Deny", {"AWS": "*"}, "${CasebookEvidence.Arn}/*")
    assert once["Condition"] == {"Null": {"s3:if-none-match": "true"}, "Bool": {"s3:ObjectCreationOperation": "true"}}


def test_evidence_can_be_locked_and_only_evidence(responder):
    """Locking cannot be taken back once a bucket has it, so it is there before the settings ask for it."""
    buckets = responder.properties("AWS::S3::Bucket")
    assert {key for key, resource in buckets.items() if resource.get("ObjectLockEnabled")} == {
        "CasebookEvidence6EED5AEA"
    }
    assert not any("ObjectLockConfiguration" in bucket for bucket in buckets.values())


def test_evidence_is_locked_for_as_long_as_the_settings_say():
    stack = Stack()
    key, logs = kms.Key(stack, "Key"), s3.Bucket(stack, "AccessLogs")
    settings = replace(SETTINGS, evidence_lock_days=90)
    CaseStorage(stack, "Casebook", settings=settings, key=key, access_logs=logs)
    buckets = Template.from_stack(stack).find_resources("AWS::S3::Bucket")
    evidence = buckets["CasebookEvidence6EED5AEA"]["Properties"]  # the same bucket: nothing is replaced
    assert evidence["ObjectLockEnabled"] is True
    assert evidence["ObjectLockConfiguration"] == {
        "ObjectLockEnabled": "Enabled",
        "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 90}},
    }


# Replication writes by an action of its own.
WRITES = ["s3:PutObject", "s3:ReplicateObject"]


def test_only_two_functions_write_evidence_and_one_of_them_pages(responder):
    of_evidence = statements(responder, "AWS::S3::BucketPolicy", "Bucket", "CasebookEvidence6EED5AEA")
    contain, archive_page = "${FunctionsContainRole.Arn}", "${PagesArchivePageRole.Arn}"
    closed, pages = [
        statement for statement in of_evidence if statement["Effect"] == "Deny" and statement["Action"] == WRITES
    ]
    assert closed["Principal"] == pages["Principal"] == {"AWS": "*"}
    assert closed["Resource"] == "${CasebookEvidence.Arn}/*"
    assert closed["Condition"] == {"StringNotEquals": {"aws:PrincipalArn": [contain, archive_page]}}
    assert pages["Resource"] == "${CasebookEvidence.Arn}/cases/*/reports/*"
    assert pages["Condition"] == {"StringNotEquals": {"aws:PrincipalArn": archive_page}}


def test_only_our_rule_writes_mail(responder):
    of_mail = statements(responder, "AWS::S3::BucketPolicy", "Bucket", "MailboxMail8EB32D6C")
    (allowed,) = [statement for statement in of_mail if statement["Effect"] == "Allow"]
    assert allowed["Principal"] == {"Service": "ses.amazonaws.com"}
    assert allowed["Action"] == "s3:PutObject"
    assert allowed["Resource"] == "${MailboxMail.Arn}/mail/*"
    assert allowed["Condition"] == ONLY_OUR_RULE
    closed, health = [
        statement for statement in of_mail if statement["Effect"] == "Deny" and statement["Action"] == WRITES
    ]
    assert closed["Principal"] == health["Principal"] == {"AWS": "*"}
    assert closed["Resource"] == allowed["Resource"]
    # The condition also holds where there is no source, so it denies what an administrator may otherwise do.
    assert closed["Condition"] == {"StringNotEquals": {"aws:SourceArn": OUR_RULE}}
    # What lies there counts as said by AWS Health: only the function that takes it from the queue may put it.
    assert health["Resource"] == "${MailboxMail.Arn}/health/*"
    assert health["Condition"] == {"StringNotEquals": {"aws:PrincipalArn": "${FrontStartRole.Arn}"}}


def test_abuse_events_of_aws_health_come_into_the_intake_queue(responder):
    (rule,) = responder.properties("AWS::Events::Rule").values()
    assert rule["EventPattern"] == {"source": ["aws.health"], "detail": {"service": ["ABUSE", "RISK"]}}
    assert "EventBusName" not in rule  # the default bus, on which nobody can put events of aws.health
    (target,) = rule["Targets"]
    assert plain(target["Arn"]) == "${FrontQueue.Arn}"
    assert plain(target["DeadLetterConfig"]["Arn"]) == "${FrontDeadLetters.Arn}"


def test_the_rule_in_the_policies_is_the_one_of_the_mail_stack(assembly):
    (rule,) = assembly.mail.properties("AWS::SES::ReceiptRule").values()
    assert OUR_RULE.endswith(f":receipt-rule-set/{rule['RuleSetName']}:receipt-rule/{rule['Rule']['Name']}")


def test_the_key_serves_this_account_our_rule_and_our_alarms(responder):
    (key,) = responder.properties("AWS::KMS::Key").values()
    assert key["EnableKeyRotation"] is True
    allowed = {
        json.dumps(statement["Principal"]): (set(_listed(statement["Action"])), statement.get("Condition"))
        for statement in (plain(statement) for statement in key["KeyPolicy"]["Statement"])
        if statement["Effect"] == "Allow"
    }
    use = {"kms:Decrypt", "kms:GenerateDataKey*"}
    assert allowed == {
        '{"AWS": "arn:${AWS::Partition}:iam::${AWS::AccountId}:root"}': ({"kms:*"}, None),
        '{"Service": "ses.amazonaws.com"}': (use, ONLY_OUR_RULE),
        '{"Service": "cloudwatch.amazonaws.com"}': (
            use,
            {"StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"}},
        ),
    }


def test_a_topic_is_encrypted_and_reached_by_tls_only(responder):
    for key, topic in responder.properties("AWS::SNS::Topic").items():
        assert topic["KmsMasterKeyId"] == the_key(responder)
        policy = statements(responder, "AWS::SNS::TopicPolicy", "Topics", key)
        (tls,) = [
            statement for statement in policy if statement["Effect"] == "Deny" and "Bool" in statement["Condition"]
        ]
        assert (tls["Action"], tls["Principal"], tls["Condition"]) == (
            "sns:Publish",
            "*",
            {"Bool": {"aws:SecureTransport": "false"}},
        )


def test_who_publishes_to_a_topic(responder):
    """A topic's own policy takes the place of SNS's default one, so whatever publishes from outside stands in it."""
    publishers = {
        plain({"Ref": key}): [
            (statement["Principal"], statement["Condition"])
            for statement in statements(responder, "AWS::SNS::TopicPolicy", "Topics", key)
            if (statement["Effect"], statement["Action"]) == ("Allow", "sns:Publish")
        ]
        for key in responder.of("AWS::SNS::Topic")
    }
    assert publishers == {
        "${MailboxArrived}": [({"Service": "ses.amazonaws.com"}, ONLY_OUR_RULE)],
        "${AdminsCases}": [],
        "${AdminsAlarms}": [
            (
                {"Service": "cloudwatch.amazonaws.com"},
                {
                    "StringEquals": {"aws:SourceAccount": "${AWS::AccountId}"},
                    "ArnLike": {
                        "aws:SourceArn": "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"
                    },
                },
            )
        ],
    }


def test_nobody_else_publishes(responder):
    """Attack 8: an account's own principals publish to its topics by their own policies, which only a deny stops."""
    denies = {
        plain({"Ref": key}): [
            (statement["Principal"], statement["Action"], statement["Resource"], statement["Condition"])
            for statement in statements(responder, "AWS::SNS::TopicPolicy", "Topics", key)
            if statement["Effect"] == "Deny" and "Bool" not in statement["Condition"]
        ]
        for key in responder.of("AWS::SNS::Topic")
    }
    only_our_rule = {"StringNotEquals": {"aws:SourceArn": OUR_RULE}}
    only_tell = {"StringNotEquals": {"aws:PrincipalArn": "${FunctionsTellRole.Arn}"}}
    alarms = "arn:${AWS::Partition}:cloudwatch:${AWS::Region}:${AWS::AccountId}:alarm:*"
    or_alarms = {"ArnNotLike": {"aws:SourceArn": alarms}}
    assert denies == {
        "${MailboxArrived}": [({"AWS": "*"}, "sns:Publish", "${MailboxArrived}", only_our_rule)],
        "${AdminsCases}": [({"AWS": "*"}, "sns:Publish", "${AdminsCases}", only_tell)],
        "${AdminsAlarms}": [({"AWS": "*"}, "sns:Publish", "${AdminsAlarms}", {**only_tell, **or_alarms})],
    }


# Who may put something into the queues, and from where.
SENDERS = {"sns.amazonaws.com": "${MailboxArrived}", "events.amazonaws.com": "${FrontHealthAbuseEvents.Arn}"}


def test_a_queue_is_encrypted_and_reached_by_tls_only(responder):
    for key, queue in responder.properties("AWS::SQS::Queue").items():
        assert queue["SqsManagedSseEnabled"] is True
        policy = statements(responder, "AWS::SQS::QueuePolicy", "Queues", key)
        (tls,) = [
            statement for statement in policy if statement["Effect"] == "Deny" and "Bool" in statement["Condition"]
        ]
        assert (tls["Action"], tls["Principal"], tls["Condition"]) == (
            "sqs:*",
            {"AWS": "*"},
            {"Bool": {"aws:SecureTransport": "false"}},
        )
        for statement in policy:
            if statement["Effect"] == "Allow":
                source = statement["Condition"]["ArnEquals"]["aws:SourceArn"]
                assert SENDERS[statement["Principal"]["Service"]] == source
                assert set(_listed(statement["Action"])) <= {
                    "sqs:SendMessage",
                    "sqs:GetQueueAttributes",
                    "sqs:GetQueueUrl",
                }


def test_nobody_else_sends_to_the_intake_queue_or_takes_from_it(responder):
    """Attack 8: with sqs:SendMessage of one's own a forged word of SES or event of AWS Health came in."""
    denies = {
        plain({"Ref": key}): [
            (statement["Principal"], statement["Action"], statement["Resource"], statement["Condition"])
            for statement in statements(responder, "AWS::SQS::QueuePolicy", "Queues", key)
            if statement["Effect"] == "Deny" and "Bool" not in statement["Condition"]
        ]
        for key in responder.of("AWS::SQS::Queue")
    }
    anybody, senders = {"AWS": "*"}, {"StringNotEquals": {"aws:SourceArn": list(SENDERS.values())}}
    or_moved = {"StringNotEquals": {"aws:SourceArn": [*SENDERS.values(), "${FrontQueue.Arn}"]}}
    taking = ["sqs:ChangeMessageVisibility", "sqs:DeleteMessage", "sqs:PurgeQueue", "sqs:ReceiveMessage"]
    start = {"StringNotEquals": {"aws:PrincipalArn": "${FrontStartRole.Arn}"}}
    assert denies == {
        "${FrontQueue}": [
            (anybody, "sqs:SendMessage", "${FrontQueue.Arn}", senders),
            (anybody, taking, "${FrontQueue.Arn}", start),
        ],
        "${FrontDeadLetters}": [(anybody, "sqs:SendMessage", "${FrontDeadLetters.Arn}", or_moved)],
        # Nothing that lies in these is ever handled as a notice.
        "${BusDeadLetters}": [],
        "${RosterDeadLetters}": [],
    }


def test_no_policy_of_ours_locks_anybody_out_of_managing_it(responder):
    """CloudFormation and the account change and delete what is deployed, so a deny names the use of a thing only."""
    use = {"s3:PutObject", "s3:ReplicateObject", "sns:Publish", "sqs:SendMessage", "sqs:ReceiveMessage"}
    use |= {"sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:PurgeQueue"}
    denied = [
        (action, statement["Condition"])
        for kind in ("AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy")
        for policy in responder.properties(kind).values()
        for statement in policy["PolicyDocument"]["Statement"]
        if statement["Effect"] == "Deny"
        for action in _listed(statement["Action"])
    ]
    assert denied
    over_http = {"Bool": {"aws:SecureTransport": "false"}}
    assert {action for action, condition in denied if condition != over_http} == use
    (key,) = responder.properties("AWS::KMS::Key").values()
    assert all(statement["Effect"] == "Allow" for statement in key["KeyPolicy"]["Statement"])


def test_what_a_function_cannot_take_from_a_queue_is_kept_apart(responder):
    queues = responder.properties("AWS::SQS::Queue")
    functions = responder.properties("AWS::Lambda::Function")
    mappings = responder.properties("AWS::Lambda::EventSourceMapping").values()
    feeds = [mapping for mapping in mappings if mapping["EventSourceArn"]["Fn::GetAtt"][0] in queues]
    assert feeds
    for feed in feeds:
        queue = queues[feed["EventSourceArn"]["Fn::GetAtt"][0]]
        dead = queues[queue["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0]]
        assert "RedrivePolicy" not in dead
        # A message keeps its age when it moves: the dead letters must not end before the queue's own.
        assert dead["MessageRetentionPeriod"] >= queue["MessageRetentionPeriod"] == 14 * 24 * 3600
        function = functions[feed["FunctionName"]["Ref"]]
        assert queue["VisibilityTimeout"] >= 6 * function["Timeout"]
        assert feed["BatchSize"] == 1  # the handler raises for its whole batch


def test_what_sns_cannot_put_into_a_queue_is_kept_apart(responder):
    queues = responder.properties("AWS::SQS::Queue")
    into_queues = [
        recipient
        for recipient in responder.properties("AWS::SNS::Subscription").values()
        if recipient["Protocol"] == "sqs"
    ]
    assert into_queues
    for subscription in into_queues:
        assert subscription["RawMessageDelivery"] is True
        assert subscription["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"][0] in queues


def test_the_case_table_is_ours_to_read_and_to_restore(responder):
    (table,) = responder.properties("AWS::DynamoDB::Table").values()
    assert table["SSESpecification"] == {
        "SSEEnabled": True,
        "SSEType": "KMS",
        "KMSMasterKeyId": the_key(responder),
    }
    assert table["PointInTimeRecoverySpecification"] == {"PointInTimeRecoveryEnabled": True}
    assert table["TimeToLiveSpecification"] == {"AttributeName": "expires_at", "Enabled": True}
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert table["DeletionProtectionEnabled"] is True


def test_a_function_has_a_role_and_a_log_of_its_own(responder):
    functions = responder.properties("AWS::Lambda::Function")
    roles = responder.properties("AWS::IAM::Role")
    logs = responder.properties("AWS::Logs::LogGroup")
    for function in functions.values():
        assert function["Runtime"] == "python3.13"
        assert function["Architectures"] == ["arm64"]
        assert 0 < function["Timeout"] <= 60
        role = roles[function["Role"]["Fn::GetAtt"][0]]
        (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
        assert trust["Principal"] == {"Service": "lambda.amazonaws.com"}
        assert function["LoggingConfig"]["LogGroup"]["Ref"] in logs
    for of_function in ("Role", "LoggingConfig"):
        used = [json.dumps(function[of_function]) for function in functions.values()]
        assert len(set(used)) == len(used), f"two functions share a {of_function}"


def test_no_policy_is_managed_by_aws_and_none_stands_inline_in_a_role(responder):
    for role in responder.properties("AWS::IAM::Role").values():
        assert "ManagedPolicyArns" not in role
        inline = [
            statement for policy in role.get("Policies", ()) for statement in policy["PolicyDocument"]["Statement"]
        ]
        assert {statement["Effect"] for statement in inline} <= {"Deny"}  # the role without rights says so of itself


def test_every_log_ends(responder):
    assert all(group["RetentionInDays"] >= 90 for group in responder.properties("AWS::Logs::LogGroup").values())


def test_the_log_of_the_state_machine_holds_no_data(responder):
    for machine in responder.properties("AWS::StepFunctions::StateMachine").values():
        assert machine["LoggingConfiguration"]["IncludeExecutionData"] is False
        assert machine["LoggingConfiguration"]["Level"] == "ALL"


def test_every_admin_is_subscribed_by_channel_language_time_zone_and_address(responder):
    """Without a filter an admin would get the SMS text as a mail, every language, and what is for another one alone."""
    subscribed = {
        (subscription["Protocol"], subscription["Endpoint"], json.dumps(subscription["FilterPolicy"], sort_keys=True))
        for subscription in responder.properties("AWS::SNS::Subscription").values()
        if plain(subscription["TopicArn"]) == "${AdminsCases}"
    }
    wanted = set()
    for admin in SETTINGS.admins:
        for channel, protocol, address in (("email", "email", admin.email), ("sms", "sms", admin.phone)):
            if address:
                only = {
                    "channel": [channel],
                    "language": [admin.language],
                    "time_zone": [admin.time_zone],
                    "to": ["all", admin.email.lower()],
                }
                wanted.add((protocol, address, json.dumps(only, sort_keys=True)))
    assert subscribed == wanted


def test_every_admin_hears_of_the_responders_own_troubles(responder):
    subscriptions = responder.properties("AWS::SNS::Subscription").values()
    heard = [subscription for subscription in subscriptions if plain(subscription["TopicArn"]) == "${AdminsAlarms}"]
    assert sorted(recipient["Endpoint"] for recipient in heard) == sorted(admin.email for admin in SETTINGS.admins)
    assert all(recipient["Protocol"] == "email" and "FilterPolicy" not in recipient for recipient in heard)


def test_an_alarm_tells_the_admins_and_means_something(responder):
    alarms = responder.properties("AWS::CloudWatch::Alarm")
    assert {re.sub("[0-9A-F]{8}$", "", key) for key in alarms} >= {
        "AlarmsExecutionFailed",
        "AlarmsExecutionTimedOut",
        "AlarmsMailWaits",
        "AlarmsMailNotUnderstood",
        "AlarmsWatchFailed",
        "AlarmsClockFailed",
        "AlarmsClockTimedOut",
        "AlarmsReleaseFailed",
    }
    for alarm in alarms.values():
        assert [plain(alarmaction) for alarmaction in alarm["AlarmActions"]] == ["${AdminsAlarms}"]
        assert alarm["TreatMissingData"] == "notBreaching"  # a quiet month is no alarm
        assert len(alarm["AlarmDescription"]) > 20


# What other accounts' roles and IAM conditions name.
NAMED = {
    "AWS::IAM::ManagedPolicy": DENY_POLICY,
    "AWS::IAM::InstanceProfile": NO_RIGHTS_PROFILE,
    "AWS::IAM::Role": NO_RIGHTS_ROLE,
}


def test_nothing_bears_a_name_of_our_choice(responder):
    named = [
        f"{key}.{name}"
        for key, resource in responder.json["Resources"].items()
        if resource["Type"] != "AWS::IAM::Policy"  # its name is the CDK's, and lives within its role
        for name, value in resource.get("Properties", {}).items()
        if NAMES.fullmatch(name) and isinstance(value, str) and value != NAMED.get(resource["Type"])
    ]
    assert named == []


def test_the_template_names_no_account_no_region_and_no_partition(responder):
    """It deploys anywhere: nothing was looked up when it was made."""
    text = json.dumps(responder.json["Resources"])
    assert not re.search(r"arn:aws[a-z-]*:", text)
    assert not re.search(r"\b[a-z]{2}(-[a-z]+)+-\d\b", text)
    assert not re.search(r"(?<!\+)\b\d{12}\b", re.sub(r'"S3Key": "[^"]*"', "", text))


def test_every_output_is_described(responder):
    made = {key: value for key, value in responder.json["Outputs"].items() if not key.startswith("ExportsOutput")}
    assert "RespondMachine" in made
    for name, output in made.items():
        assert len(output.get("Description", "")) > 20, name


def test_cdk_nag_finds_nothing(assembly):
    assert assembly.findings == []


def test_cfn_lint_finds_nothing(assembly):
    # W3005: the CDK writes down dependencies that references imply already.
    lint = [Path(sys.executable).with_name("cfn-lint"), "--regions", "eu-west-1", "--ignore-checks", "W3005", "--"]
    done = subprocess.run(
        [*lint, str(assembly.responder.file), str(assembly.mail.file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
