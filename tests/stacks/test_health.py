"""Where the responder lives elsewhere, abuse events are sent to its Region from both Regions that get them."""

import pytest
from aws_cdk import App
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks

from stacks.health import DELIVERED_IN, AbuseResponderHealth

HOME = "eu-central-1"


@pytest.fixture(scope="module")
def stacks():
    app = App()
    nag = AwsSolutionsChecks(app)
    made = [
        AbuseResponderHealth(app, f"Health-{region}", delivered_in=region, home_region=HOME) for region in DELIVERED_IN
    ]
    return [(Template.from_stack(stack).to_json()["Resources"], nag.validate_scope(stack)) for stack in made]


def test_both_regions_send_abuse_events_home(stacks):
    for resources, _ in stacks:
        (rule,) = [resource["Properties"] for resource in resources.values() if resource["Type"] == "AWS::Events::Rule"]
        assert rule["EventPattern"] == {"source": ["aws.health"], "detail": {"service": ["ABUSE", "RISK"]}}
        (target,) = rule["Targets"]
        assert target["Arn"]["Fn::Join"][1][-1] == ":event-bus/default"
        assert f":events:{HOME}:" in "".join(str(part) for part in target["Arn"]["Fn::Join"][1])


def test_the_rule_may_put_events_on_that_bus_and_do_nothing_else(stacks):
    for resources, _ in stacks:
        (policy,) = [
            resource["Properties"] for resource in resources.values() if resource["Type"] == "AWS::IAM::Policy"
        ]
        (statement,) = policy["PolicyDocument"]["Statement"]
        (rule,) = [resource["Properties"] for resource in resources.values() if resource["Type"] == "AWS::Events::Rule"]
        assert statement["Action"] == "events:PutEvents"
        assert statement["Resource"] == rule["Targets"][0]["Arn"]


def test_cdk_nag_finds_nothing(stacks):
    for _, report in stacks:
        assert report.success, report.violations
