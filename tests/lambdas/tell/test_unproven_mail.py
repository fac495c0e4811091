"""What unproven mails share is sent once, and lists what waits now."""

from datetime import UTC, datetime, timedelta

import pytest
from botocore.exceptions import ClientError

from lambdas import case_table
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.case.unproven_mail import list_clock, listed_mail, questions_clock
from lambdas.timeline import add_entry
from tests.domain.case.test_case import ADA, for_stranger, hours, notice
from tests.samples import ACCOUNT, CASE, INSTANCE, MAIL, RECEIVED
from tests.samples import notice as said

CLOCK = f"arn:aws:states:eu-central-1:{ACCOUNT}:execution:clock"
NOW = datetime.now(UTC)
QUESTIONS, LIST = questions_clock(NOW), list_clock(NOW)


@pytest.fixture
def remind(table, call):  # noqa: ARG001  the case table must be there
    """Let a shared clock come to one of its moments."""

    def step(clock, number=0, name="one"):
        given = clock.to_json()
        return call(
            "tell",
            "Remind admins",
            execution=f"{CLOCK}:{name}",
            case=given["case"],
            deadline=given["deadline"],
            moment=given["moments"][number],
        )

    return step


def ask(case=CASE, clock=QUESTIONS):
    add_entry(case, notice(proven=False), entry_id="notice#mail/1")
    add_entry(case, for_stranger(EntryKind.ASKED, 1), entry_id="asked")
    item = {"case": case, "instance_id": INSTANCE}
    case_table.write_once(clock.partition, f"question#{case}#{INSTANCE}", item)


def act(what):
    add_entry(CASE, TimelineEntry(hours(2), what, ADA, "", INSTANCE), entry_id="act#one")


def list_mail(number, instances=()):
    mail = listed_mail(said(subject=f"Mail {number}"), RECEIVED, instances, f"{MAIL}-{number}")
    case_table.write_once(LIST.partition, f"mail#{number}", mail.to_json())


def test_open_questions_are_told_in_one_mail(remind, only_mail):
    ask()
    ask("mail-0123456789ab")
    result = remind(QUESTIONS)
    assert (result["outcome"], result["ends"]) == ("done", False)
    mail = only_mail()
    assert mail.subject == "WARNING: 2 questions of unproven mails wait for you"
    for case in (CASE, "mail-0123456789ab"):
        assert f"python -m desk approve {case} {INSTANCE}" in mail.text


def test_questions_of_earlier_windows_are_told_too(remind, only_mail):
    ask("earlier", questions_clock(NOW - timedelta(hours=18)))
    remind(QUESTIONS)
    assert f"python -m desk decline earlier {INSTANCE}" in only_mail().text


@pytest.mark.parametrize("what", [EntryKind.APPROVED, EntryKind.DECLINED, EntryKind.CLOSED])
def test_what_an_admin_has_decided_is_not_asked_again(remind, admins, what):
    ask()
    act(what)
    assert remind(QUESTIONS) == {"outcome": "skipped", "words": "nothing waits", "ends": False}
    assert admins("email") == []


@pytest.mark.parametrize("name", ["one", "two"])
def test_a_moment_is_told_once_and_the_next_one_again(remind, admins, name):
    ask()
    remind(QUESTIONS)
    assert remind(QUESTIONS, name=name)["outcome"] == "skipped"
    assert len(admins("email")) == 1
    assert remind(QUESTIONS, 1, name)["outcome"] == "done"
    assert len(admins("email")) == 1


def test_the_list_of_an_hour_names_every_mail_and_where_it_is(remind, only_mail):
    for number in range(3):
        list_mail(number, [INSTANCE] if number == 2 else [])
    assert remind(LIST)["outcome"] == "done"
    mail = only_mail()
    assert mail.subject == "WARNING: 3 more unproven mails in one hour"
    assert all(f"{MAIL}-{number}" in mail.text for number in range(3))
    assert mail.text.index(f"{MAIL}-2") < mail.text.index(f"{MAIL}-0")
    assert f"""'{{":p": {{"S": "{LIST.partition}"}}}}'""" in mail.text


def test_a_list_that_could_not_be_sent_is_sent_by_the_next_try(moto, remind, only_mail, refuse):
    list_mail(1)
    again = refuse(moto("sns"), "Publish", "KMSAccessDenied")
    with pytest.raises(ClientError, match="KMSAccessDenied"):
        remind(LIST)
    again()
    assert remind(LIST)["outcome"] == "done"
    assert only_mail().subject.startswith("WARNING: 1 more")


def test_a_list_of_nothing_is_not_sent(remind, admins):
    assert remind(LIST)["words"] == "nothing waits"
    assert admins("email") == []
