"""The state machine "desk": an act is noted and told to all, or refused with nothing changed."""

import pytest

from lambdas.domain.case.case import CaseState
from lambdas.domain.case.timeline import EntryKind
from lambdas.timeline import add_entry, load_case
from tests.account import account
from tests.domain.case.test_case import ADA, notice
from tests.execution import execute
from tests.samples import CASE
from tests.stacks.machines.definitions import DESK, longest


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
        ("ack", EntryKind.ACKNOWLEDGED, CaseState.OPEN, "INFO: ada@example.com is on it (answer AWS by "),
        ("replied", EntryKind.ANSWERED, CaseState.ANSWERED, "INFO: AWS was answered, the clock has stopped"),
        ("close", EntryKind.CLOSED, CaseState.CLOSED, "INFO: closed, the clock has stopped"),
    ],
)
def test_an_act_is_noted_and_told_to_all(action, what, state, subject):
    ended = acts(action, words="because")
    assert (ended.status, ended.states) == (
        "SUCCEEDED",
        ["Record admin action", "Does an execution wait for it?", "Tell admins", "Admins told"],
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
    assert ended.states == ["Record admin action", "Nothing done"]
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
    assert longest(DESK.definition) <= 7
