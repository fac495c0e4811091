"""The state machine "respond": what holds of containing an instance, beside what holds of every machine."""

import json
import re

import pytest

from lambdas.contain.find_instances import MOST_NAMED
from lambdas.domain.containment.outcome import STEPS as CONTAINING
from tests.account import account
from tests.e2e.notices import REGION, fresh, notice
from tests.execution import MOST_BYTES, execute
from tests.lambdas.contain.fleet import Fleet
from tests.samples import ARRIVAL, MAIL_BUCKET, SENT
from tests.stacks.machines.definitions import RESPOND, longest

STATES = RESPOND.states


@pytest.mark.parametrize("name", CONTAINING)
def test_a_containing_step_that_fails_holds_up_no_other(name):
    """What it did stays done: the next step is the same as after success, and learns of the failure."""
    step = STATES[name]
    (caught,) = step["Catch"]
    if step.get("End"):  # the last one of its branch: what the branch puts out names it either way
        failed = STATES[caught["Next"]]
        assert failed["End"]
        assert failed["Output"].keys() == step["Output"].keys()
        assert name in step["Output"]
    else:
        assert caught["Next"] == step["Next"]
        assert list(caught["Assign"]) == list(step["Assign"])


def test_what_became_of_each_step_is_handed_on():
    """Contained or not: the report names every step that was taken."""
    for end in ("Contained", "Not contained"):
        named = set(re.findall(r"'([^']+)': \$", STATES[end]["Output"]))
        branches = {name for name in CONTAINING if STATES[name].get("End")} | {"Write before-state"}
        assert named | branches == set(CONTAINING) - ({"Tag instance"} if end == "Not contained" else set())


def test_a_case_of_one_instance_takes_few_transitions():
    """Step Functions bills every state that is entered."""
    assert longest(RESPOND.definition) <= 60


@pytest.mark.parametrize("refused", [(), ("ec2", "iam", "s3", "autoscaling", "elbv2", "elb")], ids=["done", "refused"])
def test_what_becomes_of_the_most_instances_of_one_notice_passes_from_state_to_state(refused):
    """Step Functions fails beyond 256 KiB, and cannot catch that: no report would come."""

    def before(call):
        if call.step in CONTAINING and call.service in refused:
            raise call.refuse("RequestLimitExceeded", "Request limit exceeded." + 100 * "x")

    with account(regions=(REGION,)) as client:
        case, instance_id = fresh()
        Fleet(client, REGION).launch(instance_id=instance_id)
        client("s3").put_object(Bucket=MAIL_BUCKET, Key=ARRIVAL.key, Body=notice(case, instance_id, sent=SENT))
        ended = execute(RESPOND.definition, {"arrival": ARRIVAL.to_json(), "approved": []}, before=before)

    assert ended.status == "SUCCEEDED"
    (outcome,) = ended.output["outcomes"]
    steps = outcome["steps"]
    assert set(steps) >= set(CONTAINING) - {"Stop instance", "Tag instance"}
    assert ("Tag instance" in steps) == (not refused)
    assert "stackTrace" not in json.dumps(outcome)
    assert len(json.dumps(outcome)) * MOST_NAMED < MOST_BYTES * 0.8  # the notice and its case need some, too
