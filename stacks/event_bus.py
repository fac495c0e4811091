"""The event bus for other systems: each new timeline entry of a case becomes an event.

Events and their archive are encrypted with EventBridge's key: with ours, every rule of another team would need it. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-encryption-at-rest-key-options.html
"""

from aws_cdk import Duration
from aws_cdk import aws_events as events
from aws_cdk import aws_iam as iam
from aws_cdk import aws_kms as kms
from aws_cdk import aws_lambda as lambda_
from constructs import Construct

from lambdas.domain.case.case_event import SOURCE
from lambdas.domain.settings.function_config import PublishConfig
from lambdas.domain.settings.settings import Settings
from stacks.case_storage import CaseStorage
from stacks.chat import ChatTopic
from stacks.dead_letters import dead_letters
from stacks.function_builder import allow_key_use, make_function


class CaseEventBus(Construct):
    """The bus, its archive, the function `publish` that fills it from the case table, and the chat topic."""

    def __init__(
        self,
        scope: Construct,
        construct_id: str,
        *,
        settings: Settings,
        code: lambda_.Code,
        storage: CaseStorage,
        key: kms.Key,
    ) -> None:
        super().__init__(scope, construct_id)
        self.bus = events.EventBus(self, "Events", description="Each change of an abuse case, for your own rules")
        self.bus.archive(
            "Archive",
            description="Past events, to replay to rules that were created later",
            event_pattern=events.EventPattern(source=[SOURCE]),
            retention=Duration.days(settings.retention_days),
        )
        self.dead_letters = dead_letters(self)
        self._publish(storage, code, key, settings.retention_days)
        self.chat = (
            ChatTopic(self, "Chat", bus=self.bus, dead_letters=self.dead_letters) if settings.chat_topic else None
        )

    def _publish(self, storage: CaseStorage, code: lambda_.Code, key: kms.Key, retention_days: int) -> None:
        """One entry at a time, in order, retried until the bus accepts it."""
        publish = make_function(
            self,
            "Publish",
            code=code,
            handler="lambdas.publish.handler",
            config=PublishConfig(
                case_table=storage.table.table_name, retention_days=retention_days, event_bus=self.bus.event_bus_name
            ),
            permissions=[
                iam.PolicyStatement(actions=["events:PutEvents"], resources=[self.bus.event_bus_arn]),
                iam.PolicyStatement(actions=["dynamodb:Query"], resources=[storage.table.table_arn]),
                *storage.stream_permissions,
                allow_key_use(key, "dynamodb"),
            ],
        )
        storage.stream_to(publish, batch_size=1, dead_letters=self.dead_letters)
