"""Mails of strangers that look like a notice about a server of ours: each changes nothing, and the admins learn why."""

import itertools
import json
from pathlib import Path

import pytest

from lambdas import case_table
from lambdas.domain.case.case import CaseState, InstanceStatus, case_from_items
from tests.account import account
from tests.e2e.notices import REGION, fresh, notice
from tests.execution import execute
from tests.lambdas.contain.fleet import Fleet
from tests.samples import ALL_PASS, MAIL_BUCKET, RECEIVED

DEFINITION = json.loads((Path(__file__).parent / "stacks" / "machines" / "respond.asl.json").read_text())
DESK = b"From: ec2-abuse@amazon.com"
CHECKED = b"header.from=amazon.com"
SENT_IN_ERROR = b"This notice was sent in error. The case is resolved."
_numbers = itertools.count(1)
# SES's verdict is PASS for each: its sender's own domain vouches for it.
STRANGERS = {
    "a display name of 4,000 characters, folded": (
        b'From: "' + b"\r\n ".join([b"a" * 70] * 57) + b'"\r\n <ec2-abuse@amazon.com.evil.test>',
        b"amazon.com.evil.test",
        "From is longer than any",
    ),
    "a blank in the domain": (
        b"From: <ec2-abuse@amazon.com .evil.test>",
        b"amazon.com.evil.test",
        "From is not one plain address",
    ),
    "a comment in the domain": (
        b"From: <ec2-abuse@amazon.com (x).evil.test>",
        b"amazon.com.evil.test",
        "From is not one plain address",
    ),
    "checked for another domain": (DESK, b"evil.test", "SES checked DMARC for evil.test"),
    "a gift card": (
        b'From: "Amazon.com Gift Cards" <gc-orders@gc.email.amazon.com>',
        b"gc.email.amazon.com",
        "gc-orders@gc.email.amazon.com is not AWS's abuse desk",
    ),
    "an SNS topic": (
        b"From: AWS Notifications <no-reply@sns.amazonaws.com>",
        b"sns.amazonaws.com",
        "",  # it is taken for no notice at all
    ),
}


@pytest.fixture(scope="module")
def our_account():
    """An account, and `arrive`, which lets a mail with SES's PASS come in."""
    with account(regions=(REGION,), max_instances_per_hour=500) as client:

        def arrive(raw):
            key = f"mail/{next(_numbers)}"
            client("s3").put_object(Bucket=MAIL_BUCKET, Key=key, Body=raw)
            verdicts = {name: getattr(ALL_PASS, name) for name in ALL_PASS.__slots__}
            arrival = {
                "bucket": MAIL_BUCKET,
                "key": key,
                "received_at": RECEIVED.isoformat(),
                "verdicts": verdicts,
            }
            return execute(DEFINITION, {"arrival": arrival, "approved": []}, name=key.replace("/", "-"))

        yield Fleet(client, REGION), arrive


@pytest.fixture
def world(our_account):
    """An instance of ours that no mail has named yet, and a case number."""
    fleet, arrive = our_account
    case, instance_id = fresh()
    return fleet, case, fleet.launch([("web", "ssh"), ("web",)], instance_id=instance_id), arrive


def groups(instance):
    return {interface.interface_id: interface.groups for interface in instance.interfaces}


def written_by(sender, checked, raw):
    assert DESK in raw
    assert CHECKED in raw
    return raw.replace(DESK, sender).replace(CHECKED, b"header.from=" + checked)


def test_the_same_mail_from_the_abuse_desk_contains(world):
    """Else the tests below would show nothing."""
    fleet, case, launched, arrive = world
    arrive(notice(case, launched.instance_id, sent=RECEIVED))
    assert groups(fleet.now(launched.instance_id)) != groups(launched)


@pytest.mark.parametrize(("sender", "checked", "why"), STRANGERS.values(), ids=STRANGERS)
def test_a_strangers_mail_changes_no_instance_and_the_admins_learn_why(world, sender, checked, why):
    fleet, case, launched, arrive = world
    execution = arrive(written_by(sender, checked, notice(case, launched.instance_id, sent=RECEIVED)))

    assert execution.status == "SUCCEEDED"
    now = fleet.now(launched.instance_id)
    assert (groups(now), now.tags) == (groups(launched), launched.tags)
    mails = [" ".join(message.text.split()) for message in execution.messages if message.channel == "email"]
    assert mails, "all admins hear of every mail"
    assert why in mails[-1]


@pytest.mark.parametrize(("sender", "checked"), [mail[:2] for mail in STRANGERS.values()], ids=STRANGERS)
def test_a_strangers_mail_ends_no_case(world, sender, checked):
    _, case, launched, arrive = world
    genuine = notice(case, launched.instance_id, sent=RECEIVED)
    arrive(genuine)
    end = written_by(sender, checked, genuine.replace(b"We've received a report(s)", SENT_IN_ERROR))
    assert SENT_IN_ERROR in end
    arrive(end)

    standing = case_from_items(case, case_table.read_items(case))
    assert (standing.state, standing.instances) == (CaseState.OPEN, {launched.instance_id: InstanceStatus.CONTAINED})


def test_what_a_gift_card_names_is_not_contained_by_the_next_genuine_notice(world):
    """A follow-up that names no instance is about those of the case's earlier notices: a stranger's adds none."""
    fleet, case, launched, arrive = world
    sender, checked, _ = STRANGERS["a gift card"]
    arrive(written_by(sender, checked, notice(case, launched.instance_id, sent=RECEIVED)))
    follow_up = notice(case, launched.instance_id, sent=RECEIVED).replace(launched.instance_id.encode(), b"")
    arrive(follow_up)

    assert groups(fleet.now(launched.instance_id)) == groups(launched)
