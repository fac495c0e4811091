"""Mails of strangers that look like a notice about a server of ours: each changes nothing, and the admins learn why."""

import itertools
import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from lambdas import case_table
from lambdas.domain.case.case import CaseState, InstanceStatus, case_from_items
from lambdas.timeline import load_case
from tests.account import account
from tests.e2e.notices import REGION, forwarded, fresh, notice
from tests.execution import execute
from tests.lambdas.contain.fleet import Fleet
from tests.samples import ALL_PASS, CASE, INSTANCE, MAIL_BUCKET, RECEIVED

MACHINES = Path(__file__).parent / "stacks" / "machines"
DEFINITION, ASK, ACT = (json.loads((MACHINES / f"{name}.asl.json").read_text()) for name in ("respond", "ask", "desk"))
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

        def arrive(raw, dmarc="PASS"):
            key = f"mail/{next(_numbers)}"
            client("s3").put_object(Bucket=MAIL_BUCKET, Key=key, Body=raw)
            verdicts = {name: getattr(ALL_PASS, name) for name in ALL_PASS.__slots__} | {"dmarc": dmarc}
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


LATE = "Please answer within 90 days."


def forwarded_by_a_stranger(instance_id, *, subject="Your Amazon EC2 Abuse Report", more=LATE):
    """Only the instance of a real case is known to its sender, and not its number."""
    raw = forwarded(notice("1", instance_id, sent=RECEIVED)).replace(b"example.org", b"evil.test")
    raw = re.sub(rb"Subject: [^\n]*\n", f"Subject: {subject}\n".encode(), raw)
    return raw.replace(b"without authorization.", f"without authorization. {more}".encode())


def status(case):
    known = load_case(case)
    return known.state, known.proven, known.deadline, known.instances, known.acknowledged, known.answered


@pytest.mark.parametrize("more", [LATE, "This notice was sent in error.", "Case 12480031774."])
def test_a_strangers_mail_about_the_instance_of_a_real_case_changes_nothing_of_it(world, more):
    _, case, launched, arrive = world
    arrive(notice(case, launched.instance_id, sent=RECEIVED))
    before = status(case)
    execution = arrive(forwarded_by_a_stranger(launched.instance_id, more=more))

    assert status(case) == before
    assert before[3] == {launched.instance_id: InstanceStatus.CONTAINED}
    assert [start["Name"][:18] for start in execution.started] in ([], ["unproven-questions"])
    (mail,) = [message for message in execution.messages if message.channel == "email"]
    assert launched.instance_id in mail.text


@pytest.mark.parametrize("unanswered", ["contain", "escalate"])
def test_a_stranger_does_not_silence_a_question(world, monkeypatch, unanswered):
    """What AWS reports is asked first; the stranger's mail comes before anybody has decided."""
    monkeypatch.setenv("UNANSWERED", unanswered)
    _, case, launched, arrive = world
    copyright_notice = notice(case, launched.instance_id, sent=datetime.now(UTC)).replace(
        b"activity which resembles attempts to access remote hosts on the internet without authorization",
        b"hosting content that infringes a copyright (DMCA)",
    )
    execution = arrive(copyright_notice)
    (asked,) = [start for start in execution.started if start["Name"].startswith(launched.instance_id)]
    assert load_case(case).instances == {launched.instance_id: InstanceStatus.ASKED}
    arrive(forwarded_by_a_stranger(launched.instance_id))

    # Nobody answers in time.
    ended = execute(ASK, asked["Input"], name=asked["Name"])
    assert ("Contain without decision" in ended.states) is (unanswered == "contain")
    assert ("Escalate" in ended.states) is (unanswered == "escalate")


