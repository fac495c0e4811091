"""Mails that try to make the responder act: what each must not achieve, as it comes through SES and as a file."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from lambdas.domain.answer.sent_answer import mark_own_answer
from lambdas.domain.intake.notice import NoticeKind, ProofKind
from lambdas.domain.policy import Circumstances, Verdict, decide
from lambdas.domain.reading import read_notice
from lambdas.domain.reading.proof import prove
from lambdas.domain.settings.settings import Mode
from tests.samples import ACCOUNT, ALL_PASS, RECEIVED, instance

FOLDER = Path(__file__).parents[2] / "mails" / "attacks"
ATTACKS = sorted(FOLDER.glob("*/*.eml"))
ADMINS = ("ada@example.com", "ben@example.com")
REPORTERS_INSTANCE = "i-0b57a4de7b57a4de7"
"""The instance that a reporter names; AWS never does."""


def labels(path):
    return json.loads(path.with_suffix(".json").read_text())


def contained(notice, proof):
    """The instances contained without an admin if every instance of the notice were running in our account."""
    received = notice.sent_at + timedelta(minutes=1) if notice.sent_at else RECEIVED
    now = Circumstances(
        account_id=ACCOUNT, received_at=received, mode=Mode.CONTAIN, protect_tag="Protect",
        contained_this_hour=0, max_per_hour=5,
    )  # fmt: skip
    running = [instance(instance_id=instance_id, addresses=notice.ips) for instance_id in notice.instance_ids]
    return [named for named in running if decide(named, notice, proof, now).verdict is Verdict.CONTAIN]


def failures(raw, verdicts):
    """What the mail achieves, by the name of what must not happen."""
    notice, proof = read_notice(raw), prove(raw, verdicts)
    answer = mark_own_answer(notice, raw, verdicts, ADMINS)
    return {
        "unproven": proof.kind is ProofKind.AWS,
        "never-contains": bool(contained(notice, proof)),
        "never-resolves": notice.kind is NoticeKind.RESOLVED and proof.may_contain,
        "never-answers": answer.kind is NoticeKind.ANSWER,
        "adds-no-instance": REPORTERS_INSTANCE in notice.instance_ids,
        "no-notice": notice.kind.is_notice,
    }


@pytest.mark.parametrize("verdicts", [ALL_PASS, None], ids=["through SES", "as a file"])
@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_the_attack_is_held(path, verdicts):
    raw, attack = path.read_bytes(), labels(path)
    achieved = failures(raw, verdicts and replace(verdicts, dmarc=attack.get("dmarc", "PASS")))

    assert [must for must in attack["must"] if achieved[must]] == []


def test_each_attack_says_what_it_tries_and_what_must_hold():
    for path in ATTACKS:
        assert labels(path)["tries"]
        assert labels(path)["must"]
