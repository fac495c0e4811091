"""`desk ack`, `replied` and `close` start the state machine under the admin's identity, and say what is so then.

Moto starts executions that never end, so what they put out is given here; end to end it is the real one.
"""

import io
import json

import boto3
import pytest
from moto import mock_aws

from desk.__main__ import main
from desk.admin_action import act
from desk.errors import DeskError
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from tests.domain.case.test_case import ADA, hours
from tests.samples import CASE, INSTANCE

MOTO = "arn:aws:sts::123456789012:user/moto"


@pytest.fixture
def deployed(monkeypatch):
    """The state machine, and what its executions put out: `deployed(output)`; returns what was asked for."""
    with mock_aws():
        machine = boto3.client("stepfunctions").create_state_machine(
            name="desk",
            definition='{"StartAt": "x", "States": {"x": {"Type": "Succeed"}}}',
            roleArn="arn:aws:iam::123456789012:role/desk",
        )["stateMachineArn"]
        monkeypatch.setattr("desk.execution.outputs", lambda: {"DeskMachine": machine})

        def ends(output=None, status="SUCCEEDED", **more):
            described = {"status": status, "output": json.dumps(output), **more}
            monkeypatch.setattr("desk.execution._ended", lambda *_: described)

            def asked():
                steps = boto3.client("stepfunctions")
                (execution,) = steps.list_executions(stateMachineArn=machine)["executions"]
                return json.loads(steps.describe_execution(executionArn=execution["executionArn"])["input"])

            return asked

        yield ends


def noted(what, **facts):
    return {
        "case": CASE,
        "entry": TimelineEntry(hours(2), what, ADA, "", INSTANCE, details=facts).to_json(),
        "failures": [],
    }


@pytest.mark.parametrize(
    ("arguments", "what", "facts", "asked", "said"),
    [
        (
            ["ack", CASE],
            EntryKind.ACKNOWLEDGED,
            {"admin": "ada@example.com"},
            {"action": "ack", "words": "", "admin": ""},
            f"ada@example.com is on case {CASE}. All admins are told. From now on reminders go only to ada@example.com",
        ),
        (
            ["ack", CASE, "--as", "ben@example.com"],
            EntryKind.ACKNOWLEDGED,
            {"admin": "ben@example.com"},
            {"action": "ack", "words": "", "admin": "ben@example.com"},
            f"ben@example.com is on case {CASE}.",
        ),
        (
            ["replied", CASE, "--words", "by telephone"],
            EntryKind.ANSWERED,
            {},
            {"action": "replied", "words": "by telephone", "admin": ""},
            f"Case {CASE} counts as answered, and its clock has stopped. All admins are told.",
        ),
        (
            ["approve", CASE],
            EntryKind.APPROVED,
            {},
            {"action": "approve", "words": ""},
            f"{INSTANCE} of case {CASE} will be contained. All admins are told.",
        ),
        (
            ["decline", CASE, INSTANCE, "--words", "our own test"],
            EntryKind.DECLINED,
            {},
            {"action": "decline", "words": "our own test", "instance": INSTANCE},
            f"{INSTANCE} of case {CASE} is left as it is. All admins are told.",
        ),
        (
            ["close", CASE],
            EntryKind.CLOSED,
            {},
            {"action": "close", "words": "", "admin": ""},
            f"Case {CASE} is closed, and its clock has stopped. All admins are told.",
        ),
    ],
)
def test_an_act_is_asked_for_and_what_is_so_is_said(deployed, capsys, arguments, what, facts, asked, said):  # noqa: PLR0917
    given = deployed(noted(what, **facts))
    assert main(arguments) == 0
    assert given() == {"case": CASE, "instance": "", "admin": "", "by": MOTO, **asked}
    assert capsys.readouterr().out.startswith(said)


def run(action="replied", **options):
    out = io.StringIO()
    act(action, CASE, "", out, **{"words": "", "admin": "", "as_json": False, **options})
    return out.getvalue()


def test_as_json_it_can_be_read_by_a_program(deployed):
    deployed(noted(EntryKind.ANSWERED))
    told = json.loads(run(as_json=True))
    assert told["execution"].startswith("arn:aws:states:")
    assert TimelineEntry.from_json(told["entry"]).kind is EntryKind.ANSWERED


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ({"Error": "UnknownCase", "Cause": json.dumps({"errorMessage": "there is no case 7"})}, "^there is no case 7$"),
        (
            {"Error": "NotPossibleNow", "Cause": json.dumps({"errorMessage": "case 7 is closed already"})},
            "^case 7 is closed already$",
        ),
        ({"Error": "Lambda.Unknown", "Cause": "killed"}, r"^Lambda.Unknown: killed. See arn:aws:states:"),
    ],
)
def test_what_makes_no_sense_is_said_in_words(deployed, error, words):
    deployed({"refused": error})
    with pytest.raises(DeskError, match=words):
        run()


def test_an_act_that_nobody_was_told_of_is_no_success(deployed):
    deployed(status="FAILED", error="AdminsNotTold")
    with pytest.raises(DeskError, match=r"FAILED \(AdminsNotTold\).*shows whether it was recorded.*tell the others"):
        run()


def test_an_approval_that_could_not_be_carried_out_is_no_success(deployed):
    refused = [{"Error": "StepFunctions.AccessDeniedException", "Cause": "may not start it"}]
    deployed({**noted(EntryKind.APPROVED), "failures": refused})
    with pytest.raises(DeskError, match=r"could not start: StepFunctions\.AccessDenied"):
        run("approve")
    deployed({**noted(EntryKind.DECLINED), "failures": refused})
    assert "is left as it is" in run("decline")


def test_a_responder_that_knows_no_acts_is_to_be_deployed_anew(deployed, monkeypatch):
    deployed(noted(EntryKind.ANSWERED))
    monkeypatch.setattr("desk.execution.outputs", dict)
    with pytest.raises(DeskError, match="does not support admin actions yet: deploy this version"):
        run()


def test_without_credentials_it_says_what_would_be_right(monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(DeskError, match=r"Unable to locate credentials Try again with credentials of the account"):
        run()
