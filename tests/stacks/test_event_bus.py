"""The bus: filled by one function from the table's stream, kept as long as all else; and the topic for chats."""

import json
from dataclasses import replace

import pytest
from aws_cdk import App
from aws_cdk import aws_lambda as lambda_
from aws_cdk.assertions import Template
from cdk_nag import AwsSolutionsChecks

from lambdas.domain.case.case_event import case_event
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from stacks.responder import AbuseResponder
from tests.samples import ARRIVAL, CASE
from tests.stacks.assembly import plain
from tests.stacks.test_responder import SETTINGS


@pytest.fixture(scope="module")
def with_chat():
    app = App()
    code = lambda_.Code.from_inline("the code is of no matter here")
    stack = AbuseResponder(app, "WithChat", settings=replace(SETTINGS, chat_topic=True), code=code)
    findings = AwsSolutionsChecks(app, verbose=True).validate_scope(stack).violations
    return Template.from_stack(stack).to_json()["Resources"], [finding.rule_name for finding in findings]


def test_only_this_account_puts_on_the_bus(responder):
    """A bus without a policy takes nothing from another account; who may within it say the roles."""
    assert len(responder.of("AWS::Events::EventBus")) == 1
    assert responder.of("AWS::Events::EventBusPolicy") == {}


def test_what_was_sent_is_kept_as_long_as_all_else(responder):
    (archive,) = responder.properties("AWS::Events::Archive").values()
    assert plain(archive["SourceArn"]) == "${BusEvents.Arn}"
    assert archive["RetentionDays"] == SETTINGS.retention_days
    assert archive["EventPattern"] == {"source": ["abuse-responder"]}


def test_each_new_entry_of_a_timeline_is_published_and_what_cannot_be_is_kept_apart(responder):
    _, table = responder.the("AWS::DynamoDB::Table", "CasebookCases")
    assert table["StreamSpecification"] == {"StreamViewType": "NEW_IMAGE"}
    _, feed = responder.the("AWS::Lambda::EventSourceMapping", "BusPublishTimeline")
    assert plain(feed["EventSourceArn"]) == "${CasebookCases.StreamArn}"
    (pattern,) = [json.loads(event_filter["Pattern"]) for event_filter in feed["FilterCriteria"]["Filters"]]
    assert pattern == {"eventName": ["INSERT"], "dynamodb": {"Keys": {"sk": {"S": [{"prefix": "entry#"}]}}}}
    assert feed["BatchSize"] == 1  # the handler raises for its whole batch
    assert "MaximumRetryAttempts" not in feed  # again and again, until the stream forgets the record
    assert feed["MaximumRecordAgeInSeconds"] < 24 * 3600
    assert plain(feed["DestinationConfig"]["OnFailure"]["Destination"]) == "${BusDeadLetters.Arn}"


def test_no_rule_listens_unless_the_settings_ask_for_a_chat(responder):
    assert not any("EventBusName" in rule for rule in responder.properties("AWS::Events::Rule").values())
    assert "ChatTopic" not in responder.json["Outputs"]


def of_chat(resources, kind):
    return [
        resource["Properties"]
        for key, resource in resources.items()
        if resource["Type"] == kind and key.startswith("BusChat")
    ]


def test_a_chat_gets_a_topic_and_a_key_of_its_own(with_chat):
    resources, findings = with_chat
    assert findings == []
    (topic,) = of_chat(resources, "AWS::SNS::Topic")
    assert plain(topic["KmsMasterKeyId"]) == "${BusChatKey.Arn}"
    (key,) = of_chat(resources, "AWS::KMS::Key")
    services = [plain(statement) for statement in key["KeyPolicy"]["Statement"] if "Service" in statement["Principal"]]
    assert [(service["Principal"], set(service["Action"])) for service in services] == [
        ({"Service": "events.amazonaws.com"}, {"kms:Decrypt", "kms:GenerateDataKey*"})
    ]
    (policy,) = of_chat(resources, "AWS::SNS::TopicPolicy")
    publishers = [statement for statement in policy["PolicyDocument"]["Statement"] if statement["Effect"] == "Allow"]
    assert [(publisher["Principal"], publisher["Action"]) for publisher in publishers] == [
        ({"Service": "events.amazonaws.com"}, "sns:Publish")
    ]


def test_a_chat_gets_the_one_form_of_message_that_it_shows(with_chat):
    resources, _ = with_chat
    (rule,) = of_chat(resources, "AWS::Events::Rule")
    assert plain(rule["EventBusName"]) == "${BusEvents}"
    assert rule["EventPattern"] == {"source": ["abuse-responder"], "detail-type": ["Abuse case changed"]}
    (target,) = rule["Targets"]
    assert plain(target["DeadLetterConfig"]["Arn"]) == "${BusDeadLetters.Arn}"
    words = 'it said "stop" \\ <!channel> @here'
    entry = TimelineEntry(
        ARRIVAL.received_at, EntryKind.DECLINED, "arn:aws:iam::123456789012:user/ada", words, "i-0a7b1dd0e3f94c256"
    )
    told = json.loads(transformed(target["InputTransformer"], {"detail": case_event(CASE, "entry#x", entry, None)}))
    assert told == {
        "version": "1.0",
        "source": "custom",
        "id": f"{CASE}/x",
        "content": {
            "textType": "client-markdown",
            "title": f"Abuse case {CASE}: declined i-0a7b1dd0e3f94c256",
            "description": (
                'it said "stop" \\ &lt;!channel&gt; (at)here\n'
                "By arn:aws:iam::123456789012:user/ada (claimed). The case is unknown."
            ),
            "nextSteps": [f"python -m desk show {CASE}"],
            "keywords": ["unknown", "declined"],
        },
        "metadata": {
            "threadId": CASE,
            "summary": f"Abuse case {CASE}: declined i-0a7b1dd0e3f94c256",
            "eventType": "declined",
        },
    }


def transformed(transformer, event):
    """As EventBridge does: a value within quotes goes in as it is, one that stands alone as JSON.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
    """
    text = transformer["InputTemplate"]
    for name, path in transformer["InputPathsMap"].items():
        value = event
        for step in path.removeprefix("$.").split("."):
            value = value[step]
        text = text.replace(f":<{name}>", f":{json.dumps(value)}")
        text = text.replace(f"[<{name}>", f"[{json.dumps(value)}").replace(f",<{name}>", f",{json.dumps(value)}")
        text = text.replace(f"<{name}>", value)
    return text
