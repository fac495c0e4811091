"""The second way in: abuse events of AWS Health, through EventBridge.

Customers cannot send such events, so no proof of origin is needed. AWS delivers abuse events in us-east-1, with a copy
in us-west-2, wherever the resource lies: https://docs.aws.amazon.com/health/latest/ug/choosing-a-region.html
"""

from aws_cdk import Environment, Stack
from aws_cdk import aws_events as events
from aws_cdk import aws_events_targets as targets
from aws_cdk import aws_sqs as sqs
from constructs import Construct

DELIVERED_IN = ("us-east-1", "us-west-2")


def abuse_events() -> events.EventPattern:
    """Matched by service, because AWS adds event codes. RISK is exposed credentials."""
    return events.EventPattern(source=["aws.health"], detail={"service": ["ABUSE", "RISK"]})


class HealthEvents(Construct):
    """Abuse events of this Region's default bus, put into the intake queue."""

    def __init__(self, scope: Construct, construct_id: str, *, queue: sqs.IQueue, dead_letters: sqs.IQueue) -> None:
        super().__init__(scope, construct_id)
        self.rule = events.Rule(
            self,
            "AbuseEvents",
            description="Sends AWS Health's abuse events to the intake queue",
            event_pattern=abuse_events(),
            targets=[targets.SqsQueue(queue, dead_letter_queue=dead_letters)],
        )


class AbuseResponderHealth(Stack):
    """Sends abuse events from another Region to the responder's, which treats an event and its copy as one."""

    def __init__(self, scope: Construct, construct_id: str, *, delivered_in: str, home_region: str) -> None:
        super().__init__(
            scope,
            construct_id,
            env=Environment(region=delivered_in),
            description="Sends AWS Health's abuse events to the Region of AbuseResponder",
        )
        home = events.EventBus.from_event_bus_arn(
            self, "Home", f"arn:{self.partition}:events:{home_region}:{self.account}:event-bus/default"
        )
        events.Rule(
            self,
            "AbuseEvents",
            description=f"Sends AWS Health's abuse events to {home_region}",
            event_pattern=abuse_events(),
            targets=[targets.EventBus(home)],
        )
