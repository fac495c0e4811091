"""The deployed responder as an admin's own IAM identity sees it: its case table and its evidence.

The verbs that only read are made of this; nothing here changes anything.
"""

import difflib
import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from desk.deployed import outputs
from desk.errors import DeskError
from desk.verbs import COMMAND
from lambdas.domain.case.case import Case, case_from_items
from lambdas.domain.case.identity import case_id_of
from lambdas.domain.case.table_keys import CASE, ENTRY_PREFIX
from lambdas.domain.page.case_record import CaseRecord, EvidenceManifest, case_record_from

_AT_ONCE = 8


class CaseReader:
    """The cases of the deployed responder. Clients are made here, in one thread, and used in several."""

    def __init__(self) -> None:
        self._outputs = outputs()
        self._dynamodb, self._s3 = boto3.client("dynamodb"), boto3.client("s3")

    def cases(self) -> list[Case]:
        """Every case, each as its own entries make it; one that no notice has joined yet is none."""
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            read = pool.map(lambda case: case_from_items(case, self._items(case, ENTRY_PREFIX)), self.ids)
            return [case for case in read if case]

    def case_record(self, number: str) -> CaseRecord:
        """All that is kept of a case. Raises DeskError where there is none of that number."""
        case = self._id(number)
        record = case_record_from(case, self._items(case))
        if record is None:
            raise DeskError(f"case {case} was opened and no notice has joined it yet; look again in a minute")
        return record

    def manifests(self, record: CaseRecord) -> list[EvidenceManifest]:
        """The lists of the evidence that was collected, as they lie in the bucket now."""
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            return list(pool.map(lambda entry: self._manifest(*entry), record.manifest_keys))

    @cached_property
    def ids(self) -> list[str]:
        """The number or name of every case.

        A scan reads the whole table: it is small, and no index is paid for all year to save a second at the desk.
        """
        pages = self._dynamodb.get_paginator("scan").paginate(
            TableName=self._outputs["CaseTable"],
            # The partitions "mail#…" and "resource#…" have an item with the same sort key.
            FilterExpression="sk = :case AND NOT contains(pk, :mark)",
            ExpressionAttributeValues={":case": {"S": CASE}, ":mark": {"S": "#"}},
            ProjectionExpression="pk",
        )
        return [item["pk"]["S"] for page in pages for item in page["Items"]]

    def _id(self, number: str) -> str:
        """The id of the case that a person means, also by its number as a mail has it, with "-1" behind it."""
        known = self.ids
        for spelling in (number, case_id_of(number)):
            if spelling in known:
                return spelling
        near = difflib.get_close_matches(number, known, n=3, cutoff=0.5) or known[:3]
        there_are = f"Do you mean {' or '.join(near)}?" if near else "There is none yet."
        raise DeskError(f"there is no case {number}. {there_are} All of them: {COMMAND} cases")

    def _items(self, case: str, beginning: str = "") -> dict[str, dict[str, Any]]:
        """The items of a case by sort key, all or those that begin so."""
        narrowed = " AND begins_with(sk, :beginning)" if beginning else ""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._outputs["CaseTable"],
            KeyConditionExpression=f"pk = :case{narrowed}",
            ExpressionAttributeValues={":case": {"S": case}, **({":beginning": {"S": beginning}} if beginning else {})},
            ConsistentRead=True,
        )
        return {item["sk"]["S"]: _data(item) for page in pages for item in page["Items"]}

    def _manifest(self, key: str, recorded: str) -> EvidenceManifest:
        """One that cannot be read holds up no other: the page says so."""
        try:
            answer = self._s3.get_object(Bucket=self._outputs["EvidenceBucket"], Key=key, ChecksumMode="ENABLED")
            return EvidenceManifest(key, recorded, answer["Body"].read())
        except (ClientError, BotoCoreError) as error:
            return EvidenceManifest(key, recorded, None, str(error))


def as_json(content: Mapping[str, Any] | Iterable[Any]) -> str:
    """What `--json` prints."""
    return json.dumps(content, indent=2, ensure_ascii=False)


def _data(item: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(item["data"]["S"])) if "data" in item else {}
