"""The report as the state machine asks for it, with the before-states of the case."""

import json

import pytest

from lambdas import case_table
from tests.domain.messages.test_release import DRIFT, PLAN
from tests.samples import ARRIVAL, BEFORE, CASE, INSTANCE, PROVEN, RUNNING, notice

CONTAINED = {
    "found": RUNNING.to_json(),
    "decision": {"instance_id": INSTANCE, "verdict": "contain", "reasons": ["it is from AWS"], "stop": False},
    "steps": {
        "Write before-state": {"outcome": "done", "words": "s3://evidence/before-state.json"},
        "Start snapshots": {
            "Error": "SnapshotsInProgress",
            "Cause": json.dumps({"errorMessage": "another execution is starting them"}),
        },
        "Quarantine network": {"outcome": "done", "words": "2 of 2 interface(s) moved to sg-q", "group": "sg-q"},
        "Verify quarantine": {
            "outcome": "done",
            "words": "2 interface(s) have only sg-q, which has no rules",
            "at": "2026-11-16T07:42:15+00:00",
        },
        "Tag instance": {"outcome": "done", "words": "tagged"},
    },
}
REFUSED = {"Error": "NotQuarantined", "Cause": json.dumps({"errorMessage": "eni-0a2 carries sg-web"})}
pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def report(call, case):
    """Report outcomes, plans of a release and failures."""

    def step(*outcomes, plans=(), failures=()):
        return call(
            "tell",
            "Report to admins",
            arrival=ARRIVAL.to_json(),
            notice=notice().to_json(),
            proof=PROVEN.to_json(),
            case={
                **case,
                "instances": [{"instance_id": INSTANCE, "region": None}],
                "addresses": [],
                "deadline": {"at": "2026-11-17T07:42:08+00:00", "stated": False},
            },
            outcomes=list(outcomes),
            plans=list(plans),
            automatic_release={"instances": [], "doubts": []},
            failures=list(failures),
        )

    return step


def test_a_containment_with_its_failed_step_and_the_way_back(report, admins):
    case_table.write_once(CASE, f"before#{INSTANCE}", {"before": BEFORE.to_json()})
    report(CONTAINED)
    (mail,), (sms,) = admins("email"), admins("sms")
    assert mail.subject.startswith(f"ACTION: contained {INSTANCE}, a step failed")
    assert "CONTAINED, read back from EC2 at Mon 16 Nov 2026 07:42 UTC" in mail.text
    assert "FAILED    Start snapshots: SnapshotsInProgress: another execution is starting them" in mail.text
    assert f"python -m desk release {CASE} {INSTANCE}" in mail.text
    assert sms.text.startswith("ACTION: contained")


def test_f4_what_could_not_be_read_back_is_not_contained(report, admins):
    steps = {**CONTAINED["steps"], "Verify quarantine": REFUSED}
    del steps["Tag instance"]
    report({**CONTAINED, "steps": steps})
    (mail,), (sms,) = admins("email"), admins("sms")
    assert mail.subject.startswith(f"URGENT: NOT contained {INSTANCE}")
    assert "FAILED    Verify quarantine: NotQuarantined: eni-0a2 carries sg-web" in mail.text
    assert "CONTAINED, read back" not in mail.text
    assert sms.text.startswith("URGENT: NOT contained")


def test_trouble_is_named_by_its_state(report, admins):
    report(failures=[{"state": "Decide", "error": {"Error": "States.Timeout", "Cause": ""}}])
    (mail,) = admins("email")
    assert "FAILED: Decide: States.Timeout" in mail.text
    assert f"{INSTANCE}: NO RESULT" in mail.text
    assert mail.subject.startswith("URGENT: failed")


def test_another_cases_before_state_is_not_taken_for_this_ones(report, admins):
    case_table.write_once("99", f"before#{INSTANCE}", {"before": BEFORE.to_json()})
    report(CONTAINED)
    (mail,) = admins("email")
    assert "modify-network-interface-attribute" not in mail.text


def test_what_a_release_would_put_back_is_told_as_it_was_planned(report, admins):
    report(plans=[{"instance_id": INSTANCE, "actions": [one.to_json() for one in (*PLAN, *DRIFT)]}])
    (mail,) = admins("email")
    assert f"What a release of {INSTANCE} would do now:" in mail.text
    assert "  put back  groups of eni-0a1: sg-q, before sg-ssh sg-web\n" in mail.text
    assert "  left      groups of eni-0new: sg-q (attached since" in mail.text
