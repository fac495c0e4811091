"""Put each new entry of a timeline on the event bus, as the case table's stream tells of it.

The table is written by the steps that contain and tell; none of them waits for the bus or can fail because of it.
"""

import json
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas.aws import client
from lambdas.domain.case.case_event import DETAIL_TYPE, SOURCE, case_event
from lambdas.domain.case.timeline import TimelineEntry
from lambdas.domain.errors import NotPublished
from lambdas.domain.settings.function_config import PublishConfig
from lambdas.load_config import load_config
from lambdas.timeline import load_case

logger = Logger(service="publish")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  Lambda passes it
    """Take one record of the stream, as the batch size is 1: an entry's insertion, by the filter in
    stacks/case_storage.py.

    What raises is tried again in its order for hours, then told by an alarm. So an entry may be sent twice, with the
    same `id`. Raises NotPublished where EventBridge refuses it.
    https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
    """
    for record in event["Records"]:
        keys, item = record["dynamodb"]["Keys"], record["dynamodb"]["NewImage"]
        case, sort = keys["pk"]["S"], keys["sk"]["S"]
        entry = TimelineEntry.from_json(json.loads(item["data"]["S"]))
        _put(case_event(case, sort, entry, load_case(case)))


def _put(detail: dict[str, Any]) -> None:
    """An entry that EventBridge refuses is no error of the call: it stands in the answer.

    https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html
    """
    answer = client("events").put_events(
        Entries=[
            {
                "EventBusName": load_config(PublishConfig).event_bus,
                "Source": SOURCE,
                "DetailType": DETAIL_TYPE,
                "Detail": json.dumps(detail),
            }
        ]
    )
    if answer["FailedEntryCount"]:
        (refused,) = answer["Entries"]
        raise NotPublished(f"{detail['id']}: {refused['ErrorCode']}: {refused['ErrorMessage']}")
