"""The case table: one partition for each case. Repeated writes change nothing.

docs/architecture.md lists the items. Their `data` is JSON text.
"""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.domain.case.table_keys import CASE, HOUR_PREFIX, RESOURCE_PREFIX
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
            extra={"owner": {"S": owner}, "since": _seconds(now)},
            ConditionExpression="attribute_not_exists(pk) OR #owner = :owner OR #since < :stale",
            ExpressionAttributeNames={"#owner": "owner", "#since": "since"},
            ExpressionAttributeValues={":owner": {"S": owner}, ":stale": _seconds(now - stale_after)},
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != _CONDITION_FAILED:
            raise
        return False
    return True


def claim_resource(what: str, case: str, *, numbered: bool, stale_after: timedelta) -> str:
    """The newest case about an instance or address: `case`, unless another one has claimed it within `stale_after`.

    A case with AWS's number cannot lose it to one without. A claim of `claim_for_stranger` does not count.
    """
    now = datetime.now(UTC)
    condition = "attribute_not_exists(pk) OR #case = :case OR #since < :stale OR #proven = :no"
    claimed = _claim(
        what,
        case,
        now,
        numbered=numbered,
        proven=True,
        ConditionExpression=f"{condition} OR #numbered = :no" if numbered else condition,
        ExpressionAttributeNames={"#case": "case", "#since": "since", "#proven": "proven"}
        | ({"#numbered": "numbered"} if numbered else {}),
        ExpressionAttributeValues={":case": {"S": case}, ":stale": _seconds(now - stale_after), ":no": {"BOOL": False}},
    )
    return case if claimed else claimant(what) or case


def claim_for_stranger(what: str, case: str, *, stale_after: timedelta) -> None:
    """Let later unproven mails about an instance or address join this case, if no other case has claimed it."""
    now = datetime.now(UTC)
    _claim(
        what,
        case,
        now,
        numbered=False,
        proven=False,
        ConditionExpression="attribute_not_exists(pk) OR #since < :stale",
        ExpressionAttributeNames={"#since": "since"},
        ExpressionAttributeValues={":stale": _seconds(now - stale_after)},
    )


def claimant(what: str) -> str | None:
    """The case that claimed an instance or address last."""
    item = read_item(f"{RESOURCE_PREFIX}{what}", CASE)
    return str(item["case"]) if item else None


def _claim(what: str, case: str, now: datetime, *, numbered: bool, proven: bool, **condition: Any) -> bool:
    extra: dict[str, dict[str, Any]] = {
        "case": {"S": case},
        "since": _seconds(now),
        "numbered": {"BOOL": numbered},
        "proven": {"BOOL": proven},
    }
    try:
        _put(f"{RESOURCE_PREFIX}{what}", CASE, {"case": case}, extra=extra, **condition)
    except ClientError as error:
        if error.response["Error"]["Code"] != _CONDITION_FAILED:
            raise
        return False
    return True


def slots_taken(lane: str) -> frozenset[str]:
    """Who has a slot of this lane in this clock hour (UTC)."""
    key = _key(_hour(), lane)
    item = client("dynamodb").get_item(TableName=_table(), Key=key, ConsistentRead=True).get("Item", {})
    return frozenset(item.get("members", {}).get("SS", ()))


def take_slot(lane: str, member: str, cap: int) -> bool:
    """Take one of the `cap` slots that a lane has in this clock hour. A repeated call takes no second slot."""
    try:
        client("dynamodb").update_item(
            TableName=_table(),
            Key=_key(_hour(), lane),
            UpdateExpression="ADD #members :members SET #expires = :expires",
            ConditionExpression=(
                "attribute_not_exists(#members) OR size(#members) < :cap OR contains(#members, :member)"
            ),
            ExpressionAttributeNames={"#members": "members", "#expires": "expires_at"},
            ExpressionAttributeValues={
                ":members": {"SS": [member]},
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


def _seconds(moment: datetime) -> dict[str, str]:
    return {"N": str(int(moment.timestamp()))}


def _expiry() -> dict[str, str]:
    expires_at = datetime.now(UTC) + timedelta(days=load_config(CaseTableConfig).retention_days)
    return {"N": str(int(expires_at.timestamp()))}
