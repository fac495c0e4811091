"""CloudFormation is answered whatever happens, and SNS's setting is as it was before once the stack is gone."""

from types import SimpleNamespace

import pytest

from lambdas.log_sms import handler

CONTEXT = SimpleNamespace(
    function_name="SmsLogSet",
    memory_limit_in_mb=1024,
    invoked_function_arn="arn:aws:lambda:eu-central-1:111122223333:function:SmsLogSet",
    aws_request_id="00000000-0000-0000-0000-000000000000",
)
OURS, THEIRS = (f"arn:aws:iam::111122223333:role/{one}" for one in ("ours", "theirs"))
GROUP = "sns/eu-central-1/111122223333/DirectPublishToPhoneNumber/Failure"


@pytest.fixture
def cloudformation(moto, monkeypatch, configure):  # noqa: ARG001  Moto is there before the handler asks it
    """Send a request: `cloudformation("Create")`; the answer's physical id and words."""
    configure(sms_failures=(GROUP, "sns/eu-central-1/111122223333/admins/Failure"))
    configure(log_days=90)
    answers = []

    def answer(_, *, physical_id, words, failed=False):
        answers.append((physical_id, words))
        assert not failed

    monkeypatch.setattr("lambdas.log_sms.send_response", answer)

    def send(request, role=OURS, former=None):
        event = {"RequestType": request, "ResourceProperties": {"Role": role}}
        if answers:
            event["PhysicalResourceId"] = answers[-1][0]
        if former:
            event["OldResourceProperties"] = {"Role": former}
        handler(event, CONTEXT)
        return answers[-1]

    return send


def role(moto):
    return (
        moto("sns")
        .get_sms_attributes(attributes=["DeliveryStatusIAMRole"])["attributes"]
        .get("DeliveryStatusIAMRole", "")
    )


def test_sms_are_logged_while_the_stack_is_there(cloudformation, moto):
    assert cloudformation("Create") == ("sms-log-ours", "Failed SMS are logged by our role from now on.")
    assert role(moto) == OURS
    (group,) = moto("logs").describe_log_groups(logGroupNamePrefix="sns/")["logGroups"]
    assert (group["logGroupName"], group["retentionInDays"]) == (GROUP, 90)
    cloudformation("Delete")
    assert role(moto) == ""


def test_a_new_role_takes_the_place_of_our_former_one(cloudformation, moto):
    cloudformation("Create")
    cloudformation("Update", role=f"{OURS}2", former=OURS)
    assert role(moto) == f"{OURS}2"


def test_somebody_elses_role_is_left_from_the_beginning_to_the_end(cloudformation, moto):
    moto("sns").set_sms_attributes(attributes={"DeliveryStatusIAMRole": THEIRS})
    assert cloudformation("Create") == (
        "sms-log-left",
        f"SMS of the account are logged by {THEIRS}, which stays.",
    )
    assert cloudformation("Delete")[1] == "Nothing was changed, so there is nothing to undo."
    assert role(moto) == THEIRS
    assert moto("logs").describe_log_groups()["logGroups"] == []


def test_what_somebody_sets_later_is_left_when_the_stack_goes(cloudformation, moto):
    cloudformation("Create")
    moto("sns").set_sms_attributes(attributes={"DeliveryStatusIAMRole": THEIRS})
    assert cloudformation("Delete")[1] == "The role that logs SMS is no longer ours, so it stays."
    assert role(moto) == THEIRS


def test_a_log_that_is_there_keeps_its_retention(cloudformation, moto):
    moto("logs").create_log_group(logGroupName=GROUP)
    cloudformation("Create")
    (group,) = moto("logs").describe_log_groups()["logGroups"]
    assert "retentionInDays" not in group
    assert role(moto) == OURS


@pytest.mark.parametrize("operation", ["GetSMSAttributes", "SetSMSAttributes"])
def test_what_sns_refuses_fails_no_deployment(cloudformation, moto, refuse, operation):
    works = refuse(moto("sns"), operation, "InvalidAction")
    physical_id, words = cloudformation("Create")
    assert words.startswith("Failed SMS are not logged: ")
    assert "InvalidAction said AWS" in words
    works()
    assert physical_id == "sms-log-ours"
    cloudformation("Delete")
    assert role(moto) == ""


def test_a_delete_that_fails_lets_the_stack_go(cloudformation, moto, refuse):
    cloudformation("Create")
    refuse(moto("sns"), "SetSMSAttributes", "InternalError")
    assert cloudformation("Delete")[0] == "sms-log-ours"
