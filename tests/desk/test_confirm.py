"""`desk confirm` calls SNS as the admin, never opens the link, and says what is confirmed.

Moto takes any token; what SNS answers to one that is too old is given here.
"""

import json

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.sns.models import sns_backends

from desk.__main__ import main

TOKEN = "2336412f37fb687f5d51e6e2425c464d"  # noqa: S105  a token of nobody


@pytest.fixture
def topics(monkeypatch):
    """Both topics of a deployed responder, with a subscription of Ada's that Moto confirms to each."""
    with mock_aws():
        sns = boto3.client("sns")
        made = {name: sns.create_topic(Name=name)["TopicArn"] for name in ("AdminsTopic", "AlarmsTopic")}
        monkeypatch.setattr("desk.confirm.outputs", lambda: made)
        known = sns_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].subscriptions
        for arn in made.values():
            subscribed = sns.subscribe(TopicArn=arn, Protocol="email", Endpoint="ada@example.com")["SubscriptionArn"]
            # The one that Moto's ConfirmSubscription names.
            known[f"{arn}:68762e72-e9b1-410a-8b3b-903da69ee1d5"] = known.pop(subscribed)
        yield made


@pytest.fixture
def asked(monkeypatch):
    """What SNS is asked to confirm."""
    return _hooked(monkeypatch, lambda _: None)


@pytest.fixture
def refuse(monkeypatch):
    """Let SNS answer with an error: `refuse("InvalidParameter", "Invalid token")`."""

    def register(code, words):
        def fail(_):
            raise ClientError({"Error": {"Code": code, "Message": words}}, "ConfirmSubscription")

        return _hooked(monkeypatch, fail)

    return register


def _hooked(monkeypatch, then):
    made, as_it_comes = [], boto3.client

    def before(params, **_):
        made.append(params)
        then(params)

    def client(service):
        new = as_it_comes(service)
        if service == "sns":
            new.meta.events.register("provide-client-params.sns.ConfirmSubscription", before)
        return new

    monkeypatch.setattr("desk.confirm.boto3.client", client)
    return made


def link(topic):
    return (
        f"https://sns.us-east-1.amazonaws.com/confirmation.html?TopicArn={topic}&Token={TOKEN}&Endpoint=a@example.com"
    )


@pytest.mark.parametrize(
    ("name", "messages"),
    [("AdminsTopic", "the mails about cases"), ("AlarmsTopic", "the mails about the responder's own problems")],
)
def test_a_subscription_is_confirmed_so_that_no_link_takes_it_off(topics, asked, capsys, name, messages):
    assert main(["confirm", link(topics[name])]) == 0
    assert asked == [{"TopicArn": topics[name], "Token": TOKEN, "AuthenticateOnUnsubscribe": "true"}]
    said = f"ada@example.com gets {messages} from now on, and no link in them can cancel that.\n"
    assert capsys.readouterr().out == said


def test_as_json_it_can_be_read_by_a_program(topics, capsys):
    assert main(["confirm", link(topics["AdminsTopic"]), "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["topic"], shown["endpoint"], shown["guarded"]) == (topics["AdminsTopic"], "ada@example.com", True)


def test_one_that_was_confirmed_by_opening_the_link_is_no_success(topics, capsys):
    for subscription in sns_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].subscriptions.values():
        subscription.attributes["ConfirmationWasAuthenticated"] = "false"
    assert main(["confirm", link(topics["AdminsTopic"])]) == 1
    said = capsys.readouterr().out
    assert "anybody who opens the unsubscribe link in one of them cancels it" in said
    assert f"aws sns unsubscribe --subscription-arn {topics['AdminsTopic']}:" in said


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Confirm subscription", "this is not a link"),
        ("https://sns.us-east-1.amazonaws.com.evil.example/confirmation.html?TopicArn=a&Token=b", "is not SNS"),
        (link("arn:aws:sns:us-east-1:123456789012:theirs"), "is not one of the responder's topics"),
    ],
)
@pytest.mark.usefixtures("topics")
def test_sns_is_not_even_asked_about_another_link(asked, capsys, monkeypatch, text, words):
    monkeypatch.setattr("socket.socket.connect", lambda *_: pytest.fail("somebody was called"))
    assert main(["confirm", text]) == 2
    assert asked == []
    said = capsys.readouterr().err
    assert said.startswith("desk confirm: ")
    assert words in said


def test_a_link_that_is_too_old_says_where_a_new_one_comes_from(topics, refuse, capsys):
    refuse("InvalidParameter", "Invalid parameter: Token")
    assert main(["confirm", link(topics["AdminsTopic"])]) == 2
    said = capsys.readouterr().err
    assert "SNS refused this link: Invalid parameter: Token. It is valid for two days" in said
    assert "use the newest mail" in said


def test_what_the_admin_may_not_do_is_said_in_words(topics, refuse, capsys):
    refuse("AuthorizationError", "not authorized to perform SNS:ConfirmSubscription")
    assert main(["confirm", link(topics["AdminsTopic"])]) == 2
    said = capsys.readouterr().err
    assert "AWS refused: " in said
    assert "Confirm with credentials of the account and Region of AbuseResponder" in said


def test_without_credentials_it_says_what_would_be_right(monkeypatch, capsys):
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    assert main(["confirm", link("arn")]) == 2
    assert "Unable to locate credentials Confirm with credentials of the account" in capsys.readouterr().err
