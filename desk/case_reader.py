"""Reads cases and evidence of the deployed responder with the admin's own IAM identity. Changes nothing."""

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
    """The cases of the deployed responder. Its clients are created once: boto3 does that safely in one thread only."""

    def __init__(self) -> None:
        self._outputs = outputs()
        self._dynamodb, self._s3 = boto3.client("dynamodb"), boto3.client("s3")

    def cases(self) -> list[Case]:
        """Every case, built from its entries; a case without a notice yet is left out."""
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            read = pool.map(lambda case: case_from_items(case, self._items(case, ENTRY_PREFIX)), self.ids)
            return [case for case in read if case]

    def case_record(self, number: str) -> CaseRecord:
        """A case with all its items. Raises DeskError if there is no such case."""
        case = self._id(number)
        record = case_record_from(case, self._items(case))
        if record is None:
            raise DeskError(f"case {case} was opened and no notice has joined it yet; look again in a minute")
        return record

    def manifests(self, record: CaseRecord) -> list[EvidenceManifest]:
        """The manifests of the case's evidence, as they are in the bucket now."""
        with ThreadPoolExecutor(max_workers=_AT_ONCE) as pool:
            return list(pool.map(lambda entry: self._manifest(*entry), record.manifest_keys))

    @cached_property
    def ids(self) -> list[str]:
        """The number or name of every case.

        A scan, because the table is small: an index would cost all year and save a second.
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
        """The id of a case, also from its number as a mail has it, such as "12480031774-1"."""
        known = self.ids
        for spelling in (number, case_id_of(number)):
            if spelling in known:
                return spelling
        near = difflib.get_close_matches(number, known, n=3, cutoff=0.5) or known[:3]
        there_are = f"Did you mean {' or '.join(near)}?" if near else "There are no cases yet."
        raise DeskError(f"there is no case {number}. {there_are} To list all: {COMMAND} cases")

    def _items(self, case: str, beginning: str = "") -> dict[str, dict[str, Any]]:
        """The items of a case by sort key, all or those with this prefix."""
        narrowed = " AND begins_with(sk, :beginning)" if beginning else ""
        pages = self._dynamodb.get_paginator("query").paginate(
            TableName=self._outputs["CaseTable"],
            KeyConditionExpression=f"pk = :case{narrowed}",
            ExpressionAttributeValues={":case": {"S": case}, **({":beginning": {"S": beginning}} if beginning else {})},
            ConsistentRead=True,
        )
        return {item["sk"]["S"]: _data(item) for page in pages for item in page["Items"]}

    def _manifest(self, key: str, recorded: str) -> EvidenceManifest:
        """A manifest that cannot be read stops no other: the page says so."""
        try:
            answer = self._s3.get_object(Bucket=self._outputs["EvidenceBucket"], Key=key, ChecksumMode="ENABLED")
            return EvidenceManifest(key, recorded, answer["Body"].read())
        except (ClientError, BotoCoreError) as error:
            return EvidenceManifest(key, recorded, None, str(error))


def as_json(content: Mapping[str, Any] | Iterable[Any]) -> str:
    """The text that `--json` prints."""
    return json.dumps(content, indent=2, ensure_ascii=False)


def _data(item: Mapping[str, Any]) -> dict[str, Any]:
    return dict(json.loads(item["data"]["S"])) if "data" in item else {}
