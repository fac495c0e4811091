"""What must hold in the mail stack's template, for every way of activation, with and without a hosted zone."""

import json
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from aws_cdk import App, Stack
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from aws_cdk import aws_s3 as s3
from aws_cdk import aws_sns as sns
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks

from lambdas.domain.settings.settings import Settings
from stacks.mail import AbuseResponderMail
from stacks.receipt_rule import receipt_rule_arn

BLOCK = {
    "recipient": "abuse-k7f3q9@abuse-in.example.com",
    "admins": [{"name": "Ada Admin", "email": "ada@example.com"}],
}
ZONE = {"responder.hosted_zone": '{"id": "Z0123456789ABC", "name": "example.com"}'}
VARIANTS = {
    "activate-if-none": {"responder.rule_set.activation": "activate-if-none"},
    "replace": {"responder.rule_set.activation": "replace"},
    "none": {"responder.rule_set.activation": "none"},
    "append": {"responder.rule_set.activation": "append", "responder.rule_set.name": "default-rule-set"},
    "zone": ZONE,
}
SWITCHING = ["activate-if-none", "replace", "zone"]
WITH_OWN_SET = [*SWITCHING, "none"]


@pytest.fixture(scope="module")
def stacks(tmp_path_factory):
    """Each variant's stack, template and nag report; one synthesis for the module, because jsii starts slowly."""
    out = tmp_path_factory.mktemp("cdk.out")
    app = App(outdir=str(out), context={"@aws-cdk/core:newStyleStackSynthesis": True})
    nag = AwsSolutionsChecks(app, verbose=True)
    other = Stack(app, "Other")
    key = kms.Key(other, "Key")
    bucket = s3.Bucket(other, "Mail", encryption_key=key)
    arrived = sns.Topic(other, "Arrived", master_key=key)
    code = lambda_.Code.from_inline("stand-in")
    made = {}
    for name, overrides in VARIANTS.items():
        settings = Settings.parse(BLOCK, overrides)
        stack = AbuseResponderMail(app, f"Mail-{name}", settings=settings, bucket=bucket, arrived=arrived, code=code)
        made[name] = SimpleNamespace(stack=stack, settings=settings, report=nag.validate_scope(stack))
    app.synth()
    for name, variant in made.items():
        variant.file = out / f"Mail-{name}.template.json"
        variant.template = Template.from_stack(variant.stack)
        variant.json = json.loads(variant.file.read_text())
    return made


@pytest.fixture(params=VARIANTS)
def mail(request, stacks):
    return stacks[request.param]


def of_type(mail, kind):
    return {key: resource for key, resource in mail.json["Resources"].items() if resource["Type"] == kind}


def the(mail, kind):
    (resource,) = of_type(mail, kind).values()
    return resource["Properties"]


def needs(mail, start):
    """Every resource that must be there before `start`, directly or not."""
    found, waiting = set(), [start]
    while waiting:
        resource = mail.json["Resources"][waiting.pop()]
        after = resource.get("DependsOn", [])
        text = json.dumps(resource["Properties"])
        named = [
            key for key in mail.json["Resources"] if f'"Ref": "{key}"' in text or f'"Fn::GetAtt": ["{key}"' in text
        ]
        for key in [*([after] if isinstance(after, str) else after), *named]:
            if key not in found:
                found.add(key)
                waiting.append(key)
    return found


def test_the_rule_takes_our_mail_only_and_stores_it_once(mail):
    rule = the(mail, "AWS::SES::ReceiptRule")
    assert "After" not in rule  # so SES puts it first
    assert rule["RuleSetName"] == mail.settings.rule_set
    assert {key: rule["Rule"][key] for key in ("Name", "Enabled", "Recipients", "ScanEnabled", "TlsPolicy")} == {
        "Name": "abuse-responder-intake",
        "Enabled": True,
        "Recipients": ["abuse-k7f3q9@abuse-in.example.com"],
        "ScanEnabled": True,
        "TlsPolicy": "Require",
    }
    (action,) = rule["Rule"]["Actions"]
    assert list(action) == ["S3Action"]
    store = action["S3Action"]
    assert store["ObjectKeyPrefix"] == "mail/"
    assert "Mail" in store["BucketName"]["Fn::ImportValue"]
    assert "Arrived" in store["TopicArn"]["Fn::ImportValue"]
    assert "KmsKeyArn" not in store


def test_the_arn_in_the_policies_names_this_rule(mail):
    rule = the(mail, "AWS::SES::ReceiptRule")
    assert mail.stack.resolve(receipt_rule_arn(mail.stack, mail.settings)) == {
        "Fn::Join": [
            "",
            [
                "arn:",
                {"Ref": "AWS::Partition"},
                ":ses:",
                {"Ref": "AWS::Region"},
                ":",
                {"Ref": "AWS::AccountId"},
                f":receipt-rule-set/{rule['RuleSetName']}:receipt-rule/{rule['Rule']['Name']}",
            ],
        ]
    }


@pytest.mark.parametrize("name", WITH_OWN_SET)
def test_our_set_is_activated_when_its_rule_is_there_and_deactivated_before_it_goes(stacks, name):
    mail = stacks[name]
    assert the(mail, "AWS::SES::ReceiptRuleSet") == {"RuleSetName": "abuse-responder"}
    (activation,) = of_type(mail, "Custom::ActiveRuleSet")
    before = needs(mail, activation)
    assert set(of_type(mail, "AWS::SES::ReceiptRule")) <= before
    assert set(of_type(mail, "AWS::SES::ReceiptRuleSet")) <= before
    (rule,) = of_type(mail, "AWS::SES::ReceiptRule")
    assert set(of_type(mail, "AWS::SES::ReceiptRuleSet")) <= needs(mail, rule)


