"""The case table's stream, out of recorded calls: what Lambda hands to `publish` and `archive_page`."""

import itertools
from collections.abc import Iterable
from typing import Any

from lambdas.domain.case.case import ENTRY_PREFIX
from tests.recording import Call

_sequence = itertools.count(1)


def inserted(calls: Iterable[Call]) -> list[dict[str, Any]]:
    """A record for each entry of a timeline that was added, as the filter in stacks/case_storage.py lets it through."""
    return [
        record(call.parameters["Item"])
        for call in calls
        if (call.service, call.operation) == ("dynamodb", "PutItem")
        and call.answer
        and call.parameters["Item"]["sk"]["S"].startswith(ENTRY_PREFIX)
    ]


def record(item: dict[str, Any]) -> dict[str, Any]:
    """https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_Record.html."""
    sequence = f"{next(_sequence):021d}"
    keys = {name: item[name] for name in ("pk", "sk")}
    told = {
        "ApproximateCreationDateTime": 1795327798.0,
        "Keys": keys,
        "NewImage": item,
        "SequenceNumber": sequence,
        "StreamViewType": "NEW_IMAGE",
    }
    return {"eventName": "INSERT", "dynamodb": told}
