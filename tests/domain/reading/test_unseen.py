"""Mails in eight languages by somebody who had not seen the reader: how much of them it reads as they are labelled.

Sentences of another language can be read wrongly: so the shares are held, and apart from them what may never happen.
"""

import json
from collections import Counter
from pathlib import Path

import pytest

from lambdas.domain.intake.notice import ProofKind
from lambdas.domain.reading import read_notice
from lambdas.domain.reading.proof import prove

FOLDER = Path(__file__).parents[2] / "mails" / "unseen"
MAILS = sorted(FOLDER.glob("*.eml"))
LISTS = ("case_numbers", "account_ids", "regions", "instance_ids", "ips", "urls")


def labels(mail: Path) -> dict:
    return json.loads(mail.with_suffix(".json").read_text())


def is_right(field: str, got: object, label: dict) -> bool:
    wants = [label[field], *label.get("accept", {}).get(field, [])]
    if field in LISTS:
        return any(set(got) == set(want or ()) for want in wants)
    if field == "deadline_hours" and got is not None and "deadline_range_hours" in label:
        low, high = label["deadline_range_hours"]
        return low - 0.2 <= got <= high + 0.2
    return got in wants


@pytest.mark.parametrize(
    ("split", "kinds", "fields"),
    [("dev", 0.94, 0.92), ("held", 0.81, 0.88)],  # it was 0.44 and 0.69, 0.45 and 0.70 without the vocabulary
)
def test_most_is_read_as_labelled(split, kinds, fields):
    right: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    for mail in MAILS:
        label = labels(mail)
        if label["split"] != split:
            continue
        notice = read_notice(mail.read_bytes())
        for field in ("kind",) if label["kind"] == "none" else (*LISTS, "kind", "abuse_type", "deadline_hours"):
            judged[field] += 1
            right[field] += is_right(field, getattr(notice, field), label)
    assert right["kind"] / judged["kind"] >= kinds
    assert right.total() / judged.total() >= fields


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_who_vouches_is_never_mistaken(mail):
    assert (prove(mail.read_bytes(), None).kind is ProofKind.AWS) == labels(mail)["proven_from_aws"]


@pytest.mark.parametrize("mail", MAILS, ids=lambda mail: mail.stem)
def test_nobody_else_s_instance_is_named(mail):
    label = labels(mail)
    if label["kind"] != "none":
        named = set(read_notice(mail.read_bytes()).instance_ids)
        assert named <= set(label["instance_ids"])
