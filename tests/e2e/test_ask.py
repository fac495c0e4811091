"""A question to the admins, deployed: declined, approved at the desk, and answered by nobody."""

import json
from datetime import UTC, datetime, timedelta

import pytest

from lambdas.domain.case.case import InstanceStatus
from tests.e2e.notices import fresh, notice
from tests.e2e.test_clock import desk, ended, steps  # noqa: F401  fixtures
from tests.e2e.waiting import eventually

ADA = "ada@example.com"


@pytest.fixture
def asked(responder, play):
    """An old mail has come in once more, and its question waits; the case's number and the instance."""

    def run():
        number, instance_id = fresh()
        old = b"\nDate: Mon, 02 Feb 2015 10:00:00 +0000\nX-Was: "
        scene = play(notice(number, instance_id).replace(b"\nDate: ", old))
        report = [message for message in scene.messages if message.admin == ADA][-1]
        for verb in ("approve", "decline"):
            assert f"    python -m desk {verb} {number} {instance_id}\n" in report.body
        assert not responder.fleet.view()[instance_id].quarantined
        return number, instance_id

    return run


def question(responder, steps, instance_id):  # noqa: F811
    """The execution that waits about an instance."""
    machine = responder.deployment.ask_machine
    found = steps.list_executions(stateMachineArn=machine)["executions"]
    (name,) = [finding["name"] for finding in found if finding["name"].startswith(f"{instance_id}-")]
    return name


def test_declined_it_is_left_as_it_is_and_all_are_told(responder, asked, desk, steps):  # noqa: F811
    number, instance_id = asked()
    run = desk("decline", number, "--words", "our own load test")
    assert run.stdout.startswith(f"{instance_id} of case {number} is left as it is."), run.stderr
    told = responder.inboxes.wait(2)
    assert all("our own load test" in message.body for message in told)
    execution = ended(steps, responder.deployment.ask_machine, question(responder, steps, instance_id))
    assert execution["status"] == "SUCCEEDED"
    assert not responder.fleet.view()[instance_id].quarantined
    assert responder.case(number).instances[instance_id] is InstanceStatus.DECLINED


def test_approved_it_is_contained(responder, asked, desk, steps):  # noqa: F811
    number, instance_id = asked()
    run = desk("approve", number)
    assert run.stdout.startswith(f"{instance_id} of case {number} will be contained."), run.stderr
    ended(steps, responder.deployment.ask_machine, question(responder, steps, instance_id))
    eventually(
        lambda: responder.case(number).instances[instance_id], lambda standing: standing is InstanceStatus.CONTAINED
    )
    assert responder.fleet.view()[instance_id].quarantined
    responder.inboxes.wait(4)


def test_nobody_decides_and_all_are_told(responder, asked, steps):  # noqa: F811
    number, instance_id = asked()
    machine = responder.deployment.ask_machine
    waiting = f"{machine.replace(':stateMachine:', ':execution:')}:{question(responder, steps, instance_id)}"
    given = json.loads(steps.describe_execution(executionArn=waiting)["input"])
    soon = datetime.now(UTC) + timedelta(seconds=4)
    given["until"] = soon.isoformat(timespec="milliseconds")
    name = f"again-{instance_id}"
    steps.start_execution(stateMachineArn=machine, name=name, input=json.dumps(given))  # the newest question counts

    assert ended(steps, machine, name)["status"] == "SUCCEEDED"
    told = responder.inboxes.wait(3)
    assert all((message.subject or message.body).startswith(f"URGENT: decide about {instance_id}") for message in told)
    assert datetime.now(UTC) >= soon
    assert not responder.fleet.view()[instance_id].quarantined
    assert responder.case(number).instances[instance_id] is InstanceStatus.UNDECIDED
    steps.stop_execution(executionArn=waiting)
