"""The state machine "clock": it comes to an end, and says what the case needs; "respond" sets it once a deadline."""

import json
import re
from datetime import UTC, datetime

import pytest

from lambdas.domain.case.admin_action import AdminAction, entry_for
from lambdas.domain.case.clock import clock_name, schedule_reminders
from lambdas.domain.case.timeline import EntryKind
from lambdas.timeline import add_entry, load_case
from tests import execution
from tests.account import account
from tests.domain.case.test_case import ADA, notice
from tests.execution import execute
from tests.samples import CASE
from tests.stacks.machines.definitions import CLOCK, RESPOND, after, edges
from tests.sweep.stage import FIRST, FIRST_AGAIN, stage

WAIT, REMIND = "Wait for the next moment", "Remind admins"


def test_the_way_back_is_gone_once_for_each_moment():
    """It leads over a count that grows with each reminder, and is left when there is no moment of that number."""
    back = [way for way in edges(CLOCK.top) if way.end == WAIT]
    assert {way.start for way in back} == {"Does the clock go on?"}
    assert WAIT in after(WAIT, list(edges(CLOCK.top)))
    stops, again = CLOCK.states["Does the clock go on?"]["Choices"]
    assert (stops["Condition"], stops["Next"]) == ("{% $states.input.reminder.ends %}", "Clock stopped")
    assert again["Condition"] == "{% $states.input.index < $count($states.input.moments) %}"
    assert CLOCK.states["Does the clock go on?"]["Default"] == "Clock ran out"
    assert "'index': $states.input.index + 1" in CLOCK.states[REMIND]["Output"]
    assert {way.end for way in edges(CLOCK.top) if way.start == WAIT} == {REMIND}
    assert CLOCK.states[WAIT]["Timestamp"] == "{% $states.input.moments[$states.input.index].at %}"


@pytest.fixture
def opened():
    """An account with a case that a notice has opened, whose deadline is the day after."""
    with account() as client:
        add_entry(CASE, notice(), entry_id="notice#mail/1")
        yield client


def given(**settings):
    """The input of the case's clock."""
    case = load_case(CASE)
    set_at = case.opened_at
    struck = schedule_reminders(case.deadline.at, set_at, set_at, (12, 6, 2, 1), 60)
    return {
        "case": CASE,
        "deadline": case.deadline.at.isoformat(),
        "moments": [moment.to_json() for moment in struck],
        "index": 0,
        **settings,
    }


def act(action, admin="ada@example.com"):
    case = load_case(CASE)
    left = entry_for(AdminAction(action, CASE, "", ADA, "", admin), case, ("ada@example.com", "ben@example.com"), now())
    add_entry(CASE, left, entry_id=f"act#{action}")


def now():
    return datetime.now(UTC)


def runs(**around):
    return execute(CLOCK.definition, given(), **around)


def told(ended):
    return [(message.to, message.channel, message.subject or message.text) for message in ended.messages]


@pytest.mark.usefixtures("opened")
def test_where_nobody_does_anything_all_is_said_to_all():
    ended = runs()
    assert ended.status == "SUCCEEDED"
    assert ended.states[-1] == "Clock ran out"
    mails = [subject for to, channel, subject in told(ended) if channel == "email" and to == "all"]
    assert len(mails) == 6
    assert "nobody is on it yet" in mails[0]
    assert "OVERDUE" in mails[-1]
    # Unacknowledged, within two hours, overdue.
    assert len([message for message in told(ended) if message[1] == "sms"]) == 4
    noted = [entry.kind for entry in load_case(CASE).timeline]
    assert noted.count(EntryKind.REMINDED) == 4
    assert (noted.count(EntryKind.UNACKNOWLEDGED), noted.count(EntryKind.OVERDUE)) == (1, 1)


def at_the(number, do):
    """Do something before the reminder of this number looks at the case."""

    moment, done = given()["moments"][number], []

    def before(call):
        if call.invocation.event["moment"] == moment and not done:
            done.append(True)
            do()

    return before


@pytest.mark.usefixtures("opened")
def test_an_acknowledgement_calms_it():
    act("ack")
    ended = runs()
    mails = [to for to, channel, _ in told(ended) if channel == "email"]
    assert mails == ["ada@example.com", "ada@example.com", "ada@example.com", "all", "all"]
    assert [to for to, channel, _ in told(ended) if channel == "sms"] == ["ada@example.com", "all", "all"]
    first = ended.invocations[0].result
    assert (first["outcome"], first["words"], first["ends"]) == ("skipped", "an admin is on it", False)


@pytest.mark.usefixtures("opened")
@pytest.mark.parametrize(("action", "words"), [("replied", "an admin has answered AWS"), ("close", "an admin has clo")])
def test_it_stops_with_a_reason(action, words):
    ended = runs(before=at_the(2, lambda: act(action)))
    assert ended.states[-1] == "Clock stopped"
    assert ended.output["reminder"]["words"].startswith(words)
    assert len([message for message in told(ended) if message[1] == "email"]) == 2


@pytest.mark.usefixtures("opened")
def test_a_case_that_is_gone_stops_it():
    ended = execute(CLOCK.definition, given(case="1"))
    assert (ended.states[-1], ended.output["reminder"]["words"]) == (
        "Clock stopped",
        "the case table holds no such case",
    )


