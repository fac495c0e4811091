"""File the page of a case at each change of it, as the case table's stream tells of it, where nobody can overwrite it.

The table is written by the steps that contain and tell; none of them waits for a page or can fail because of it.
"""

from datetime import UTC, datetime
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.utilities.typing import LambdaContext

from lambdas import case_table, evidence_bucket
from lambdas.domain.answer.draft import draft_answer
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.page.case_page import page
from lambdas.domain.page.case_record import EvidenceManifest, case_record_from
from lambdas.domain.settings.function_config import PageConfig
from lambdas.load_config import load_config

logger = Logger(service="archive_page")


@logger.inject_lambda_context
def handler(event: dict[str, Any], context: LambdaContext) -> None:  # noqa: ARG001  Lambda passes it
    """Take records of the stream: insertions of entries, by the filter in stacks/case_storage.py.

    One page for each case among them, as the case stands now, so that a burst of entries makes no burst of pages. A
    page is named after the newest of its records, so that names are in the order of time and the same records again
    find what was written. What raises is tried again, the records in halves, for hours, then told by an alarm.
    https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
    https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_StreamRecord.html
    """
    newest = {record["dynamodb"]["Keys"]["pk"]["S"]: record["dynamodb"] for record in event["Records"]}
    for case, change in newest.items():
        at = datetime.fromtimestamp(change["ApproximateCreationDateTime"], UTC)
        _file(case, f"{at:%Y-%m-%dT%H%M%SZ}-{change['SequenceNumber']}")


def _file(case: str, name: str) -> None:
    record = case_record_from(case, case_table.read_items(case))
    if record is None:  # the table forgets after `retention_days`
        return
    key, now = f"cases/{case}/reports/{name}.html", datetime.now(UTC)
    config = load_config(PageConfig)
    html = page(
        record,
        now,
        CATALOGUE[config.page_language],
        manifests=[_manifest(*manifest) for manifest in record.manifest_keys],
        draft=draft_answer(record, {}, now, cc=config.intake_address).text,
    )
    evidence_bucket.write_once(key, html.encode(), content_type="text/html; charset=utf-8")
    logger.info("filed", extra={"page": evidence_bucket.address(key)})


def _manifest(key: str, recorded: str) -> EvidenceManifest:
    found = evidence_bucket.find(key)
    return (
        EvidenceManifest(key, recorded, found.body) if found else EvidenceManifest(key, recorded, None, "S3 shows none")
    )
