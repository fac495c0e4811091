"""Every mail of the corpus reads as its labels say, and the corpus is what its generator writes."""

import json
from pathlib import Path

import pytest

from lambdas.domain.intake.notice import NoticeKind, ProofKind
from lambdas.domain.reading import read_notice
from lambdas.domain.reading.proof import prove
from tests.mails import generate

GENERATED = sorted(generate.FOLDER.glob("*.eml"))
MAILS = [*GENERATED, *sorted(generate.BY_HAND.glob("*.eml"))]
LISTS = ("case_numbers", "account_ids", "regions", "instance_ids", "ips", "urls")


def _is(field: str, got: object, want: object) -> bool:
    if field in LISTS:
        return set(got) == set(want)
    if field == "deadline_hours" and got is not None and want is not None:
        return got == pytest.approx(want, abs=0.2)
    return got == want


@pytest.mark.parametrize("path", MAILS, ids=lambda path: path.stem)
def test_mail_reads_as_labelled(path: Path):
    raw, labels = path.read_bytes(), json.loads(path.with_suffix(".json").read_text())

    notice = read_notice(raw)

    assert (prove(raw, None).kind is ProofKind.AWS) == labels["proven_from_aws"]
    assert notice.reason
    judged = ("kind",) if labels["kind"] == "none" else ("kind", *LISTS, "abuse_type", "deadline_hours")
    for field in judged:
        wants = [labels[field], *labels.get("accept", {}).get(field, [])]
        got = getattr(notice, field)
        assert any(_is(field, got, want) for want in wants), (field, got, wants)
    pairs = [tuple(pair) for pair in labels.get("pairs", [])]
    if pairs:
        assert sorted((r.instance_id, r.region, r.account_id) for r in notice.resources) == sorted(pairs)


def test_what_is_no_notice_names_nothing():
    for path in MAILS:
        notice = read_notice(path.read_bytes())
        if notice.kind is NoticeKind.NONE:
            lists = (notice.case_numbers, notice.account_ids, notice.resources, notice.ips, notice.urls)
            assert not any(lists)


def test_corpus_is_what_the_generator_writes():
    written = {name: raw for name, raw, _ in generate.corpus()}

    assert {path.stem for path in GENERATED} == set(written)
    assert all((generate.FOLDER / f"{name}.eml").read_bytes() == raw for name, raw in written.items())


def test_corpus_is_large_and_varied():
    kinds = {json.loads(path.with_suffix(".json").read_text())["kind"] for path in MAILS}

    assert len(MAILS) >= 150
    assert kinds == {kind.value for kind in NoticeKind} - {
        NoticeKind.ANSWER
    }  # the reader does not know who our admins are
