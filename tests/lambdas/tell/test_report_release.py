"""The report of a release, as the state machine asks for it."""

import json
from dataclasses import replace

from lambdas.domain.phrase import phrase, verbatim
from lambdas.domain.release import STEPS, ReleaseAction, ReleasePart, ReleaseVerdict
from tests.samples import ACCOUNT, CASE, INSTANCE

ADA = f"arn:aws:iam::{ACCOUNT}:user/ada"
OTHER = "i-0b57a4de7b57a4de7"
WEB, OURS = verbatim("sg-web"), phrase("value:quarantine")
GROUPS = ReleaseAction(
    ReleasePart.NETWORK,
    phrase("thing:groups", interface="eni-0a1"),
    WEB,
    OURS,
    verbatim("sg-q"),
    ReleaseVerdict.PUT_BACK,
)
AS_BEFORE = replace(GROUPS, now=WEB, verdict=ReleaseVerdict.NOTHING)
RELEASED = {
    "instance_id": INSTANCE,
    "region": "eu-west-1",
    "actions": [GROUPS.to_json()],
    "steps": {
        **{name: {"outcome": "done", "words": "as it was"} for name in STEPS},
        "Verify release": {
            "outcome": "done",
            "words": "1 of 1 as before",
            "actions": [AS_BEFORE.to_json()],
            "at": "2026-11-18T10:00:00+00:00",
        },
    },
}


def report(call, *released, instances=(INSTANCE,), failures=()):
    return call(
        "tell",
        "Report release",
        case={"id": CASE},
        by=ADA,
        instances=list(instances),
        released=list(released),
        failures=list(failures),
    )


def test_every_admin_learns_who_released_what(call, only_mail):
    assert report(call, RELEASED)["outcome"] == "done"
    mail = only_mail()
    assert mail.subject == f"INFO: released {INSTANCE} (case {CASE})"
    assert mail.text.startswith(f"{ADA} (claimed) asked for the release of {INSTANCE}.")
    assert "put back  groups of eni-0a1: sg-web" in mail.text
    assert "executions/details/arn:aws:states:" in mail.text


def test_what_went_wrong_and_what_is_not_known_is_said_first(call, only_mail):
    error = {"Error": "States.DataLimitExceeded", "Cause": json.dumps({"errorMessage": "too much"})}
    failures = [{"state": "For each instance", "error": error}]
    report(call, instances=(INSTANCE, OTHER), failures=failures)
    mail = only_mail()
    assert mail.subject == f"ACTION: NOT released as asked: 2 instances (case {CASE})"
    assert "FAILED: For each instance: States.DataLimitExceeded: too much" in mail.text
    assert f"{OTHER}: NO RESULT. It is not known what happened to it" in mail.text
