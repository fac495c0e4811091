"""`desk release` starts the state machine under the admin's identity, and shows what was planned or read back.

Moto starts executions that never end, so what they put out is given here; end to end it is the real one.
"""

import io
import json
from dataclasses import replace

import boto3
import pytest
from botocore.stub import Stubber
from moto import mock_aws

from desk import execution
from desk.deployed import outputs
from desk.errors import DeskError
from desk.release import release
from lambdas.domain.errors import NotContained, NotReleased
from lambdas.domain.phrase import phrase, verbatim
from lambdas.domain.release import STEPS, ReleaseAction, ReleasePart, ReleaseVerdict
from lambdas.step_result import step_error

CASE, INSTANCE = "12480031774", "i-0a7b1dd0e3f94c256"
GROUPS = ReleaseAction(
    ReleasePart.NETWORK,
    phrase("thing:groups", interface="eni-0a1"),
    verbatim("sg-ssh sg-web"),
    phrase("value:quarantine"),
    verbatim("sg-q"),
    ReleaseVerdict.PUT_BACK,
)
TAG = ReleaseAction(
    ReleasePart.TAGS,
    phrase("thing:tag", tag="AbuseResponder:State"),
    phrase("value:none"),
    verbatim("'quarantine'"),
    verbatim("'\x1b[31mmine'"),
    ReleaseVerdict.LEFT,
    phrase("release:changed"),
)
BACK = replace(GROUPS, now=GROUPS.before, verdict=ReleaseVerdict.NOTHING)
DONE = {"outcome": "done", "words": "as it was"}
PLANNED = {
    "planned": [
        {
            "instance_id": INSTANCE,
            "before": {"instance": {"region": "eu-west-1"}},
            "targets": None,
            "actions": [GROUPS.to_json(), TAG.to_json()],
        }
    ]
}
VERIFIED = {**DONE, "at": "2026-11-18T10:00:00+00:00", "actions": [BACK.to_json(), TAG.to_json()]}
STILL = step_error(NotReleased, phrase("release:still", what=GROUPS.what, now=verbatim("sg-q")))
FAILED = {"Error": "NotReleased", "Cause": json.dumps({"errorMessage": str(STILL)})}


STRANGER = step_error(NotContained, phrase("release:not_contained", case="7", named=["i-0"], known=["i-1"]))


def released(verified):
    steps = {**dict.fromkeys(STEPS, DONE), "Verify release": verified}
    released = {
        "instance_id": INSTANCE,
        "region": "eu-west-1",
        "actions": PLANNED["planned"][0]["actions"],
        "steps": steps,
    }
    return {"released": [released], "failures": []}


@pytest.fixture
def deployed(monkeypatch):
    """The stack's outputs and the state machine; what its executions put out: `deployed(output)`."""
    with mock_aws():
        role = "arn:aws:iam::123456789012:role/release"
        machine = boto3.client("stepfunctions").create_state_machine(
            name="release", definition='{"StartAt": "x", "States": {"x": {"Type": "Succeed"}}}', roleArn=role
        )["stateMachineArn"]
        monkeypatch.setattr("desk.execution.outputs", lambda: {"ReleaseMachine": machine})
        monkeypatch.setattr("desk.execution._SECONDS", 0)

        def ends(output=None, status="SUCCEEDED", **more):
            described = {"status": status, "output": json.dumps(output), **more}
            monkeypatch.setattr("desk.execution._ended", lambda *_, **__: described)
            return boto3.client("stepfunctions"), machine

        yield ends


def run(*instances, **options):
    out = io.StringIO()
    options = {"do": False, "force": False, "as_json": False, **options}
    return release(CASE, *(instances or (None,)), out, **options), out.getvalue()


def asked(steps, machine):
    (execution,) = steps.list_executions(stateMachineArn=machine)["executions"]
    return json.loads(steps.describe_execution(executionArn=execution["executionArn"])["input"])


def test_on_a_narrow_terminal_an_id_and_the_command_stay_whole(deployed, monkeypatch):
    monkeypatch.setenv("COLUMNS", "60")
    deployed(PLANNED)

    _, printed = run()

    assert max(len(line) for line in printed.splitlines() if "│" in line) <= 60
    assert f"python -m desk release {CASE} --do\n" in printed
    assert "…" not in printed


def test_without_do_the_plan_is_shown_and_nothing_is_asked_to_be_done(deployed):
    at = deployed(PLANNED)
    status, shown = run(INSTANCE)
    assert status == 0
    assert asked(*at) == {
        "case": CASE,
        "instances": [INSTANCE],
        "do": False,
        "force": False,
        "by": "arn:aws:sts::123456789012:user/moto",
    }
    assert f"{INSTANCE} in eu-west-1" in shown
    row = next(line for line in shown.splitlines() if "groups of eni-0a1" in line)
    assert [cell.strip() for cell in row.strip("│").split("│")] == [
        "groups of eni-0a1",
        "sg-ssh sg-web",
        "quarantine",
        "sg-q",
        "put back",
    ]
    assert "left: changed since" in shown
    assert "\x1b" not in shown  # whoever may tag the instance wrote it
    assert shown.endswith(f"To do it: python -m desk release {CASE} {INSTANCE} --do\n")


