"""What is a mail that came in, an event of AWS Health, SES's set-up message, and what is none of them."""

import json
import re
from datetime import UTC, datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lambdas.domain.errors import UnknownArrival
from lambdas.domain.intake.arrival import Arrival, health_arrival, parse_arrival, parse_health_event, submitted_arrival
from tests.samples import ALL_PASS, ARRIVAL, MAIL_BUCKET, RECEIVED

# As SES publishes it for the S3 action, with the mail's own header fields in it.
NOTIFICATION = {
    "notificationType": "Received",
    "mail": {
        "timestamp": "2026-11-16T07:42:11.000Z",
        "source": "bounces@amazon.com",
        "messageId": "k3v9story1",
        "commonHeaders": {"subject": "Your Amazon EC2 Abuse Report"},
    },
    "receipt": {
        "timestamp": "2026-11-16T07:42:11.000Z",
        "spamVerdict": {"status": "PASS"},
        "virusVerdict": {"status": "PASS"},
        "spfVerdict": {"status": "PASS"},
        "dkimVerdict": {"status": "PASS"},
        "dmarcVerdict": {"status": "PASS"},
        "action": {"type": "S3", "bucketName": MAIL_BUCKET, "objectKey": "mail/k3v9story1"},
    },
}
DEEP = 100_000  # more than Python's own recursion limit


def changed(path, value):
    """NOTIFICATION as text with one value set, or with `None` taken out; `path` is dotted."""
    message = json.loads(json.dumps(NOTIFICATION))
    *parents, last = path.split(".")
    inner = message
    for parent in parents:
        inner = inner[parent]
    if value is None:
        del inner[last]
    else:
        inner[last] = value
    return json.dumps(message)


def arrival_with_key(key):
    return Arrival(bucket=MAIL_BUCKET, key=key, received_at=RECEIVED, verdicts=ALL_PASS)


def test_a_notification_is_read():
    assert parse_arrival(json.dumps(NOTIFICATION), MAIL_BUCKET) == ARRIVAL


@pytest.mark.parametrize("check", ["spf", "dkim", "dmarc", "spam", "virus"])
def test_a_verdict_that_is_missing_is_no_pass(check):
    found = parse_arrival(changed(f"receipt.{check}Verdict", None), MAIL_BUCKET)
    assert getattr(found.verdicts, check) == ""


def test_verdicts_are_kept_as_ses_gives_them():
    found = parse_arrival(changed("receipt.dmarcVerdict", {"status": "Gray", "policy": "none"}), MAIL_BUCKET)
    assert (found.verdicts.dmarc, found.verdicts.dkim) == ("GRAY", "PASS")


@pytest.mark.parametrize(
    "body",
    [
        "Successfully validated SNS topic for Amazon SES event publishing.",
        '{"notificationType": "AMAZON_SES_SETUP_NOTIFICATION"}',
        changed("receipt.action.objectKey", "mail/AMAZON_SES_SETUP_NOTIFICATION"),
    ],
)
def test_the_setup_message_is_no_mail(body):
    assert parse_arrival(body, MAIL_BUCKET) is None


@pytest.mark.parametrize("words", ["AMAZON_SES_SETUP_NOTIFICATION", "Successfully validated SNS topic"])
def test_a_mail_cannot_call_itself_the_setup_message(words):
    """No mail ends silently: its subject stands in the notification, and its sender writes it."""
    assert parse_arrival(changed("mail.commonHeaders.subject", words), MAIL_BUCKET) == ARRIVAL


def test_a_mail_in_a_foreign_bucket_is_refused_by_both_names():
    body = changed("receipt.action.bucketName", "their-bucket")
    with pytest.raises(UnknownArrival, match=r"'their-bucket'.*'mail-bucket'"):
        parse_arrival(body, MAIL_BUCKET)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no JSON",
        "null",
        "[]",
        '"receipt"',
        "{}",
        "[" * DEEP,
        '{"notificationType": "Bounce", "mail": {}}',
        changed("receipt.action", None),
        changed("receipt.action", "S3"),
        changed("receipt.action.objectKey", None),
        changed("receipt.action.objectKey", 7),
        changed("receipt.action.objectKey", ""),
        # Below these prefixes a file would count as said by AWS Health, or as handed in by an admin.
        changed("receipt.action.objectKey", "health/0a1b/0a1b"),
        changed("receipt.action.objectKey", "submitted/0a1b"),
        changed("receipt.spfVerdict", "PASS"),
        changed("mail.timestamp", None),
        changed("mail.timestamp", 1794814931),
        changed("mail.timestamp", "yesterday"),
        changed("mail.timestamp", "2026-11-16T07:42:11"),  # of no zone: it cannot be compared with a Date header
    ],
)
def test_anything_else_is_refused(body):
    with pytest.raises(UnknownArrival):
        parse_arrival(body, MAIL_BUCKET)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)
PATHS = ["mail", "mail.timestamp", "receipt", "receipt.dkimVerdict", "receipt.action", "receipt.action.objectKey"]


@given(st.text() | JSON.map(json.dumps) | st.builds(changed, st.sampled_from(PATHS), JSON))
@example(json.dumps({"mail": {"timestamp": "9999-12-31T23:59:59Z"}, "receipt": []}))
def test_nothing_but_unknown_arrival_is_ever_raised(body):
    try:
        found = parse_arrival(body, MAIL_BUCKET)
    except UnknownArrival:
        return
    if found is not None:
        assert found.bucket == MAIL_BUCKET
        assert Arrival.from_json(json.loads(json.dumps(found.to_json()))) == found