def test_an_admin_can_approve_what_a_stranger_asks(world):
    fleet, case, launched, arrive = world
    arrive(forwarded_by_a_stranger(launched.instance_id, subject=f"Your AWS Abuse Report [{case}]"))
    assert groups(fleet.now(launched.instance_id)) == groups(launched)
    given = {"action": "approve", "case": case, "instance": "", "by": "arn:aws:iam::1:user/ada", "words": ""}
    (start,) = execute(ACT, given, name=f"approve-{case}").started
    again = execute(DEFINITION, start["Input"], name=start["Name"])

    assert groups(fleet.now(launched.instance_id)) != groups(launched)
    assert load_case(case).instances == {launched.instance_id: InstanceStatus.CONTAINED}
    assert "Admit mail" not in again.states


@pytest.mark.parametrize("text", [SENT_IN_ERROR, b"Please answer within 60 days. We've received a report(s)"])
def test_aws_writing_to_another_account_changes_no_case_of_ours(world, text):
    """Whoever makes AWS write to an account of theirs may have it quote our case number."""
    _, case, launched, arrive = world
    genuine = notice(case, launched.instance_id, sent=RECEIVED)
    arrive(genuine)
    before = status(case)
    foreign = genuine.replace(b"552071934480", b"666666666666").replace(b"We've received a report(s)", text)
    execution = arrive(foreign)

    assert status(case) == before
    assert not any(message.channel == "sms" for message in execution.messages)
    (mail,) = execution.messages
    assert "account 666666666666, which is neither this one nor a member" in " ".join(mail.text.split())


def test_one_mail_of_a_stranger_opens_one_case_and_no_clock(world):
    _, _, launched, arrive = world
    numbers = ", ".join(str(11900500000 + number) for number in range(25))
    mail = forwarded_by_a_stranger(launched.instance_id, more=f"Abuse case numbers: {numbers}.")
    execution = arrive(mail)
    assert not [number for number in numbers.split(", ")[1:] if load_case(number)]
    assert [start["Name"][:18] for start in execution.started] == ["unproven-questions"]
    assert [message.channel for message in execution.messages] == ["email"]


def test_what_a_gift_card_names_is_not_contained_by_the_next_genuine_notice(world):
    """A follow-up that names no instance is about those of the case's earlier notices: a stranger's adds none."""
    fleet, case, launched, arrive = world
    sender, checked, _ = STRANGERS["a gift card"]
    arrive(written_by(sender, checked, notice(case, launched.instance_id, sent=RECEIVED)))
    follow_up = notice(case, launched.instance_id, sent=RECEIVED).replace(launched.instance_id.encode(), b"")
    arrive(follow_up)

    assert groups(fleet.now(launched.instance_id)) == groups(launched)


FOLDER = Path(__file__).parent / "mails" / "attacks"
KINDS = ("questions", "resolves", "other-accounts", "flood")
ATTACKS = [path for kind in KINDS for path in sorted((FOLDER / kind).glob("*.eml"))]


@pytest.fixture(scope="module")
def real_case(our_account):
    """The case that the attack mails name, with its instance contained, before any of them."""
    fleet, arrive = our_account
    fleet.launch([("web", "ssh"), ("web",)], instance_id=INSTANCE)
    arrive(notice(CASE, INSTANCE, sent=RECEIVED))
    before = status(CASE)
    assert before[3] == {INSTANCE: InstanceStatus.CONTAINED}
    return before


@pytest.mark.parametrize("path", ATTACKS, ids=lambda path: path.stem)
def test_an_attack_changes_nothing_of_a_real_case(our_account, real_case, monkeypatch, path):
    _, arrive = our_account
    monkeypatch.setattr(case_table, "_hour", lambda: f"hour#{path.stem}")  # each has room to be told
    attack = json.loads(path.with_suffix(".json").read_text())
    held = groups(our_account[0].now(INSTANCE))
    execution = arrive(path.read_bytes(), dmarc=attack.get("dmarc", "PASS"))

    assert execution.status == "SUCCEEDED"
    assert status(CASE) == real_case
    assert groups(our_account[0].now(INSTANCE)) == held
    assert [message.channel for message in execution.messages] == ["email"], "told once, and nobody is woken"
    assert [start["Name"] for start in execution.started if not start["Name"].startswith("unproven-questions")] == []
