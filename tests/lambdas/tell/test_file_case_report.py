"""The page of a case among its evidence: written once, and never by way of anything but the case's own items."""

import pytest

from lambdas import casebook, evidence
from tests import rich_case as rich
from tests.domain.page.pages import Seen
from tests.samples import CASE, INSTANCE

AT = "2026-11-17T07:00:00.123Z"
KEY = f"cases/{CASE}/reports/{AT}.html"
pytestmark = pytest.mark.usefixtures("table", "buckets")


@pytest.fixture
def kept(table, buckets):  # noqa: ARG001  they must be there
    """The rich case in the table, its evidence in the bucket."""
    for sort, item in rich.items().items():
        casebook.write(CASE, sort, item)
    evidence.write_once(rich.MANIFEST, rich.BODY)


@pytest.fixture
def file(call, case):
    return lambda at=AT: call("tell", "File case report", case=case, at=at)


def filed(key=KEY):
    return Seen(evidence.read(key).body.decode()).text


@pytest.mark.usefixtures("kept")
def test_the_page_is_filed_with_what_the_bucket_shows(file, buckets):
    assert file() == {"outcome": "done", "words": f"s3://evidence/{KEY}", "key": KEY}
    text = filed()
    assert rich.MANIFESTS[0].sha256 in " ".join(text)
    assert "It is the hash that was recorded when the evidence was collected." in text
    assert any("as they were read back when something was done" in one for one in text)  # nobody may look at EC2 here
    assert buckets.head_object(Bucket="evidence", Key=KEY)["ContentType"] == "text/html; charset=utf-8"


@pytest.mark.usefixtures("kept")
def test_a_second_try_writes_nothing_more(file, buckets):
    file()
    first = evidence.read(KEY).body
    casebook.write(CASE, f"release#{INSTANCE}#1", {"at": AT, "by": rich.ADA})
    assert file()["key"] == KEY
    assert evidence.read(KEY).body == first
    assert len(buckets.list_object_versions(Bucket="evidence", Prefix=KEY)["Versions"]) == 1
    file("2026-11-17T08:00:00Z")
    assert len(buckets.list_objects_v2(Bucket="evidence", Prefix=f"cases/{CASE}/reports/")["Contents"]) == 2


def test_evidence_that_is_not_shown_is_said(file):
    for sort, item in rich.items().items():
        casebook.write(CASE, sort, item)
    file()
    assert "The manifest could not be read: S3 shows none" in filed()


def test_without_a_notice_there_is_nothing_to_file(file):
    assert file() == {"outcome": "skipped", "words": f"no notice has joined case {CASE}"}


@pytest.mark.usefixtures("kept")
def test_the_page_is_in_the_first_language_that_an_admin_reads(file, monkeypatch):
    monkeypatch.setenv("AUDIENCES", "en UTC,ja Asia/Tokyo")
    assert file()["outcome"] == "done"


@pytest.mark.usefixtures("kept")
def test_what_s3_refuses_fails_the_step(file, refuse, buckets):
    refuse(buckets, "PutObject", "AccessDenied")
    with pytest.raises(Exception, match="AccessDenied"):
        file()