@pytest.mark.parametrize("arrival", [ARRIVAL, Arrival(MAIL_BUCKET, "mail/file", RECEIVED, None)])
def test_the_input_of_an_execution_is_read_back(arrival):
    assert Arrival.from_json(json.loads(json.dumps(arrival.to_json()))) == arrival


def test_an_execution_is_named_after_the_mail():
    assert ARRIVAL.execution_name == "k3v9story1"


@pytest.mark.parametrize(
    "key", ["mail/", "", "mail/with space", "mail/ümlaut", "mail/" + "a" * 81, "mail/a\n", "mail/a.b"]
)
def test_an_odd_key_gets_a_name_that_step_functions_takes(key):
    assert re.fullmatch(r"mail-[0-9a-f]{40}", arrival_with_key(key).execution_name)


@given(st.text(), st.text())
def test_a_name_is_always_allowed_and_always_the_same(key, other):
    name = arrival_with_key(key).execution_name
    assert re.fullmatch(r"[A-Za-z0-9_-]{1,80}", name)
    assert name == arrival_with_key(key).execution_name
    if "/" not in key + other and key != other:
        assert name != arrival_with_key(other).execution_name


EVENT = {
    "source": "aws.health",
    "detail-type": "AWS Health Abuse Event",
    "account": "552071934480",
    "time": "2026-11-16T07:42:11Z",
    "region": "us-east-1",
    "detail": {
        "eventArn": "arn:aws:health:global::event/AWS_ABUSE_DOS_REPORT_1",
        "service": "ABUSE",
        "communicationId": "c1-1",
        "affectedAccount": "552071934480",
    },
}


def with_detail(**changes):
    return {**EVENT, "detail": {**EVENT["detail"], **changes}}


@pytest.mark.parametrize(
    "body",
    ["", "{}", "[]", "null", '"aws.health"', '{"source": "aws.ec2"}', "[" * 100_000, '{"source": "aws'],
    ids=repr,
)
def test_what_is_no_health_event_is_none(body):
    assert parse_health_event(body) is None


def test_a_health_event_is_told_from_a_mail():
    assert parse_health_event(json.dumps(EVENT)) == EVENT
    arrival = health_arrival(EVENT, "mail-bucket")
    assert arrival.is_health_event
    assert arrival.received_at == datetime(2026, 11, 16, 7, 42, 11, tzinfo=UTC)
    assert arrival.verdicts is None
    assert Arrival.from_json(json.loads(json.dumps(arrival.to_json()))) == arrival
    assert arrival.execution_name == arrival.key.rsplit("/", 1)[-1]


def test_copies_of_a_health_event_share_their_key():
    """us-west-2 gets a copy of what us-east-1 gets, and EventBridge may deliver twice."""
    copy = {**with_detail(backupEvent=True), "region": "us-west-2", "id": "another", "time": "2026-11-16T07:45:00Z"}
    assert health_arrival(copy, "b").key == health_arrival(EVENT, "b").key


def test_pages_and_updates_share_the_case_but_not_the_key():
    first, second = (
        health_arrival(with_detail(communicationId=communication), "b").key for communication in ("c1-1", "c1-2")
    )
    assert first != second
    assert first.split("/")[1] == second.split("/")[1]


@pytest.mark.parametrize(
    "change", [{"affectedAccount": "111122223333"}, {"eventArn": "arn:aws:health:global::event/2"}]
)
def test_another_account_or_event_is_another_case(change):
    other = health_arrival(with_detail(**change), "b").key
    assert other.split("/")[1] != health_arrival(EVENT, "b").key.split("/")[1]


@pytest.mark.parametrize(
    "event",
    [
        {},
        {"detail": None},
        {**EVENT, "time": "yesterday"},
        {**EVENT, "time": None},
        {**EVENT, "detail": []},
        {**EVENT, "detail": {"service": "ABUSE"}},
    ],
    ids=repr,
)
def test_what_calls_itself_health_and_is_not_is_refused(event):
    with pytest.raises(UnknownArrival, match="not an event of AWS Health"):
        health_arrival(event, "b")


DIGEST = "0a1b" * 16


def test_what_an_admin_submits_is_an_arrival_without_verdicts():
    arrival = submitted_arrival(DIGEST, MAIL_BUCKET, RECEIVED)
    assert arrival == Arrival(MAIL_BUCKET, f"submitted/{DIGEST}", RECEIVED, verdicts=None)
    assert arrival.is_submitted
    assert not arrival.is_health_event
    assert not ARRIVAL.is_submitted
    assert arrival.execution_name == DIGEST


@pytest.mark.parametrize(
    "digest",
    ["", "0a1b", "../mail/k3v9story1", f"../health/{DIGEST}", DIGEST.upper(), f"{DIGEST}\n", f"{DIGEST}0", "{}"],
)
def test_nothing_but_a_hash_is_submitted(digest):
    """A file under another prefix would count as said by SES, or by AWS Health."""
    with pytest.raises(UnknownArrival, match="named by its SHA-256"):
        submitted_arrival(digest, MAIL_BUCKET, RECEIVED)


def test_the_intake_queue_takes_no_submission():
    """What lies in it counts as said by SES, so an admin's mail has a door of its own."""
    message = {"submitted": {"bucket": MAIL_BUCKET, "key": f"submitted/{DIGEST}", "at": RECEIVED.isoformat()}}
    with pytest.raises(UnknownArrival):
        parse_arrival(json.dumps(message), MAIL_BUCKET)
