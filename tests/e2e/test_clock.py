"""The clock, deployed: "respond" sets it, it strikes within seconds here, and admins act from the desk meanwhile."""

import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta

import pytest

from lambdas.domain.case.clock import ReminderKind, ScheduledReminder, clock_name
from lambdas.domain.case.timeline import EntryKind
from tests.e2e.notices import fresh, notice
from tests.e2e.waiting import eventually

ADA, BEN, PHONE = "ada@example.com", "ben@example.com", "+12025550123"


@pytest.fixture
def steps(responder):
    return responder.emulators.client("stepfunctions")


@pytest.fixture
def desk(responder):
    """Run a verb of the desk under an identity of the emulated account."""

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "desk", *words],
            env={**os.environ, **responder.emulators.environment()},
            capture_output=True,
            text=True,
            check=False,
        )

    return run


def ended(steps, machine, name):
    """The execution of this name, when it has ended."""
    arn = f"{machine.replace(':stateMachine:', ':execution:')}:{name}"
    return eventually(
        lambda: steps.describe_execution(executionArn=arn), lambda execution: execution["status"] != "RUNNING"
    )


@pytest.fixture
def strike(responder, steps):
    """Run the clock of a case with a moment that comes at once; returns what it said and the messages."""

    def run(case, name, kind=ReminderKind.REMINDER, *, sms=False):
        responder.inboxes.collect()
        machine = responder.deployment.clock_machine
        moment = ScheduledReminder(datetime.now(UTC) + timedelta(seconds=1), kind, sms)
        given = {
            "case": case.id,
            "deadline": case.deadline.at.isoformat(),
            "moments": [moment.to_json()],
            "index": 0,
        }
        for double in ("", "-doubled"):
            steps.start_execution(stateMachineArn=machine, name=f"{name}{double}", input=json.dumps(given))
        executions = [ended(steps, machine, f"{name}{double}") for double in ("", "-doubled")]
        assert {execution["status"] for execution in executions} == {"SUCCEEDED"}
        said = [json.loads(execution["output"])["reminder"] for execution in executions]
        told = [(message.admin, message.subject or message.body) for message in responder.inboxes.collect()]
        return said, told

    return run


def test_a_case_is_reminded_of_acknowledged_and_answered(responder, play, desk, strike):
    number, instance_id = fresh()
    scene = play(notice(number, instance_id))
    assert "a step failed" not in scene.messages[-1].body
    case = responder.case(number)

    said, told = strike(case, f"{number}-a", sms=True)
    assert sorted(result["outcome"] for result in said) == ["done", "skipped"], "a doubled execution reminds once"
    assert sorted(admin for admin, _ in told) == [PHONE, ADA, BEN]
    assert all(subject.startswith("URGENT: 2") for _, subject in told)  # 23 hours and some minutes

    assert "--as with one of ada@example.com, ben@example.com" in desk("ack", number).stderr
    acknowledged = desk("ack", number, "--as", ADA)
    assert acknowledged.stdout.startswith(f"{ADA} is on case {number}."), acknowledged.stderr
    told = responder.inboxes.wait(2)
    assert {message.admin for message in told} == {ADA, BEN}
    assert all(message.subject.startswith(f"INFO: {ADA} (claimed) is on it") for message in told)

    _, told = strike(case, f"{number}-b")
    assert [admin for admin, _ in told] == [ADA], "reminders calm down to the one who is on it"
    said, told = strike(case, f"{number}-c", ReminderKind.UNACKNOWLEDGED, sms=True)
    assert ({result["words"] for result in said}, told) == ({"an admin is on it"}, [])

    replied = desk("replied", number, "--words", "the key is exchanged", "--json")
    assert json.loads(replied.stdout)["entry"]["kind"] == "answered", replied.stderr
    told = responder.inboxes.wait(2)
    assert {message.admin for message in told} == {ADA, BEN}
    assert all(
        "the clock has stopped" in message.subject and "the key is exchanged" in message.body for message in told
    )
    said, told = strike(case, f"{number}-d", ReminderKind.OVERDUE, sms=True)
    assert (said[0]["ends"], said[0]["words"], told) == (True, "an admin has answered AWS", [])

    again = desk("replied", number)
    assert again.returncode == 2
    assert f"case {number} is answered already, by arn:" in again.stderr
    assert desk("close", number).stdout.startswith(f"Case {number} is closed")
    noted = [entry.kind for entry in responder.case(number).timeline]
    assert noted.count(EntryKind.REMINDED) == 2
    assert noted[-3:] == [EntryKind.REMINDED, EntryKind.ANSWERED, EntryKind.CLOSED]


def test_a_case_that_is_overdue_is_told_to_all(responder, play, strike):
    number, instance_id = fresh()
    play(notice(number, instance_id))

    _, told = strike(responder.case(number), f"{number}-a", ReminderKind.OVERDUE, sms=True)

    assert sorted(admin for admin, _ in told) == [PHONE, ADA, BEN]
    assert all("OVERDUE" in words for _, words in told)
    assert EntryKind.OVERDUE in [entry.kind for entry in responder.case(number).timeline]


def test_respond_sets_one_clock_for_a_deadline(responder, play, steps):
    number, instance_id = fresh()
    sent = datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1)
    play(notice(number, instance_id, sent=sent))
    machine = responder.deployment.clock_machine
    names = [execution["name"] for execution in steps.list_executions(stateMachineArn=machine)["executions"]]
    assert names.count(clock_name(number, sent + timedelta(hours=24))) == 1


def test_the_same_notice_again_sets_no_second_clock(play):
    number, instance_id = fresh()
    mail = notice(number, instance_id)
    play(mail)
    assert "Start clock" not in "".join(message.body for message in play(mail, launch=False).messages)


def test_an_unknown_case_is_said_to_be_unknown(desk):
    run = desk("close", "99999999")
    words = "desk close: there is no case 99999999: `python -m desk cases` lists them\n"
    assert (run.returncode, run.stderr) == (2, words)
