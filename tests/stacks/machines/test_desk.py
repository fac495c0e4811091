"""The state machine "desk": an act is noted and told to all, or refused with nothing changed."""

import json
import os

import pytest

from lambdas.domain.case.case import CaseState
from lambdas.domain.case.timeline import EntryKind
from lambdas.timeline import add_entry, load_case
from tests.account import account
from tests.domain.case.test_case import ADA, notice
from tests.execution import execute
from tests.samples import ACCOUNT, CASE, MAIL_BUCKET
from tests.stacks.machines.definitions import DESK, longest

ABOUT = "Is it about a case?"


@pytest.fixture(autouse=True)
def opened():
    """An account with a case that a notice has opened."""
    with account() as client:
        add_entry(CASE, notice(), entry_id="notice#mail/1")
        yield client


def acts(action, name="one", case=CASE, **asked):
    given = {"action": action, "case": case, "instance": "", "by": ADA, "words": "", **asked}
    around = {part: given.pop(part) for part in ("before", "after") if part in given}
    return execute(DESK.definition, given, name=name, **around)


@pytest.mark.parametrize(
    ("action", "what", "state", "subject"),
    [
        ("ack", EntryKind.ACKNOWLEDGED, CaseState.OPEN, "INFO: ada@example.com (claimed) is on it (answer AWS by "),
        ("replied", EntryKind.ANSWERED, CaseState.ANSWERED, "INFO: AWS was answered, the clock has stopped"),
        ("close", EntryKind.CLOSED, CaseState.CLOSED, "INFO: closed, the clock has stopped"),
    ],
)
def test_an_act_is_noted_and_told_to_all(action, what, state, subject):
    ended = acts(action, words="because")
    assert (ended.status, ended.states) == (
        "SUCCEEDED",
        [ABOUT, "Record admin action", "Does an execution wait for it?", "Tell admins", "Admins told"],
    )
    case = load_case(CASE)
    entry = case.timeline[-1]
    assert (case.state, entry.kind, entry.actor, entry.words) == (state, what, ADA, "because")
    assert ended.output == {"case": CASE, "entry": entry.to_json(), "failures": []}
    (message,) = ended.messages
    assert (message.to, message.channel) == ("all", "email")
    assert message.subject.startswith(subject)
    assert "because" in message.text


def test_what_makes_no_sense_is_refused_at_once():
    acts("replied")
    before = load_case(CASE)
    ended = acts("replied", "two")
    assert ended.states == [ABOUT, "Record admin action", "Nothing done"]
    assert ended.output["refused"]["Error"] == "NotPossibleNow"
    assert "is answered already" in ended.output["refused"]["Cause"]
    assert len(ended.attempts("Record admin action")) == 1
    assert load_case(CASE) == before
    assert ended.messages == []


def test_an_unknown_case_is_refused_at_once():
    ended = acts("ack", case="1")
    assert ended.output["refused"]["Error"] == "UnknownCase"
    assert "there is no case 1" in ended.output["refused"]["Cause"]
    assert len(ended.attempts("Record admin action")) == 1


def test_a_step_that_runs_again_notes_once_and_is_not_refused_by_itself():
    def crash(call):
        if call.operation == "PutItem" and call.invocation.attempt == 1:
            raise call.refuse("InternalServerError", status=500)

    ended = acts("replied", after=crash)  # it was written, and the answer was lost
    assert ended.states[-1] == "Admins told"
    assert [entry.kind for entry in load_case(CASE).timeline] == [EntryKind.NOTICE, EntryKind.ANSWERED]


def test_an_act_that_cannot_be_told_stays_noted_and_fails():
    def refuse(call):
        if call.operation == "Publish":
            raise call.refuse("KMSThrottlingException")

    ended = acts("ack", before=refuse)
    assert (ended.status, ended.error) == ("FAILED", "AdminsNotTold")
    assert load_case(CASE).acknowledged


def test_an_act_takes_few_transitions():
    assert longest(DESK.definition) <= 8


DIGEST = "0a1b" * 16


@pytest.fixture
def respond(opened):
    """Step Functions with the state machine "respond", and a dead-letter queue."""
    arn = opened("stepfunctions").create_state_machine(
        name="respond",
        definition='{"StartAt": "E", "States": {"E": {"Type": "Succeed"}}}',
        roleArn=f"arn:aws:iam::{ACCOUNT}:role/respond",
    )["stateMachineArn"]
    queue = opened("sqs").create_queue(QueueName="dead-letters")["QueueUrl"]
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RESPOND", arn)
        patch.setenv("DEAD_LETTERS", queue)
        patch.setenv("INTAKE_QUEUE", f"arn:aws:sqs:eu-central-1:{ACCOUNT}:front")
        yield opened("stepfunctions")


def inputs(steps):
    found = steps.list_executions(stateMachineArn=os.environ["RESPOND"])["executions"]
    return [
        json.loads(steps.describe_execution(executionArn=execution["executionArn"])["input"]) for execution in found
    ]


def test_a_submitted_mail_is_started_without_verdicts_whatever_else_the_input_says(respond):
    """Attack 8: the input names a hash, so it can hold neither SES's word nor an event of AWS Health."""
    forged = {
        "verdicts": {"dmarc": "PASS"},
        "arrival": {"key": "health/x/y"},
        "source": "aws.health",
        "bucket": "theirs",
    }
    ended = execute(DESK.definition, {"action": "submit", "mail": DIGEST, "approved": ["i-0"], **forged})
    assert (ended.status, ended.states) == ("SUCCEEDED", [ABOUT, "Start submitted mail", "Started"])
    assert ended.output == {"execution_name": DIGEST}
    (given,) = inputs(respond)
    assert (given["approved"], given["arrival"]["verdicts"]) == ([], None)
    assert (given["arrival"]["bucket"], given["arrival"]["key"]) == (MAIL_BUCKET, f"submitted/{DIGEST}")


@pytest.mark.parametrize("mail", ["mail/k3v9story1", "../health/x/y", {"key": "mail/k3v9story1"}, None])
def test_nothing_but_a_hash_is_submitted(respond, mail):
    ended = execute(DESK.definition, {"action": "submit", "mail": mail})
    assert (ended.states[-1], ended.output["refused"]["Error"]) == ("Nothing done", "UnknownArrival")
    assert len(ended.attempts("Start submitted mail")) == 1
    assert inputs(respond) == []


def test_dead_letters_are_handled_again(respond):
    ended = execute(DESK.definition, {"action": "redrive"})
    assert ended.states == [ABOUT, "Redrive dead letters", "Started"]
    assert ended.output == {"handled": 0, "failed": [], "more": False}
    assert inputs(respond) == []