def test_with_do_it_shows_what_was_read_back(deployed):
    at = deployed(released(VERIFIED))
    status, shown = run(do=True, force=True)
    assert status == 0
    assert asked(*at)["do"] is asked(*at)["force"] is True
    assert asked(*at)["instances"] == []
    assert f"{INSTANCE} in eu-west-1: RELEASED, read back at 2026-11-18T10:00:00Z" in shown
    assert "put back" in next(line for line in shown.splitlines() if "groups of eni-0a1" in line)


def test_what_was_not_read_back_is_not_released(deployed):
    deployed(released(FAILED))
    status, shown = run(do=True)
    assert status == 1
    assert f"{INSTANCE} in eu-west-1: NOT RELEASED" in shown
    assert "not read back" in shown
    assert "failed   Verify release: NotReleased: groups of eni-0a1 is still sg-q" in shown


def test_a_step_for_all_that_failed_is_named(deployed):
    deployed({"released": [], "failures": [{"state": "Record release", "error": {"Error": "States.Timeout"}}]})
    status, shown = run(do=True)
    assert status == 1
    assert "FAILED Record release: States.Timeout" in shown


def test_as_json_it_can_be_read_by_a_program(deployed):
    deployed(PLANNED)
    status, shown = run(as_json=True)
    told = json.loads(shown)
    assert status == 0
    assert told["case"] == CASE
    assert told["execution"].startswith("arn:aws:states:")
    (planned,) = told["planned"]
    assert planned["instance_id"] == INSTANCE
    assert planned["actions"][0] == {
        "part": "Put back network",
        "what": "groups of eni-0a1",
        "before": "sg-ssh sg-web",
        "contained": "quarantine",
        "now": "sg-q",
        "verdict": "put back",
        "reason": "",
    }


def test_as_json_it_says_in_words_what_was_read_back_too(deployed):
    deployed(released(VERIFIED))
    (instance,) = json.loads(run(do=True, as_json=True)[1])["released"]
    assert [action["now"] for action in instance["actions"]] == ["sg-q", "'\x1b[31mmine'"]
    assert [action["now"] for action in instance["steps"]["Verify release"]["actions"]] == [
        "sg-ssh sg-web",
        "'\x1b[31mmine'",
    ]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        ({"Error": "UnknownCase", "Cause": json.dumps({"errorMessage": "there is no case 7"})}, "^there is no case 7$"),
        (
            {"Error": "NotContained", "Cause": json.dumps({"errorMessage": str(STRANGER)})},
            "^case 7 did not contain i-0; it contained i-1$",
        ),
        ({"Error": "Lambda.Unknown", "Cause": "killed"}, r"^Lambda.Unknown: killed. See arn:aws:states:"),
    ],
)
def test_what_cannot_be_released_is_said_in_words(deployed, error, words):
    deployed({"refused": error})
    with pytest.raises(DeskError, match=words):
        run()


def test_an_execution_that_fails_is_named(deployed):
    deployed(status="FAILED", error="AdminsNotTold")
    with pytest.raises(DeskError, match=r"ended as FAILED \(AdminsNotTold\), and the admins were not told.*arn:aws"):
        run(do=True)


def test_a_second_release_of_the_case_is_refused_and_the_first_one_named(deployed):
    steps, machine = deployed(released(VERIFIED))
    for case, do in (("another", True), (CASE, False)):
        steps.start_execution(stateMachineArn=machine, input=json.dumps({"case": case, "do": do, "by": "arn:bob"}))
    assert run(do=True)[0] == 0  # Moto leaves it running
    with pytest.raises(DeskError, match=rf"user/moto is releasing case {CASE} now: arn:aws:states:"):
        run(do=True)
    assert run()[0] == 0  # a plan hurts nobody


def test_interrupted_it_says_that_the_release_goes_on(deployed, monkeypatch):
    waiting = execution._ended
    deployed(PLANNED)
    monkeypatch.setattr("desk.execution._ended", waiting)

    def interrupt(_):
        raise KeyboardInterrupt

    monkeypatch.setattr("desk.execution.time.sleep", interrupt)
    with pytest.raises(DeskError, match="interrupted; the release goes on, and all admins will be told: arn:aws"):
        run(do=True)
    with pytest.raises(KeyboardInterrupt):
        run()


def test_a_responder_that_knows_no_release_is_to_be_deployed_anew(deployed, monkeypatch):
    deployed(PLANNED)
    monkeypatch.setattr("desk.execution.outputs", dict)
    with pytest.raises(DeskError, match="does not support releases yet: deploy this version"):
        run()


def test_without_credentials_the_desk_says_what_would_be_right(monkeypatch):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    with pytest.raises(DeskError, match=r"Unable to locate credentials Release with credentials of the account"):
        run()


def test_in_another_region_the_desk_names_the_one_that_was_asked(monkeypatch):
    """Moto's CloudFormation takes packages that nothing else here needs."""
    cloudformation, client = boto3.client("cloudformation"), boto3.client
    stub = Stubber(cloudformation)
    stub.add_client_error("describe_stacks", "ValidationError", "Stack with id AbuseResponder does not exist")
    monkeypatch.setattr(
        "desk.deployed.boto3.client", lambda name: cloudformation if name == "cloudformation" else client(name)
    )
    with mock_aws(), stub, pytest.raises(DeskError, match="not deployed in account 123456789012, Region us-east-1"):
        outputs()
