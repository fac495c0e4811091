"""The state machine "ask": an admin answers, too late or never, and what follows from each."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from lambdas import case_table
from lambdas.domain.case.case import InstanceStatus
from lambdas.domain.case.timeline import EntryKind
from lambdas.timeline import add_entry, load_case
from tests import execution
from tests.account import account
from tests.domain.case.test_case import ADA, entry, hours, notice
from tests.execution import execute
from tests.samples import ARRIVAL, CASE, INSTANCE
from tests.stacks.machines.definitions import ASK, DESK

RESPOND = "arn:aws:states:eu-central-1:111122223333:stateMachine:respond"
YES = {"approved": True, "by": ADA, "name": f"{INSTANCE}-act"}


@pytest.fixture
def there():
    """An account with a case in which an instance waits; the notice has led to an outcome with its arrival."""
    with account() as client:
        add_entry(CASE, notice(), entry_id="notice#mail/1")
        add_entry(CASE, entry(EntryKind.ASKED, 1, INSTANCE), entry_id="asked")
        outcome = {"instance_id": INSTANCE, "arrival": ARRIVAL.to_json(), "is_ours": True}
        case_table.write(CASE, f"outcome#mail/1#{INSTANCE}", outcome)
        forged = {**ARRIVAL.to_json(), "key": "mail/forged", "received_at": hours(5).isoformat()}
        case_table.write(CASE, f"outcome#mail/forged#{INSTANCE}", {**outcome, "arrival": forged, "is_ours": False})
        yield client


def asks(name="one", *, proven=True, protected=False, minutes=600.0, **around):
    given = {
        "case": CASE,
        "instance_id": INSTANCE,
        "arrival": ARRIVAL.to_json(),
        "until": (datetime.now(UTC) + timedelta(minutes=minutes)).isoformat(timespec="milliseconds"),
        "proven": proven,
        "protected": protected,
        "respond": RESPOND,
    }
    return execute(ASK.definition, given, name=name, **around)


def decides(action, name="act", instance="", **around):
    given = {"action": action, "case": CASE, "instance": instance, "by": ADA, "words": ""}
    return execute(DESK.definition, given, name=name, **around)


def standing():
    return load_case(CASE).instances[INSTANCE]


def refused_starts(monkeypatch, error="StepFunctions.AccessDeniedException"):
    def refuse(*_):
        raise execution._machine._ExecutionError(error, "may not start it")

    monkeypatch.setattr(execution._machine, "_invoke_nested_start_execution", refuse)


@pytest.mark.usefixtures("there")
def test_an_approval_contains_once_more_with_the_yes():
    ended = asks(answer=YES)
    assert ended.states == ["Ask admins", "Is it approved?", "Contain on approval", "Containment started"]
    assert ended.started == [
        {
            "StateMachineArn": RESPOND,
            "Name": YES["name"],
            "Input": {"arrival": ARRIVAL.to_json(), "approved": [INSTANCE]},
        }
    ]
    assert 35_990 <= ended.waited[0] <= 36_000  # seconds of ten hours


@pytest.mark.usefixtures("there")
def test_a_refusal_starts_and_tells_nothing_more():
    ended = asks(answer={**YES, "approved": False})
    assert (ended.states[-1], ended.started, ended.messages) == ("Declined", [], [])


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("proven", [True, False])
def test_nobody_answers_and_all_are_told(proven):
    ended = asks(proven=proven)
    assert ended.states[1:] == [
        "Wait until the decision is due",
        "Record missing decision",
        "What happens without a decision?",
        "Escalate",
        "Admins told",
    ]
    assert ended.attempts("Ask admins")[-1].attempt == 1  # that nobody answers is no failure
    assert ended.messages[0].subject.startswith("URGENT: decide about")  # the case is proven by another notice
    assert (standing(), ended.started) == (InstanceStatus.UNDECIDED, [])


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize(("proven", "protected"), [(True, False), (True, True), (False, False), (False, True)])
def test_silence_contains_where_the_settings_say_so_and_aws_itself_says_it(monkeypatch, proven, protected):
    monkeypatch.setenv("UNANSWERED", "contain")
    ended = asks(proven=proven, protected=protected)
    if proven and not protected:
        (started,) = ended.started
        assert started["Input"] == {"arrival": ARRIVAL.to_json(), "approved": [], "undecided_instances": [INSTANCE]}
        assert ended.states[-1] == "Containment started"
    else:
        assert (ended.states[-1], ended.started) == ("Admins told", [])


@pytest.mark.usefixtures("there")
def test_what_was_decided_meanwhile_or_asked_anew_is_not_told():
    assert asks("first").states[-1] == "Admins told"
    add_entry(CASE, entry(EntryKind.DECLINED, 500, INSTANCE), entry_id="act")
    ended = asks("second")
    assert (ended.states[-1], ended.messages) == ("Question withdrawn", [])


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("error", ["StepFunctions.ExecutionAlreadyExistsException", "ExecutionAlreadyExists"])
def test_what_runs_already_is_not_started_twice(monkeypatch, error):
    refused_starts(monkeypatch, error)
    assert asks(answer=YES).states[-1] == "Containment started"


@pytest.mark.usefixtures("there")
def test_a_yes_that_cannot_be_carried_out_is_told(monkeypatch):
    refused_starts(monkeypatch)
    ended = asks(answer=YES)
    assert ended.states[-2:] == ["Escalate", "Admins told"]
    assert ended.messages[0].subject.startswith(f"URGENT: NOT contained {INSTANCE}")
    assert "FAILED: StepFunctions.AccessDeniedException: may not start it" in ended.messages[0].text


@pytest.mark.usefixtures("there")
def test_the_token_stays_in_the_table(capsys):
    ended = asks()
    kept = case_table.read_item(CASE, f"question#{INSTANCE}")
    assert kept["execution"] == ended.arn
    said = [message.text for message in ended.messages] + [capsys.readouterr().out, json.dumps(ended.output)]
    assert not any(kept["token"] in result for result in said)


@pytest.mark.usefixtures("there")
def test_a_late_yes_works_and_a_late_no_is_noted():
    def over(call):
        if call.operation == "SendTaskSuccess":
            raise call.refuse("TaskTimedOut")

    asks()
    ended = decides("decline")
    assert ended.states == [
        *("Is it about a case?", "Record admin action", "Does an execution wait for it?", "Deliver decision"),
        *("Is it still to be contained?", "Tell admins", "Admins told"),
    ]
    assert standing() is InstanceStatus.DECLINED
    ended = decides("approve", "act-two", INSTANCE, before=over)
    (started,) = ended.started
    assert started == {
        "StateMachineArn": "${RespondMachine}",
        "Name": f"{INSTANCE}-act-two",
        "Input": {"arrival": ARRIVAL.to_json(), "approved": [INSTANCE]},
    }
    assert standing() is InstanceStatus.APPROVED


@pytest.mark.usefixtures("there")
def test_a_yes_in_time_goes_to_the_question_with_the_name_of_the_act():
    case_table.write(CASE, f"question#{INSTANCE}", {"execution": "one", "token": "secret"})
    sent = []

    def taken(call):
        if call.operation == "SendTaskSuccess":
            sent.append(call.parameters)

    ended = decides("approve", after=taken)
    assert ended.started == []
    answer = json.loads(sent[0]["output"])
    assert (sent[0]["taskToken"], answer) == ("secret", {"approved": True, "by": ADA, "name": f"{INSTANCE}-act"})


@pytest.mark.usefixtures("there")
@pytest.mark.parametrize("code", ["TaskTimedOut", "TaskDoesNotExist", "InvalidToken"])
def test_a_question_that_is_over_starts_the_containing_at_the_desk(code):
    case_table.write(CASE, f"question#{INSTANCE}", {"execution": "one", "token": "secret"})

    def refuse(call):
        if call.operation == "SendTaskSuccess":
            raise call.refuse(code)

    ended = decides("approve", before=refuse)
    assert "Contain at once" in ended.states
    assert len(ended.started) == 1


@pytest.mark.usefixtures("there")
def test_an_answer_that_cannot_be_handed_in_is_told_as_not_contained():
    case_table.write(CASE, f"question#{INSTANCE}", {"execution": "one", "token": "secret"})

    def refuse(call):
        if call.operation == "SendTaskSuccess":
            raise call.refuse("AccessDeniedException")

    ended = decides("approve", before=refuse)
    assert ended.output["failures"]
    assert ended.messages[0].subject.startswith(f"URGENT: NOT contained {INSTANCE}")
    assert "secret" not in json.dumps(ended.output)
