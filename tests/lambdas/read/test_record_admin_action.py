"""What an admin's act leaves in the timeline; when an act makes sense is the domain's."""

import pytest

from lambdas.domain.case.case import CaseState
from lambdas.domain.errors import NotPossibleNow, UnknownCase
from lambdas.timeline import add_entry, load_case
from tests.domain.case.test_case import ADA, notice
from tests.samples import ACCOUNT, CASE

DESK = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:desk"


@pytest.fixture
def act(table, call):  # noqa: ARG001  the case table must be there
    """Let an admin do something about a case that a notice has opened."""
    add_entry(CASE, notice(), entry_id="notice#mail/1")

    def step(action, name="one", **asked):
        given = {"action": action, "case": CASE, "instance": "", "by": ADA, "words": "", **asked}
        return call("read", "Record admin action", execution=f"{DESK}:{name}", act=given)

    return step


def test_what_was_noted_is_handed_on(act):
    noted = act("replied", words="by telephone")
    case = load_case(CASE)
    assert case.state is CaseState.ANSWERED
    assert noted == {"case": CASE, "entry": case.answered.to_json()}
    assert (noted["entry"]["actor"], noted["entry"]["words"]) == (ADA, "by telephone")


def test_the_settings_say_who_the_admins_are(act):
    assert act("ack", admin="ben@example.com")["entry"]["details"] == {"admin": "ben@example.com"}
    with pytest.raises(NotPossibleNow, match=r"one of ada@example\.com, ben@example\.com"):
        act("ack", "two", admin="eve@example.com")


def test_the_same_execution_notes_once(act):
    assert act("replied") == act("replied")
    assert len(load_case(CASE).timeline) == 2


def test_another_execution_is_refused(act):
    act("close")
    with pytest.raises(NotPossibleNow, match="is closed already, by arn"):
        act("close", "two")


def test_a_case_is_known_by_its_number_as_a_mail_has_it(act):
    assert act("replied", case=f"{CASE}-1")["case"] == CASE
    assert load_case(CASE).state is CaseState.ANSWERED


def test_a_case_that_is_not_there_is_refused(act):
    with pytest.raises(UnknownCase, match="there is no case 10468407181: `python -m desk cases` lists them"):
        act("ack", case="10468407181")
    assert load_case("10468407181") is None
