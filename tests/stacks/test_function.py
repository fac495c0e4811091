"""What cdk-nag finds is acknowledged in every Region: an open finding fails the synthesis, so nothing is deployed."""

import json

import pytest
from aws_cdk import App

from app import build
from tests.stacks.assembly import ROOT, cdk_nag

PHONES = pytest.mark.parametrize("phone", ["+12025550123", None], ids=["phones", "no phones"])
# Every setting that adds rights or a stack.
ALL = {
    "members": {"accounts": ["444455556666"], "external_id": "k7f3q9-abuse-responder"},
    "method": "stop",
    "two_step_seconds": 10,
    "chat_topic": True,
    "evidence_lock_days": 30,
    "snapshot_lock_days": 30,
    "snapshot_copy_key": "alias/copies",
    "hosted_zone": {"id": "Z0123456789ABCDEFGHIJ", "name": "example.com"},
}


def findings(phone, **settings):
    """The open findings, and the Region of each stack that is synthesised."""
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    admins = [{"name": "Ada Admin", "email": "ada@example.com", "phone": phone}]
    context["responder"].update(settings, admins=admins)
    app = App(context={**context, "aws:cdk:bundling-stacks": []})
    build(app)
    return cdk_nag(app), {stack.stack_name: stack.environment.region for stack in app.synth().stacks}


@PHONES
@pytest.mark.parametrize("region", [None, "us-east-1", "eu-central-1", "ap-northeast-1"])
def test_no_finding_is_open_in_any_region(region, phone):
    found, stacks = findings(phone, home_region=region)
    assert found == []
    assert stacks["AbuseResponder"] == stacks["AbuseResponderMail"] == (region or "unknown-region")


@PHONES
def test_no_finding_is_open_with_all_that_can_be_set(phone):
    found, stacks = findings(phone, home_region="eu-central-1", **ALL)
    assert found == []
    assert "AbuseResponderMember" in stacks
