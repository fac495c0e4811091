"""The before-state among the evidence: what the case keeps, once."""

import json

import pytest
from botocore.exceptions import ClientError

from lambdas import case_table
from tests.lambdas.conftest import EVIDENCE
from tests.samples import BEFORE, CASE, INSTANCE

pytestmark = pytest.mark.usefixtures("table")

STEP = "Archive before-state"
KEY = f"cases/{CASE}/{INSTANCE}/before-state.json"


def versions(s3):
    return [one["Key"] for one in s3.list_object_versions(Bucket=EVIDENCE).get("Versions", [])]


def filed(s3, key=KEY):
    return json.loads(s3.get_object(Bucket=EVIDENCE, Key=key)["Body"].read())


@pytest.fixture
def kept(table):  # noqa: ARG001  it stands there
    """The case keeps a state before."""
    item = {"before": BEFORE.to_json(), "read_at": "2026-11-16T07:42:13+00:00"}
    return case_table.write_once(CASE, f"before#{INSTANCE}", item)


def test_what_the_case_keeps_is_filed(fleet, contain, buckets, kept):
    result = contain(STEP, fleet.launch())
    assert (result["outcome"], result["words"]) == ("done", f"s3://{EVIDENCE}/{KEY}")
    assert filed(buckets) == json.loads(json.dumps(kept))


@pytest.mark.usefixtures("kept")
def test_again_it_is_there(fleet, contain, buckets):
    instance = fleet.launch()
    contain(STEP, instance)
    assert contain(STEP, instance)["outcome"] == "done"
    assert versions(buckets) == [KEY]


@pytest.mark.usefixtures("kept")
def test_an_object_that_an_earlier_try_wrote_stays(fleet, contain, buckets):
    buckets.put_object(Bucket=EVIDENCE, Key=KEY, Body=b'{"written": "first"}')
    assert contain(STEP, fleet.launch())["outcome"] == "done"
    assert filed(buckets) == {"written": "first"}
    assert versions(buckets) == [KEY]


@pytest.mark.usefixtures("buckets")
def test_where_another_case_keeps_it_there_is_nothing_to_file(fleet, contain):
    assert contain(STEP, fleet.launch())["outcome"] == "skipped"


@pytest.mark.usefixtures("kept")
def test_a_second_containing_is_filed_beside_the_first(fleet, contain, buckets):
    instance = fleet.launch()
    contain(STEP, instance)
    case_table.write_once(CASE, f"release#{INSTANCE}#1", {})
    case_table.write_once(CASE, f"before#{INSTANCE}#1", {"before": BEFORE.to_json()})
    contain(STEP, instance)
    assert sorted(versions(buckets)) == [KEY.replace("state", "state-1"), KEY]


@pytest.mark.usefixtures("kept")
def test_a_bucket_that_refuses_is_a_failure(fleet, contain, buckets, refuse):
    undo = refuse(buckets, "PutObject", "AccessDenied")
    instance = fleet.launch()
    with pytest.raises(ClientError, match="AccessDenied"):
        contain(STEP, instance)
    undo()
    assert contain(STEP, instance)["outcome"] == "done"  # the next try makes up for it
