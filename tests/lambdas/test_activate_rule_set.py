"""The handler with SES as moto keeps it and CloudFormation as a web server that waits for the answer."""

import io
import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from types import SimpleNamespace

import boto3
import pytest
from botocore.awsrequest import AWSResponse
from moto import mock_aws

from lambdas.activate_rule_set import handler

CONTEXT = SimpleNamespace(
    function_name="ActivateRuleSet",
    memory_limit_in_mb=256,
    invoked_function_arn="arn:aws:lambda:eu-west-1:111122223333:function:ActivateRuleSet",
    aws_request_id="00000000-0000-0000-0000-000000000000",
    log_group_name="the-log-group",
)


class CloudFormation:
    """Sends requests to the handler and keeps what it answers, as for one resource of one stack."""

    def __init__(self, address, answers):
        self.address = address
        self.answers = answers
        self.physical_id = None
        self.properties = None

    def send(self, request, mode, rule_set):
        event = {
            "RequestType": request,
            "ResponseURL": f"{self.address}/answer?signature=secret",
            "StackId": "arn:aws:cloudformation:eu-west-1:111122223333:stack/AbuseResponderMail/1",
            "RequestId": f"request-{len(self.answers)}",
            "LogicalResourceId": "Activation",
            "ResourceType": "Custom::ActiveRuleSet",
            "ResourceProperties": {"ServiceToken": "arn", "Mode": mode, "RuleSet": rule_set},
        }
        if request != "Create":
            event["PhysicalResourceId"] = self.physical_id
        if request == "Update":
            event["OldResourceProperties"] = self.properties
        handler(event, CONTEXT)
        answer = self.answers[-1]
        assert {key: answer[key] for key in ("StackId", "RequestId", "LogicalResourceId")} == {
            key: event[key] for key in ("StackId", "RequestId", "LogicalResourceId")
        }
        assert len(json.dumps(answer)) <= 4096
        if request == "Delete":
            assert answer["PhysicalResourceId"] == self.physical_id
        self.physical_id = answer["PhysicalResourceId"]
        self.properties = event["ResourceProperties"]
        return answer


@pytest.fixture
def answers():
    return []


@pytest.fixture
def troubles():
    """HTTP codes that the server gives before it takes an answer."""
    return []