def test_append_makes_no_set_and_looks_before_it_adds_the_rule(stacks):
    mail = stacks["append"]
    assert not of_type(mail, "AWS::SES::ReceiptRuleSet")
    (rule,) = of_type(mail, "AWS::SES::ReceiptRule")
    assert set(of_type(mail, "Custom::ActiveRuleSet")) <= needs(mail, rule)


def test_the_function_and_its_rights_are_there_before_it_is_asked(mail):
    (activation,) = of_type(mail, "Custom::ActiveRuleSet")
    before = needs(mail, activation)
    for kind in ("AWS::Lambda::Function", "AWS::IAM::Role", "AWS::IAM::Policy", "AWS::Logs::LogGroup"):
        assert set(of_type(mail, kind)) <= before, kind


def test_the_resource_asks_what_the_settings_say(mail):
    asked = the(mail, "Custom::ActiveRuleSet")
    (function,) = of_type(mail, "AWS::Lambda::Function")
    assert asked == {
        "ServiceToken": {"Fn::GetAtt": [function, "Arn"]},
        "ServiceTimeout": "300",
        "Mode": mail.settings.activation.value,
        "RuleSet": mail.settings.rule_set,
    }


def test_the_function_may_look_and_switch_and_write_its_log(mail):
    (policy,) = of_type(mail, "AWS::IAM::Policy").values()
    (role,) = of_type(mail, "AWS::IAM::Role").values()
    assert "ManagedPolicyArns" not in role["Properties"]
    assert "Policies" not in role["Properties"]
    allowed = {}
    for statement in policy["Properties"]["PolicyDocument"]["Statement"]:
        assert statement["Effect"] == "Allow"
        actions = statement["Action"] if isinstance(statement["Action"], list) else [statement["Action"]]
        allowed |= dict.fromkeys(actions, statement["Resource"])
    (log_group,) = of_type(mail, "AWS::Logs::LogGroup")
    logs = {key: allowed.pop(key) for key in ("logs:CreateLogStream", "logs:PutLogEvents")}
    assert all(resource == {"Fn::GetAtt": [log_group, "Arn"]} for resource in logs.values())
    look = {"ses:DescribeActiveReceiptRuleSet": "*"}
    none = mail.settings.activation.value == "none"
    assert allowed == (look if none else look | {"ses:SetActiveReceiptRuleSet": "*"})


def test_the_function_runs_the_handler_and_its_log_ends(mail):
    function = the(mail, "AWS::Lambda::Function")
    assert function["Handler"] == "lambdas.activate_rule_set.handler"
    assert function["Runtime"] == "python3.13"
    assert function["Architectures"] == ["arm64"]
    assert the(mail, "AWS::Logs::LogGroup")["RetentionInDays"] > 0


def test_ses_holds_the_domain_of_the_recipient(mail):
    assert the(mail, "AWS::SES::EmailIdentity")["EmailIdentity"] == "abuse-in.example.com"


def test_with_a_zone_the_records_are_made(stacks):
    mail = stacks["zone"]
    records = [record_set["Properties"] for record_set in of_type(mail, "AWS::Route53::RecordSet").values()]
    (mx,) = [record for record in records if record["Type"] == "MX"]
    assert mx["Name"] == "abuse-in.example.com."
    assert mx["ResourceRecords"] == [{"Fn::Join": ["", ["10 inbound-smtp.", {"Ref": "AWS::Region"}, ".amazonaws.com"]]}]
    (identity,) = of_type(mail, "AWS::SES::EmailIdentity")
    names = [{"Fn::GetAtt": [identity, f"DkimDNSTokenName{n}"]} for n in (1, 2, 3)]
    assert [record["Name"] for record in records if record["Type"] == "CNAME"] == names
    assert {record["HostedZoneId"] for record in records} == {"Z0123456789ABC"}
    assert list(mail.json["Outputs"]) == ["IntakeAddress", "MxRecord", "ActiveRuleSet", "NextSteps"]


@pytest.mark.parametrize("name", [name for name in VARIANTS if name != "zone"])
def test_without_a_zone_the_records_are_told(stacks, name):
    mail = stacks[name]
    assert not of_type(mail, "AWS::Route53::RecordSet")
    dkim = ["DkimRecord1", "DkimRecord2", "DkimRecord3"]
    assert list(mail.json["Outputs"]) == ["IntakeAddress", "MxRecord", *dkim, "ActiveRuleSet", "NextSteps"]


def test_every_output_is_described_and_fits(mail):
    for output in mail.json["Outputs"].values():
        assert 10 < len(output["Description"]) <= 1024
        assert len(json.dumps(output["Value"])) <= 1024


@pytest.mark.parametrize("name", VARIANTS)
def test_the_next_steps_say_to_activate_only_where_nobody_else_does(stacks, name):
    steps = json.dumps(stacks[name].json["Outputs"]["NextSteps"]["Value"])
    assert ("set-active-receipt-rule-set --rule-set-name abuse-responder" in steps) == (name == "none")
    assert ("CNAME" in steps) == (name != "zone")


def test_cdk_nag_finds_nothing(mail):
    assert [f"{violation.rule_name}: {violation.description}" for violation in mail.report.violations] == []
    assert mail.report.success


def test_cfn_lint_finds_nothing(stacks):
    files = [str(stack.file) for stack in stacks.values()]
    # W3005: CDK writes down dependencies that references imply already.
    lint = [Path(sys.executable).with_name("cfn-lint"), "--regions", "eu-west-1", "--ignore-checks", "W3005", "--"]
    done = subprocess.run(
        [*lint, *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
