"""SNS logs SMS by a role that may write its own logs only, and only where an admin has a phone."""

import json

from aws_cdk import App

from app import build
from tests.stacks.assembly import ROOT, plain

LOGS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:sns/${AWS::Region}/${AWS::AccountId}/*"


def test_sns_may_write_its_own_logs_and_nothing_else(responder, roles):
    _, role = responder.the("AWS::IAM::Role", "SmsLogRole")
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    assert trust["Principal"] == {"Service": "sns.amazonaws.com"}
    (may,) = roles["SmsLogRole"]
    assert (set(may["Action"]), may["Resource"]) == (
        {"logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"},
        LOGS,
    )


def test_the_setting_is_taken_off_before_its_role_is_gone(responder):
    ((_, setting),) = responder.of("Custom::SmsLog").items()
    assert plain(setting["Properties"]["Role"]) == "${SmsLogRole.Arn}"
    assert {logical_id[:10] for logical_id in setting["DependsOn"]} == {"SmsLogRole"}  # and its policy
    assert setting["Properties"]["ServiceTimeout"] == "300"


def test_without_a_phone_there_is_nothing_of_it():
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    context["responder"]["admins"] = [{"name": "Ben Backup", "email": "ben@example.com"}]
    app = App(context={**context, "aws:cdk:bundling-stacks": []})
    build(app)
    template = app.synth().get_stack_by_name("AbuseResponder").template
    assert not any(key.startswith("Sms") for key in (*template["Resources"], *template["Outputs"]))