@pytest.fixture
def cloudformation(answers, troubles):
    class Receiver(BaseHTTPRequestHandler):
        def do_PUT(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            assert not self.headers["Content-Type"]
            code = troubles.pop(0) if troubles else 200
            if code == 200:
                answers.append(json.loads(body))
            self.send_response(code)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield CloudFormation(f"http://127.0.0.1:{server.server_port}", answers)
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def ses(monkeypatch):
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
    with mock_aws():
        client = boto3.client("ses")
        for name in ("ours", "theirs", "third"):
            client.create_receipt_rule_set(RuleSetName=name)
        yield client


@pytest.fixture
def switches(ses, monkeypatch):
    """What the handler itself asked SES to make active."""
    asked = []
    ses = boto3.client("ses")
    ses.meta.events.register(
        "provide-client-params.ses.SetActiveReceiptRuleSet", lambda params, **_: asked.append(params)
    )
    monkeypatch.setattr("lambdas.activate_rule_set.boto3.client", lambda *_, **__: ses)
    return asked


def active(ses):
    return ses.describe_active_receipt_rule_set().get("Metadata", {}).get("Name")


def test_activate_if_none_switches_on_and_off_again(cloudformation, ses):
    assert cloudformation.send("Create", "activate-if-none", "ours")["Status"] == "SUCCESS"
    assert active(ses) == "ours"
    assert cloudformation.send("Delete", "activate-if-none", "ours")["Status"] == "SUCCESS"
    assert active(ses) is None


def test_activate_if_none_leaves_a_foreign_set_and_says_what_would_work(cloudformation, ses):
    ses.set_active_receipt_rule_set(RuleSetName="theirs")
    answer = cloudformation.send("Create", "activate-if-none", "ours")
    assert answer["Status"] == "FAILED"
    for words in ("theirs", "rule_set.activation to append", "rule_set.activation to replace"):
        assert words in answer["Reason"]
    assert active(ses) == "theirs"
    assert cloudformation.send("Delete", "activate-if-none", "ours")["Status"] == "SUCCESS"  # the rollback
    assert active(ses) == "theirs"


def test_a_set_that_took_our_place_stays_at_delete(cloudformation, ses):
    cloudformation.send("Create", "activate-if-none", "ours")
    ses.set_active_receipt_rule_set(RuleSetName="theirs")
    answer = cloudformation.send("Delete", "activate-if-none", "ours")
    assert (answer["Status"], active(ses)) == ("SUCCESS", "theirs")
    assert "theirs" in answer["Data"]["Words"]


def test_replace_puts_back_what_was_there(cloudformation, ses):
    ses.set_active_receipt_rule_set(RuleSetName="theirs")
    answer = cloudformation.send("Create", "replace", "ours")
    assert (active(ses), answer["Data"]["Words"]) == ("ours", "The active rule set is ours, in place of theirs.")
    cloudformation.send("Update", "activate-if-none", "ours")
    assert cloudformation.send("Delete", "activate-if-none", "ours")["Status"] == "SUCCESS"
    assert active(ses) == "theirs"


def test_replace_says_so_when_what_was_there_is_gone(cloudformation, ses):
    ses.set_active_receipt_rule_set(RuleSetName="theirs")
    cloudformation.send("Create", "replace", "ours")
    ses.delete_receipt_rule_set(RuleSetName="theirs")
    answer = cloudformation.send("Delete", "replace", "ours")
    assert (answer["Status"], active(ses)) == ("SUCCESS", None)
    assert answer["Data"]["Words"] == "theirs, which was active before, no longer exists. No rule set is active."


def test_from_replace_to_append_puts_theirs_back_at_once(cloudformation, ses):
    ses.set_active_receipt_rule_set(RuleSetName="theirs")
    cloudformation.send("Create", "replace", "ours")
    assert cloudformation.send("Update", "append", "theirs")["Status"] == "SUCCESS"
    assert active(ses) == "theirs"
    cloudformation.send("Delete", "append", "theirs")
    assert active(ses) == "theirs"


def test_from_replace_to_append_fails_when_theirs_is_gone(cloudformation, ses):
    ses.set_active_receipt_rule_set(RuleSetName="theirs")
    cloudformation.send("Create", "replace", "ours")
    ses.delete_receipt_rule_set(RuleSetName="theirs")
    answer = cloudformation.send("Update", "append", "theirs")
    assert (answer["Status"], active(ses)) == ("FAILED", "ours")
    assert "RuleSetDoesNotExist" in answer["Reason"]


@pytest.mark.parametrize(("host", "status"), [("theirs", "SUCCESS"), ("third", "FAILED")])
def test_append_only_looks(cloudformation, ses, switches, host, status):
    ses.set_active_receipt_rule_set(RuleSetName="theirs")
    answer = cloudformation.send("Create", "append", host)
    assert (answer["Status"], active(ses)) == (status, "theirs")
    assert "theirs" in answer.get("Reason", answer.get("Data", {}).get("Words"))
    assert cloudformation.send("Delete", "append", host)["Status"] == "SUCCESS"
    assert active(ses) == "theirs"
    assert switches == []


@pytest.mark.parametrize("before", [None, "ours", "theirs"])
def test_none_touches_nothing(cloudformation, ses, switches, before):
    if before:
        ses.set_active_receipt_rule_set(RuleSetName=before)
    for request in ("Create", "Update", "Delete"):
        assert cloudformation.send(request, "none", "ours")["Status"] == "SUCCESS"
        assert active(ses) == before
    assert switches == []


@pytest.mark.parametrize("mode", ["activate-if-none", "replace", "append", "none"])
def test_a_request_that_comes_twice_changes_nothing_more(cloudformation, ses, mode):
    rule_set = "theirs" if mode == "append" else "ours"
    if mode == "append":
        ses.set_active_receipt_rule_set(RuleSetName="theirs")
    for request in ("Create", "Update", "Delete"):
        first = cloudformation.send(request, mode, rule_set)
        after = active(ses)
        second = cloudformation.send(request, mode, rule_set)
        assert (second["Status"], active(ses)) == ("SUCCESS", after)
        assert second["PhysicalResourceId"] == first["PhysicalResourceId"]


def test_a_failure_after_the_switch_still_remembers_what_to_put_back(cloudformation, ses, monkeypatch):
    ses.set_active_receipt_rule_set(RuleSetName="theirs")
    real = boto3.client("ses")

    class Broken:
        exceptions = real.exceptions
        describe_active_receipt_rule_set = real.describe_active_receipt_rule_set

        def set_active_receipt_rule_set(self, **named):
            real.set_active_receipt_rule_set(**named)
            raise ConnectionError("the line broke after the request was sent")

    with monkeypatch.context() as patched:
        patched.setattr("lambdas.activate_rule_set.boto3.client", lambda *_, **__: Broken())
        answer = cloudformation.send("Create", "replace", "ours")
    assert (answer["Status"], active(ses)) == ("FAILED", "ours")
    cloudformation.send("Delete", "replace", "ours")  # the rollback
    assert active(ses) == "theirs"


def test_a_crash_is_answered_and_its_rollback_touches_nothing(cloudformation, ses, monkeypatch):
    ses.set_active_receipt_rule_set(RuleSetName="ours")

    def crash(*_, **__):
        raise RuntimeError("no such luck — ✗")

    monkeypatch.setattr("lambdas.activate_rule_set.boto3.client", crash)
    answer = cloudformation.send("Create", "replace", "ours")
    assert answer["Status"] == "FAILED"
    assert answer["Reason"] == "RuntimeError: no such luck ? ? (log group the-log-group)"
    assert cloudformation.send("Delete", "replace", "ours")["Status"] == "SUCCESS"
    assert active(ses) == "ours"


def test_an_id_that_cloudformation_made_up_is_given_back_at_delete(cloudformation, ses):
    ses.set_active_receipt_rule_set(RuleSetName="ours")
    cloudformation.physical_id = "AbuseResponderMail-Activation-1ABCDEF"  # nobody answered the Create in time
    assert cloudformation.send("Delete", "activate-if-none", "ours")["Status"] == "SUCCESS"
    assert active(ses) is None


def test_an_unknown_mode_is_answered(cloudformation, ses):
    answer = cloudformation.send("Create", "always", "ours")
    assert (answer["Status"], active(ses)) == ("FAILED", None)
    assert "'always' is not a valid RuleSetActivation" in answer["Reason"]


@pytest.mark.usefixtures("ses")
def test_a_region_that_receives_no_mail_is_named_as_such(cloudformation, monkeypatch):
    deaf = boto3.client("ses")
    error = "<Error><Code>InvalidAction</Code><Message>Unavailable Operation</Message></Error>"

    def refuse(request, **_):
        raw = io.BytesIO(f"<ErrorResponse>{error}</ErrorResponse>".encode())
        raw.stream = lambda **_: iter([raw.read()])
        return AWSResponse(request.url, 400, {}, raw)

    deaf.meta.events.register_first("before-send.ses", refuse)
    monkeypatch.setattr("lambdas.activate_rule_set.boto3.client", lambda *_, **__: deaf)
    answer = cloudformation.send("Create", "activate-if-none", "ours")
    assert answer["Status"] == "FAILED"
    assert answer["Reason"].startswith("SES receives no mail in this Region.")


@pytest.mark.usefixtures("ses")
def test_the_answer_is_sent_again_when_the_line_is_bad(cloudformation, troubles):
    troubles += [500, 503]
    assert cloudformation.send("Create", "activate-if-none", "ours")["Status"] == "SUCCESS"
    assert troubles == []


@pytest.mark.usefixtures("ses")
def test_the_signed_address_is_not_logged(cloudformation, caplog):
    cloudformation.send("Create", "activate-if-none", "ours")
    assert "switching the active rule set" in caplog.text
    assert not any("secret" in str(vars(record)) for record in caplog.records)
