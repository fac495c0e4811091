"""The warning as the state machine asks for it, from what "Check snapshots" found or from the error of a step."""

import json

import pytest

from lambdas.domain.phrase import combined, verbatim
from tests.samples import ACCOUNT, ARRIVAL, CASE, INSTANCE, PROVEN, RUNNING, notice

WATCH = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:watch:{INSTANCE}-k3v9story1"


@pytest.fixture
def warn(call, case):
    """Tell the admins how the snapshots are."""

    def step(**progress):
        return call(
            "tell",
            "Warn about snapshots",
            execution=WATCH,
            arrival=ARRIVAL.to_json(),
            notice=notice().to_json(),
            proof=PROVEN.to_json(),
            case={
                **case,
                "instances": [{"instance_id": INSTANCE, "region": None}],
                "deadline": {"at": "2026-11-17T07:42:08+00:00", "stated": False},
            },
            instance=RUNNING.to_json(),
            progress=progress,
        )

    return step


def test_how_they_stand_is_told_by_mail_alone(warn, only_mail):
    warn(
        outcome="failed",
        next="tell",
        phrase=combined(verbatim("snap-01 of vol-0a1: completed"), verbatim("none of vol-0a2")).to_json(),
    )
    mail = only_mail()
    assert mail.subject == f"ACTION: snapshots of {INSTANCE} are not complete (case {CASE})"
    assert "  shown     snap-01 of vol-0a1: completed\n  shown     none of vol-0a2\n" in mail.text
    assert f"python -m desk approve {CASE} {INSTANCE}" in mail.text


def test_a_step_that_failed_is_told_in_the_words_of_the_error(warn, only_mail):
    warn(Error="ClientError", Cause=json.dumps({"errorMessage": "UnauthorizedOperation when calling CopySnapshot"}))
    assert "  shown     ClientError: UnauthorizedOperation when calling CopySnapshot" in only_mail().text
