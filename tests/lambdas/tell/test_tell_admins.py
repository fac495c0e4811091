"""What all admins hear of an act of one of them."""

import pytest

from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.timeline import add_entry
from tests.domain.case.test_case import ADA, hours, notice
from tests.samples import ACCOUNT, CASE, INSTANCE

DESK = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:desk:one"


@pytest.fixture
def tell(table, admins, call):  # noqa: ARG001  the case table and the topic must be there
    """Tell of an entry that an act has left in the case."""
    add_entry(CASE, notice(), entry_id="notice#mail/1")

    def step(entry, case=CASE, failures=()):
        add_entry(CASE, entry, entry_id="act#one")
        noted = {"case": case, "entry": entry.to_json()}
        return call("tell", "Tell admins", execution=DESK, noted=noted, failures=failures)

    return step


@pytest.mark.parametrize(
    ("what", "facts", "subject"),
    [
        (EntryKind.ACKNOWLEDGED, {"admin": "ada@example.com"}, "INFO: ada@example.com (claimed) is on it"),
        (EntryKind.APPROVED, {}, f"INFO: approved, {INSTANCE} will be contained"),
        (EntryKind.DECLINED, {}, f"INFO: declined, {INSTANCE} is left as it is"),
        (EntryKind.ANSWERED, {}, "INFO: AWS was answered, the clock has stopped"),
        (EntryKind.CLOSED, {}, "INFO: closed, the clock has stopped"),
    ],
)
def test_each_act_has_its_message(tell, only_mail, what, facts, subject):
    assert tell(TimelineEntry(hours(2), what, ADA, "my words", INSTANCE, details=facts))["outcome"] == "done"
    mail = only_mail()
    assert mail.subject.startswith(subject)
    assert "my words" in mail.text
    assert DESK in mail.text


def test_it_tells_how_the_case_stands_after_the_act(tell, only_mail):
    tell(TimelineEntry(hours(2), EntryKind.ANSWERED, ADA, ""))
    assert f"  Case      {CASE}, answered;" in only_mail().text


def test_a_case_that_is_gone_is_no_success(tell, admins):
    with pytest.raises(LookupError, match="expired"):
        tell(TimelineEntry(hours(2), EntryKind.CLOSED, ADA, ""), case="1")
    assert admins("email") == []


REFUSED = {"Error": "StepFunctions.AccessDeniedException", "Cause": "may not start it"}


def test_an_approval_that_could_not_be_carried_out_is_no_approval_to_rely_on(tell, admins):
    tell(TimelineEntry(hours(2), EntryKind.APPROVED, ADA, "", INSTANCE), failures=[REFUSED])
    (mail,) = admins("email")
    assert mail.subject.startswith(f"URGENT: NOT contained {INSTANCE}")
    assert "FAILED: StepFunctions.AccessDeniedException: may not start it" in mail.text


def test_a_refusal_stands_whether_or_not_a_question_still_waited(tell, only_mail):
    tell(TimelineEntry(hours(2), EntryKind.DECLINED, ADA, "", INSTANCE), failures=[REFUSED])
    assert only_mail().subject.startswith("INFO: declined")
