""" "respond" with an unproven mail: told by itself, or on the list of its hour, and never lost."""

from dataclasses import replace

import pytest

import lambdas.read
from lambdas import case_table
from lambdas.domain.intake.notice import NoticeKind
from tests import execution
from tests.account import account
from tests.execution import execute
from tests.samples import ARRIVAL, CASE, FORWARDED, UNPROVEN, notice
from tests.stacks.machines.definitions import RESPOND, STARTED

TRUSTED = replace(FORWARDED, trusted=True)
FIRST, NONE = notice(), notice(kind=NoticeKind.NONE, resources=())


@pytest.fixture
def arrive(monkeypatch):
    """What comes of a mail that was read as this; with `full`, its hour has room for no further one."""
    with account() as moto:

        def run(said=FIRST, proof=UNPROVEN, *, full=False, before=None, approved=()):
            read = {"notice": said.to_json(), "proof": proof.to_json()}
            monkeypatch.setitem(lambdas.read.STEPS, "Read notice", lambda _: read)
            if full:
                for lane in ("others", "forwarded"):
                    for number in range(30):
                        case_table.take_slot(f"lane#{lane}", f"mail/{number}", 30)
            moto("s3").put_object(Bucket=ARRIVAL.bucket, Key=ARRIVAL.key, Body=b"Subject: Mail\n\nText\n")
            given = {"arrival": ARRIVAL.to_json(), "approved": list(approved)}
            return execute(RESPOND.definition, given, before=before)

        yield run


@pytest.mark.parametrize("said", [FIRST, NONE], ids=["notice", "no notice"])
def test_beyond_the_room_of_its_hour_a_mail_is_only_listed(arrive, said):
    ended = arrive(said, full=True)
    assert ended.status == "SUCCEEDED"
    assert ended.states[-1] == "Mail listed"
    assert ended.messages == []
    (start,) = ended.started
    assert start["Name"].startswith("listed-mails-")
    assert start["Input"]["index"] == 0
    assert list(case_table.read_items(start["Input"]["case"])) == [f"mail#{ARRIVAL.key}"]
    assert case_table.read_items(CASE) == {}


def test_a_trusted_forwarders_mail_is_listed_before_anybody_is_alerted(arrive):
    ended = arrive(proof=TRUSTED, full=True)
    assert (ended.states[-1], ended.messages) == ("Mail listed", [])
    assert "Find instances" not in ended.states


def test_a_trusted_forwarders_mail_has_a_first_alert_and_others_have_none(arrive):
    told = [message.step for message in arrive(proof=TRUSTED).messages]
    assert told == ["Send first alert", "Report to admins"]
    assert [message.step for message in arrive(notice(message_id="<2@x>")).messages] != told


def test_what_an_admin_has_approved_is_handled_however_full_the_hour_is(arrive):
    ended = arrive(full=True, approved=["i-0a7b1dd0e3f94c256"])
    assert "Admit mail" not in ended.states
    assert ended.states[-1] == "Admins told"


@pytest.mark.parametrize("error", STARTED)
def test_the_second_mail_of_a_list_starts_nothing_and_is_listed(arrive, monkeypatch, error):
    refuse(monkeypatch, error)
    ended = arrive(full=True)
    assert (ended.states[-1], ended.messages, ended.output["failures"]) == ("Mail listed", [], [])


def test_a_list_that_cannot_be_started_loses_no_mail(arrive, monkeypatch):
    refuse(monkeypatch, "StepFunctions.AccessDeniedException")
    ended = arrive(full=True)
    assert ended.states[-1] == "Mail relayed"
    (mail,) = ended.messages
    assert "Start list" in mail.text


def test_a_mail_that_cannot_be_admitted_is_passed_on(arrive):
    def refuse_slots(call):
        if call.operation == "UpdateItem":
            raise call.refuse("AccessDeniedException", "no")

    ended = arrive(before=refuse_slots)
    assert ended.states[-1] == "Mail relayed"
    (mail,) = ended.messages
    assert "Admit mail" in mail.text


def refuse(monkeypatch, error):
    def start(_, asked):
        raise execution._machine._ExecutionError(error, asked["Name"])

    monkeypatch.setattr(execution._machine, "_invoke_nested_start_execution", start)
