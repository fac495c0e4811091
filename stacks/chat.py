"""A topic for Amazon Q Developer in chat applications, with custom notifications.

https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html
"""

from aws_cdk import RemovalPolicy
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_kms as kms
from aws_cdk import aws_sns as sns
from aws_cdk import aws_sqs as sqs
from constructs import Construct

from lambdas.domain.case.case_event import DETAIL_TYPE, SOURCE


class ChatTopic(Construct):
    """The topic, and the rule that sends events from the bus to it.

    It has a separate key: EventBridge publishes without a source account or ARN, so the key's policy must allow the
    whole service, which must not get access to the main key.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, bus: events.EventBus, dead_letters: sqs.Queue) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(self, "Key", enable_key_rotation=True, removal_policy=RemovalPolicy.DESTROY)
        self.topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True, display_name="AWS abuse, for chats")
        events.Rule(
            self,
            "Rule",
            description="Sends each change of an abuse case to the chat topic",
            event_bus=bus,
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=[DETAIL_TYPE]),
            targets=[
                targets.SnsTopic(
                    self.topic, dead_letter_queue=dead_letters, message=events.RuleTargetInput.from_object(_message())
                )
            ],
        )


def _message() -> dict[str, object]:
    """The message of an event. Only `chat` holds text from others, cleaned of mentions and links."""
    field = events.EventField.from_path
    return {
        "version": "1.0",
        "source": "custom",
        "id": field("$.detail.id"),
        "content": {
            "textType": "client-markdown",
            "title": field("$.detail.chat.title"),
            "description": field("$.detail.chat.text"),
            "nextSteps": [f"python -m desk show {field('$.detail.case')}"],
            "keywords": [field("$.detail.state"), field("$.detail.entry.kind")],
        },
        "metadata": {
            "threadId": field("$.detail.case"),
            "summary": field("$.detail.chat.title"),
            "eventType": field("$.detail.entry.kind"),
        },
    }
