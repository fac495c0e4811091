"""All admins learn that AWS was answered, by whom, and that the clock has stopped."""

import pytest

from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.intake.notice import NoticeKind
from lambdas.timeline import add_entry
from tests import rich_case as rich
from tests.samples import CASE

ANSWERED = TimelineEntry(
    rich.hours(5), EntryKind.ANSWERED, "ada@example.com", "ada@example.com has written to ec2-abuse@amazon.com"
)
OTHER = "12480039999"
pytestmark = pytest.mark.usefixtures("table")


@pytest.fixture
def report(call):
    """Open these cases, answer them, and tell the admins."""

    def step(*cases):
        for case in cases:
            add_entry(case, rich._came(NoticeKind.FIRST_NOTICE, 0), entry_id="notice#one")
            add_entry(case, ANSWERED, entry_id="answer#one")
        return call("tell", "Report answer", answers=[{"case": case, "entry": ANSWERED.to_json()} for case in cases])

    return step


def test_the_message_says_who_answered_and_that_the_clock_has_stopped(report, only_mail):
    assert report(CASE)["outcome"] == "done"
    mail = only_mail()
    assert mail.subject == f"INFO: AWS was answered, the clock has stopped (case {CASE})"
    assert "ada@example.com" in mail.text.splitlines()[0]
    assert "has written to ec2-abuse@amazon.com" in mail.text
    assert "executions/details/arn:aws:states:" in mail.text


def test_of_several_cases_each_has_its_message(report, admins):
    assert report(CASE, OTHER)["outcome"] == "done"
    subjects = [mail.subject for mail in admins()]
    assert [case for case in (CASE, OTHER) if any(case in one for one in subjects)] == [CASE, OTHER]


def test_a_case_that_holds_no_notice_is_no_case(call):
    with pytest.raises(LookupError, match="holds no notice"):
        call("tell", "Report answer", answers=[{"case": OTHER, "entry": ANSWERED.to_json()}])
