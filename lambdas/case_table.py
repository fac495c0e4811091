"""The case table: one partition for each case. Repeated writes change nothing.

docs/architecture.md lists the items. Their `data` is JSON text.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.domain.case.table_keys import CASE, CONTAINED, HOUR_PREFIX, RESOURCE_PREFIX
from lambdas.domain.settings.function_config import CaseTableConfig
from lambdas.load_config import load_config

_CONDITION_FAILED = "ConditionalCheckFailedException"


def write_once(case: str, sort: str, data: dict[str, Any]) -> dict[str, Any]:
    """Write an item that must never change. Returns what the table has: `data`, or the earlier version."""
    try:
        _put(case, sort, data, ConditionExpression="attribute_not_exists(pk)")
    except ClientError as error:
        if error.response["Error"]["Code"] != _CONDITION_FAILED:
            raise
        return read_item(case, sort) or data
    return data


def write(case: str, sort: str, data: dict[str, Any]) -> None:
    """Write an item whose newest version counts."""
    _put(case, sort, data)


def read_item(case: str, sort: str) -> dict[str, Any] | None:
    """One item of a case, or None."""
    item = client("dynamodb").get_item(TableName=_table(), Key=_key(case, sort), ConsistentRead=True).get("Item")
    return json.loads(item["data"]["S"]) if item else None


def read_items(case: str) -> dict[str, dict[str, Any]]:
    """All items of a case by sort key."""
    pages = (
        client("dynamodb")
        .get_paginator("query")
        .paginate(
            TableName=_table(),
            KeyConditionExpression="pk = :case",
            ExpressionAttributeValues={":case": {"S": case}},
            ConsistentRead=True,
        )
    )
    return {item["sk"]["S"]: json.loads(item["data"]["S"]) for page in pages for item in page["Items"]}


def take_lock(case: str, sort: str, owner: str, *, stale_after: timedelta) -> bool:
    """Whether `owner` gets the lock. Its owner may take it again."""
    now = datetime.now(UTC)
    try:
        _put(
            case,
            sort,
            {"owner": owner},
            extra={"owner": {"S": owner}, "since": {"N": str(int(now.timestamp()))}},
            ConditionExpression="attribute_not_exists(pk) OR #owner = :owner OR #since < :stale",
            ExpressionAttributeNames={"#owner": "owner", "#since": "since"},
            ExpressionAttributeValues={
                ":owner": {"S": owner},
                ":stale": {"N": str(int((now - stale_after).timestamp()))},
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != _CONDITION_FAILED:
            raise
        return False
    return True


def claim_resource(what: str, case: str, *, numbered: bool, stale_after: timedelta) -> str:
    """The newest case about an instance or address: `case`, unless another one has claimed it within `stale_after`.

    A case with AWS's number cannot lose it to one without.
    """
    now = datetime.now(UTC)
    free = "attribute_not_exists(pk) OR #case = :case OR #since < :stale"
    try:
        _put(
            f"{RESOURCE_PREFIX}{what}",
            CASE,
            {"case": case},
            extra={"case": {"S": case}, "since": {"N": str(int(now.timestamp()))}, "numbered": {"BOOL": numbered}},
            ConditionExpression=f"{free} OR #numbered = :no" if numbered else free,
            ExpressionAttributeNames={"#case": "case", "#since": "since"}
            | ({"#numbered": "numbered"} if numbered else {}),
            ExpressionAttributeValues={
                ":case": {"S": case},
                ":stale": {"N": str(int((now - stale_after).timestamp()))},
            }
            | ({":no": {"BOOL": False}} if numbered else {}),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != _CONDITION_FAILED:
            raise
        return str((read_item(f"{RESOURCE_PREFIX}{what}", CASE) or {"case": case})["case"])
    return case


def containment_slots_taken() -> frozenset[str]:
    """The containment slots taken in this clock hour (UTC)."""
    key = _key(_hour(), CONTAINED)
    item = client("dynamodb").get_item(TableName=_table(), Key=key, ConsistentRead=True).get("Item", {})
    return frozenset(item.get("instances", {}).get("SS", ()))


def containment_slot(case: str, instance_id: str) -> str:
    """The name of an instance's containment slot for a case."""
    return f"{case}/{instance_id}"


def take_containment_slot(case: str, instance_id: str, cap: int) -> bool:
    """Take one of the `cap` slots of this clock hour for an instance. A repeated call takes no second slot."""
    member = containment_slot(case, instance_id)
    try:
        client("dynamodb").update_item(
            TableName=_table(),
            Key=_key(_hour(), CONTAINED),
            UpdateExpression="ADD #instances :one SET #expires = :expires",
            ConditionExpression=(
                "attribute_not_exists(#instances) OR size(#instances) < :cap OR contains(#instances, :member)"
            ),
            ExpressionAttributeNames={"#instances": "instances", "#expires": "expires_at"},
            ExpressionAttributeValues={
                ":one": {"SS": [member]},
                ":member": {"S": member},
                ":cap": {"N": str(cap)},
                ":expires": _expiry(),
            },
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != _CONDITION_FAILED:
            raise
        return False
    return True


def _put(
    case: str, sort: str, data: dict[str, Any], extra: dict[str, dict[str, Any]] | None = None, **condition: Any
) -> None:
    client("dynamodb").put_item(
        TableName=_table(),
        Item={**_key(case, sort), "data": {"S": json.dumps(data)}, "expires_at": _expiry(), **(extra or {})},
        **condition,
    )


def _key(case: str, sort: str) -> dict[str, dict[str, str]]:
    return {"pk": {"S": case}, "sk": {"S": sort}}


def _table() -> str:
    return load_config(CaseTableConfig).case_table


def _hour() -> str:
    return f"{HOUR_PREFIX}{datetime.now(UTC):%Y-%m-%dT%H}"


def _expiry() -> dict[str, str]:
    expires_at = datetime.now(UTC) + timedelta(days=load_config(CaseTableConfig).retention_days)
    return {"N": str(int(expires_at.timestamp()))}
