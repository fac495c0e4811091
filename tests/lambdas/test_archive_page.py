"""The page of a case among its evidence: at each change one, written once, and never but by the case's own items."""

from types import SimpleNamespace

import pytest

from lambdas import case_table, evidence_bucket
from lambdas.archive_page import handler
from lambdas.domain.case.case import ENTRY_PREFIX
from tests import rich_case as rich
from tests.domain.page.pages import Seen
from tests.lambdas.conftest import HOME
from tests.samples import ACCOUNT, CASE, INSTANCE
from tests.stream import record

CONTEXT = SimpleNamespace(
    function_name="archive_page",
    memory_limit_in_mb=1024,
    invoked_function_arn=f"arn:aws:lambda:{HOME}:{ACCOUNT}:function:archive_page",
    aws_request_id="00000000-0000-0000-0000-000000000000",
)
OTHER = "99999999999"
pytestmark = pytest.mark.usefixtures("table", "buckets")


@pytest.fixture(autouse=True)
def environment(configure):
    configure(page_language="en")
    configure(intake_address="abuse-k7f3q9@abuse-in.example.com")


def keep(case=CASE):
    """The rich case in the table, under this number."""
    for sort, item in rich.items().items():
        case_table.write(case, sort, item)


def changes(*cases):
    """What Lambda hands over of new entries of these cases."""
    return {"Records": [record({"pk": {"S": case}, "sk": {"S": f"{ENTRY_PREFIX}{n}"}}) for n, case in enumerate(cases)]}


def pages(buckets, case=CASE):
    """The keys of the pages of a case."""
    found = buckets.list_objects_v2(Bucket="evidence", Prefix=f"cases/{case}/reports/").get("Contents", [])
    return [one["Key"] for one in found]


def text(key):
    return Seen(evidence_bucket.read(key).body.decode()).text


def test_the_page_is_filed_with_what_the_bucket_shows(buckets):
    keep()
    evidence_bucket.write_once(rich.MANIFEST, rich.BODY)
    handler(changes(CASE), CONTEXT)
    (key,) = pages(buckets)
    assert rich.MANIFESTS[0].sha256 in " ".join(text(key))
    assert "It matches the hash that was recorded when the evidence was collected." in text(key)
    assert any("as they were last read back" in one for one in text(key))  # nobody may look at EC2
    assert buckets.head_object(Bucket="evidence", Key=key)["ContentType"] == "text/html; charset=utf-8"


def test_a_burst_of_entries_makes_one_page_for_each_case(buckets):
    keep()
    keep(OTHER)
    told = changes(CASE, OTHER, CASE, CASE)
    handler(told, CONTEXT)
    for case, newest in ((CASE, 3), (OTHER, 1)):
        (key,) = pages(buckets, case)
        assert key.endswith(f"/2026-11-22T060958Z-{told['Records'][newest]['dynamodb']['SequenceNumber']}.html")


def test_the_same_records_again_write_nothing_more_and_a_later_one_does(buckets):
    keep()
    told = changes(CASE)
    handler(told, CONTEXT)
    (key,) = pages(buckets)
    first = evidence_bucket.read(key).body
    case_table.write(CASE, f"release#{INSTANCE}#1", {"at": "2026-11-17T07:00:00Z", "by": rich.ADA})
    handler(told, CONTEXT)
    assert evidence_bucket.read(key).body == first
    assert len(buckets.list_object_versions(Bucket="evidence", Prefix=key)["Versions"]) == 1
    handler(changes(CASE), CONTEXT)
    assert len(pages(buckets)) == 2
    assert max(pages(buckets)) != key, "the newest page has the last name"


def test_evidence_that_is_not_shown_is_said(buckets):
    keep()
    handler(changes(CASE), CONTEXT)
    assert "The manifest could not be read: S3 shows none" in text(*pages(buckets))


def test_the_draft_names_the_address_by_which_the_responder_sees_the_answer(buckets):
    keep()
    handler(changes(CASE), CONTEXT)
    assert "abuse-k7f3q9@abuse-in.example.com" in " ".join(text(*pages(buckets)))


def test_without_a_notice_there_is_nothing_to_file(buckets):
    handler(changes(CASE), CONTEXT)
    assert pages(buckets) == []


def test_the_page_is_in_the_language_of_the_settings(configure, buckets):
    configure(page_language="ja")
    keep()
    handler(changes(CASE), CONTEXT)
    assert '<html lang="ja">' in evidence_bucket.read(*pages(buckets)).body.decode()


def test_what_s3_refuses_is_tried_again(refuse, buckets):
    keep()
    refuse(buckets, "PutObject", "AccessDenied")
    with pytest.raises(Exception, match="AccessDenied"):
        handler(changes(CASE), CONTEXT)
