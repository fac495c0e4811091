"""The manifest of the evidence: it names every file once, with the hash of its bytes or with why it is missing."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lambdas.domain.containment.evidence import (
    EvidenceFile,
    ReferencedObject,
    UncollectedFile,
    evidence_folder,
    json_bytes,
    manifest,
    manifest_result,
)
from lambdas.domain.phrase import verbatim
from tests.samples import english

EXECUTION = "arn:aws:states:eu-central-1:552071934480:execution:respond:2f1c-mail"
ABOUT = {
    "case": "12480031774",
    "instance": "arn:aws:ec2:eu-central-1:552071934480:instance/i-0",
    "execution": EXECUTION,
}
BEFORE = ReferencedObject("cases/12480031774/i-0/before-state.json", hashlib.sha256(b"{}").hexdigest())
NO_BEFORE = UncollectedFile("before-state.json", "the case", verbatim("the case keeps none"), optional=True)
ADDRESS = "s3://evidence/cases/12480031774/i-0/2f1c-mail/manifest.json"

LETTERS = "abcdefghijklmnopqrstuvwxyz-"
WORDS = st.text(max_size=2000)
FOUND = st.dictionaries(
    st.text(LETTERS, min_size=1, max_size=20),
    st.one_of(
        st.builds(EvidenceFile, st.just(""), WORDS, st.just("2026-11-16T07:42:13+00:00"), st.binary(max_size=200)),
        st.builds(UncollectedFile, st.just(""), WORDS, WORDS.map(verbatim), st.booleans()),
    ),
    max_size=8,
).map(lambda named: [type(one)(name, *_rest(one)) for name, one in named.items()])


def _rest(one):
    return [getattr(one, field) for field in type(one).__slots__ if field != "name"]


@given(found=FOUND, before=st.sampled_from([BEFORE, NO_BEFORE]), data=st.data())
def test_the_manifest_vouches_for_exactly_what_was_found(found, before, data):
    written = manifest(ABOUT, found, before)
    assert written == manifest(ABOUT, data.draw(st.permutations(found)), before)  # threads end in any order
    listed = json.loads(written)
    assert listed.items() >= ABOUT.items()
    assert {one["name"]: (one["bytes"], one["sha256"], one["source"]) for one in listed["files"]} == {
        one.name: (len(one.body), hashlib.sha256(one.body).hexdigest(), one.source)
        for one in found
        if isinstance(one, EvidenceFile)
    }
    unread = [one for one in (*found, before) if isinstance(one, UncollectedFile)]
    assert {one["name"]: one["optional"] for one in listed["not_read"]} == {one.name: one.optional for one in unread}
    assert len(listed["files"]) + len(listed["not_read"]) == len(found) + (before is NO_BEFORE)
    assert (listed["before_state"] is None) == (before is NO_BEFORE)


@given(found=FOUND, before=st.sampled_from([BEFORE, NO_BEFORE]))
def test_the_outcome_is_what_the_stored_manifest_says(found, before):
    written = manifest(ABOUT, found, before)
    ending, told, hashed = manifest_result(written, ADDRESS)
    digest, words = hashlib.sha256(written).hexdigest(), english(told)
    assert hashed == digest
    assert f"{ADDRESS} (sha256 {digest})" in words
    unread = [one for one in (*found, before) if isinstance(one, UncollectedFile)]
    assert all(f"{one.name}: " in words for one in unread)
    assert ("; not read: " in words) == bool(unread)
    assert ending == ("done" if all(one.optional for one in unread) else "failed")
    assert len(words) < 300 + 150 * len(unread)


def test_a_long_refusal_is_cut_short_once_more_for_the_report():
    refusal = "An error occurred (UnauthorizedOperation): you may not. Encoded message: " + "x9 " * 700
    written = manifest(
        ABOUT, [UncollectedFile("volumes.json", "ec2:DescribeVolumes", verbatim(refusal), optional=False)], BEFORE
    )
    (one,) = json.loads(written)["not_read"]
    assert one["words"].startswith("An error occurred (UnauthorizedOperation)")
    assert 400 < len(one["words"]) <= 500
    _, told, _ = manifest_result(written, ADDRESS)
    words = english(told)
    assert "volumes.json: An error occurred (UnauthorizedOperation)" in words
    assert words.endswith("[...]")
    assert len(words) < 400


def test_each_execution_has_a_folder_of_its_own():
    assert evidence_folder("12480031774", "i-0", EXECUTION) == "cases/12480031774/i-0/2f1c-mail"


def test_times_are_written_as_they_were_said():
    answer = {"Volumes": [{"CreateTime": datetime(2026, 11, 16, 7, 42, tzinfo=UTC), "Size": 8}]}
    assert json.loads(json_bytes(answer)) == {"Volumes": [{"CreateTime": "2026-11-16T07:42:00+00:00", "Size": 8}]}
    with pytest.raises(TypeError):
        json_bytes({"Stream": b"no JSON"})


@pytest.mark.parametrize(("name", "kind"), [("screenshot.jpg", "image/jpeg"), ("volumes.json", "application/json")])
def test_a_file_says_what_it_is(name, kind):
    assert EvidenceFile(name, "", "", b"").content_type == kind