@pytest.mark.usefixtures("opened")
def test_a_doubled_execution_reminds_once():
    first, second = runs(name="one"), runs(name="two")
    assert len(first.messages) == 10
    assert second.messages == []
    assert second.states[-1] == "Clock ran out"


@pytest.mark.usefixtures("opened")
def test_two_at_the_same_time_remind_once():
    others = []

    def beside(call):
        if call.operation == "Publish" and not others:
            others.append(None)
            others[0] = runs(name="two")

    ended = runs(name="one", before=beside)
    assert others[0].messages == [
        message for message in others[0].messages if "nobody is on it" not in (message.subject or "")
    ]
    subjects = [message.subject for run in (ended, others[0]) for message in run.messages if message.subject]
    assert len(subjects) == 6


@pytest.mark.usefixtures("opened")
def test_a_message_that_cannot_be_sent_is_tried_for_long_and_then_raises_the_alarm():
    def refuse(call):
        if call.operation == "Publish":
            raise call.refuse("KMSThrottlingException")

    ended = runs(before=refuse)
    assert (ended.status, ended.error) == ("FAILED", "AdminsNotTold")
    assert len(ended.attempts(REMIND)) == 13
    assert load_case(CASE).timeline[-1].kind is EntryKind.NOTICE  # nothing is noted that was not told


@pytest.mark.usefixtures("opened")
def test_a_crash_after_the_message_and_before_the_note_tells_twice_rather_than_never():
    crashed = []

    def crash(call):
        if call.operation == "PutItem" and "entry#clock#" in json.dumps(call.parameters) and not crashed:
            crashed.append(True)
            raise call.refuse("ProvisionedThroughputExceededException")

    ended = runs(before=crash)
    assert ended.status == "SUCCEEDED"
    assert 10 <= len(ended.messages) <= 12


def test_an_unproven_case_has_no_sms():
    with account():
        add_entry(CASE, notice(proven=False), entry_id="notice#mail/1")
        ended = runs()
    assert {channel for _, channel, _ in told(ended)} == {"email"}
    assert len(ended.messages) == 6


def started_clocks(ended):
    return [start for start in ended.started if start["StateMachineArn"] == "${ClockMachine}"]


def of_today(raw):
    """The notice, sent today: the real clock is what "Open case" goes by."""
    return re.sub(rb"(?m)^Date: .*$", f"Date: {now():%a, %d %b %Y %H:%M:%S} +0000".encode(), raw)


def received_now(mail):
    return (*mail[:2], now().isoformat())


def test_respond_sets_a_clock_for_the_deadline():
    with stage() as there:
        ended = there.play(received_now(FIRST), change=of_today)
        case = load_case(CASE)
    assert ended.status == "SUCCEEDED"
    (clock,) = started_clocks(ended)
    assert clock["Name"] == clock_name(CASE, case.deadline.at)
    kinds = [moment["kind"] for moment in clock["Input"]["moments"]]
    assert kinds == ["unacknowledged", "reminded", "reminded", "reminded", "reminded", "overdue"]
    assert (clock["Input"]["case"], clock["Input"]["index"]) == (CASE, 0)
    assert ended.states.index("Start clock") < ended.states.index("Report to admins")


@pytest.mark.parametrize("error", ["StepFunctions.ExecutionAlreadyExistsException", "ExecutionAlreadyExists"])
def test_a_deadline_that_has_its_clock_gets_no_second_one(monkeypatch, error):
    def refuse(_, asked):
        if asked["StateMachineArn"] == "${ClockMachine}":
            raise execution._machine._ExecutionError(error, "there is one of this name")
        return {}

    monkeypatch.setattr(execution._machine, "_invoke_nested_start_execution", refuse)
    with stage() as there:
        ended = there.play(received_now(FIRST_AGAIN), change=of_today)
    assert "Clock runs already" in ended.states
    assert ended.output["failures"] == []
    assert ended.states.count("Start clock") == 1


def test_a_clock_that_cannot_be_started_stands_in_the_report(monkeypatch):
    def refuse(_, asked):
        if asked["StateMachineArn"] == "${ClockMachine}":
            raise execution._machine._ExecutionError("StepFunctions.AccessDeniedException", "may not start it")
        return {}

    monkeypatch.setattr(execution._machine, "_invoke_nested_start_execution", refuse)
    with stage() as there:
        ended = there.play(received_now(FIRST), change=of_today)
    (report,) = {
        message.text for message in ended.messages if (message.step, message.channel) == ("Report to admins", "email")
    }
    assert "FAILED: Start clock: StepFunctions.AccessDeniedException: may not start it" in report


def test_whatever_fails_before_it_the_clock_is_set():
    """Every way from the open case to the report leads over "Start clocks"."""
    around = [way for way in edges(RESPOND.top) if way.start != "Start clocks"]
    assert "Report to admins" not in after("Open case", around)


@pytest.mark.usefixtures("opened")
def test_a_clock_takes_few_transitions():
    """Three for each moment, and one for the end; Step Functions bills every state that is entered."""
    assert len(runs().states) == 3 * 6 + 1
