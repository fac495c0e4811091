"""The watch over a contained instance, deployed: it starts by itself, and is started once more with short waits."""

import itertools
import json
import os
import shlex
import subprocess
import sys

import pytest

from tests.e2e.notices import REGION, fresh, notice
from tests.e2e.waiting import eventually

_numbers = itertools.count(1)
SOON = 1 / 60  # minutes


@pytest.fixture
def steps(responder):
    return responder.emulators.client("stepfunctions")


@pytest.fixture
def contained(responder, play, steps):
    """Contain a fresh instance; its case, its id, how it was before, and the input of the watch that was started."""
    case, instance_id = fresh()
    scene = play(notice(case, instance_id))
    machine = responder.deployment.watch_machine
    (watch,) = [
        execution
        for execution in steps.list_executions(stateMachineArn=machine)["executions"]
        if execution["name"] == f"{instance_id}-{scene.delivery.execution_name}"
    ]
    assert watch["status"] == "RUNNING", "it waits for its first check"
    given = json.loads(steps.describe_execution(executionArn=watch["executionArn"])["input"])
    return case, instance_id, scene.before[instance_id].groups, given


@pytest.fixture
def watch(responder, steps):
    """Watch with this input, but check each second; returns the items of the case about it and what admins got."""

    def run(given, checks=1):
        times = [SOON * number for number in range(1, checks + 1)]
        ended(
            steps,
            steps.start_execution(
                stateMachineArn=responder.deployment.watch_machine,
                name=f"e2e-{next(_numbers)}",
                input=json.dumps({**given, "minutes": times, "looks": times}),
            ),
        )
        query = responder.emulators.client("dynamodb").query(
            TableName=responder.deployment.case_table,
            KeyConditionExpression="pk = :case AND begins_with(sk, :watch)",
            ExpressionAttributeValues={":case": {"S": given["case"]["id"]}, ":watch": {"S": "watch#"}},
        )
        items = {item["sk"]["S"].rpartition("#")[2]: json.loads(item["data"]["S"]) for item in query["Items"]}
        return items, responder.inboxes.collect()

    return run


def ended(steps, started):
    """Wait for an execution's success."""
    execution = eventually(
        lambda: steps.describe_execution(executionArn=started["executionArn"]),
        lambda execution: execution["status"] != "RUNNING",
    )
    assert execution["status"] == "SUCCEEDED", execution


def test_what_holds_is_written_down_and_nobody_is_told(contained, watch):
    _, _, _, given = contained
    assert (given["minutes"], given["looks"]) == ([10], list(range(10, 1451, 60)))
    items, messages = watch(given, checks=2)
    assert {name: item.get("status") for name, item in items.items() if name != "snapshots"} == {
        f"{SOON:g}": "holds",
        f"{2 * SOON:g}": "holds",
    }
    assert items["snapshots"]["next"] == "end"
    assert messages == []


def test_an_interface_that_somebody_moved_back_alarms_every_admin(responder, contained, watch):
    case, instance_id, before, given = contained
    interface, groups = next(iter(before.items()))
    ec2 = responder.emulators.client("ec2", REGION)
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=groups)

    items, messages = watch(given)

    assert items[f"{SOON:g}"]["status"] == "broken"
    told = {(message.admin, message.channel): message for message in messages}
    assert set(told) == {("ada@example.com", "email"), ("ben@example.com", "email"), ("+12025550123", "sms")}
    mail = told["ada@example.com", "email"]
    assert mail.subject == f"URGENT: quarantine of {instance_id} does not hold (case {case})"
    assert f"problem   {interface} has {', '.join(sorted(groups))} instead of " in mail.body
    assert responder.fleet.view()[instance_id].groups[interface] == sorted(groups), "the watch moves nothing"


def test_the_command_of_the_alarm_contains_again(responder, contained, watch):
    _, instance_id, before, given = contained
    interface, groups = next(iter(before.items()))
    ec2 = responder.emulators.client("ec2", REGION)
    ec2.modify_network_interface_attribute(NetworkInterfaceId=interface, Groups=groups)
    _, messages = watch(given)
    (command,) = {
        line.strip()
        for message in messages
        for line in message.body.splitlines()
        if line.strip().startswith("python -m desk approve")
    }

    _, *words = shlex.split(command)
    environment = {**os.environ, **responder.emulators.environment()}
    subprocess.run([sys.executable, *words], env=environment, capture_output=True, check=True)
    messages = responder.inboxes.wait(7)  # two mails of the act; two alerts, two reports and an SMS or more

    assert responder.fleet.view()[instance_id].quarantined
    assert any(f"contained {instance_id}" in message.subject for message in messages if message.channel == "email")


def test_a_release_ends_it_in_silence(responder, contained, watch, steps):
    case, instance_id, before, given = contained
    (release,) = [
        statemachine["stateMachineArn"]
        for statemachine in steps.list_state_machines()["stateMachines"]
        if "ReleaseMachine" in statemachine["name"]
    ]
    asked = {"case": case, "instances": [], "do": True, "force": False, "by": "arn:aws:iam::552071934480:user/ada"}
    ended(steps, steps.start_execution(stateMachineArn=release, input=json.dumps(asked)))
    assert responder.fleet.view()[instance_id].groups == before
    responder.inboxes.collect()

    items, messages = watch(given, checks=2)

    (checked,) = [item for name, item in items.items() if name != "snapshots"]
    assert checked["status"] == "released"
    assert "by arn:aws:iam::552071934480:user/ada (claimed): the watch has ended" in checked["words"]
    assert messages == []
