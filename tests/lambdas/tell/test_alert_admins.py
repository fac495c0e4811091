"""The alarm as the state machine asks for it, from a look or from the error of one."""

import json

import pytest

from tests.samples import ACCOUNT, ARRIVAL, CASE, INSTANCE, PROVEN, RUNNING, notice

WATCH = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:watch:{INSTANCE}-k3v9story1"


@pytest.fixture
def alarm(call, case):
    """Tell the admins of a look."""

    def step(**look):
        return call(
            "tell",
            "Alert admins",
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
            quarantine_check=look,
        )

    return step


def test_a_broken_quarantine_reaches_every_admin_by_mail_and_sms(alarm, admins):
    words, changes = "eni-0a1 carries sg-web instead of sg-q alone", ["it was eve"]
    assert alarm(outcome="failed", status="broken", words=words, changes=changes)["outcome"] == "done"
    (mail,), (sms,) = admins("email"), admins("sms")
    assert mail.subject == f"URGENT: quarantine of {INSTANCE} does not hold (case {CASE})"
    assert f"  problem   {words}" in mail.text
    assert "  changed   it was eve" in mail.text
    assert f"python -m desk approve {CASE} {INSTANCE}" in mail.text
    assert f"/executions/details/{WATCH}" in mail.text
    assert sms.text == f"URGENT: quarantine of {INSTANCE} does not hold, case {CASE}. See mail."


def test_what_is_gone_wakes_nobody(alarm, only_mail):
    alarm(outcome="skipped", status="gone", words="EC2 shows it as terminated", changes=[])
    assert only_mail().subject == f"WARNING: contained {INSTANCE} is gone (case {CASE})"


def test_a_look_that_failed_is_told_in_the_words_of_the_error(alarm, only_mail):
    alarm(Error="ClientError", Cause=json.dumps({"errorMessage": "RequestLimitExceeded said AWS"}))
    mail = only_mail()
    assert "could not be checked" in mail.subject
    assert "  FAILED    ClientError: RequestLimitExceeded said AWS" in mail.text
