"""A topic for Amazon Q Developer in chat applications, in the one form of message of others that it does not drop.

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
    """The topic and the rule that fills it from the bus.

    Its key is its own: EventBridge shows a key neither account nor rule when it publishes, so the key's policy can
    name no more than the service, which must not reach what lies under the other key.
    https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html
    """

    def __init__(self, scope: Construct, construct_id: str, *, bus: events.EventBus, dead_letters: sqs.Queue) -> None:
        super().__init__(scope, construct_id)
        key = kms.Key(self, "Key", enable_key_rotation=True, removal_policy=RemovalPolicy.DESTROY)
        self.topic = sns.Topic(self, "Topic", master_key=key, enforce_ssl=True, display_name="AWS abuse, for chats")
        events.Rule(
            self,
            "Rule",
            description="Each change of an abuse case: to the topic for chats",
            event_bus=bus,
            event_pattern=events.EventPattern(source=[SOURCE], detail_type=[DETAIL_TYPE]),
            targets=[
                targets.SnsTopic(
                    self.topic, dead_letter_queue=dead_letters, message=events.RuleTargetInput.from_object(_message())
                )
            ],
        )


def _message() -> dict[str, object]:
    """The message of an event. Only `chat` of it holds words of others, and these cannot call or link."""
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
