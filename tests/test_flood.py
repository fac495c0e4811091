"""A flood of unproven mails in one hour hides no genuine notice, and costs the admins a bounded number of mails.

Sixty mails with every test. All of the figures in one run:

    FLOOD_MAILS=1000 python -m pytest -s tests/test_flood.py
"""

import email.utils
import itertools
import json
import os
import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from lambdas import case_table
from lambdas.aws import client
from lambdas.domain.case.case import CaseState, InstanceStatus
from lambdas.domain.case.unproven_mail import MAX_FOR_INSTANCE, MAX_OTHERS
from lambdas.timeline import load_case
from tests.account import account
from tests.e2e.notices import REGION, fresh, notice
from tests.execution import execute
from tests.lambdas.contain.fleet import Fleet
from tests.mails.notices import Specimen
from tests.mails.ways import direct, exchange_redirect, google_group
from tests.samples import ACCOUNT, ALL_PASS, MAIL_BUCKET

MACHINES = Path(__file__).parent / "stacks" / "machines"
RESPOND, CLOCK = (json.loads((MACHINES / f"{name}.asl.json").read_text()) for name in ("respond", "clock"))
SENT = datetime.now(UTC).replace(microsecond=0)  # or the deadline would be over, and set no clock
RECEIVED = SENT + timedelta(seconds=3)
MAILS = int(os.environ.get("FLOOD_MAILS", "60"))
FAIL = replace(ALL_PASS, dmarc="FAIL", dkim="FAIL")
ANOTHER = "i-0b57a4de7b57a4de7"  # ours too, and known to the attacker

FORWARD = """\
Date: {date}
From: Mallory {number} <m{number}@evil.test>
To: abuse@abuse-in.example.com
Message-ID: <{number}@evil.test>
Subject: Fwd: Your Amazon EC2 Abuse Report
MIME-Version: 1.0
Content-Type: text/plain; charset=UTF-8

FYI

---------- Forwarded message ---------
From: <ec2-abuse@amazon.com>
Date: {date}
Subject: Your Amazon EC2 Abuse Report
To: <x@example.com>

Hello,

We've received a report(s) that your AWS resource(s)

{named}

has been implicated in activity which resembles port scanning. {more}

Regards,
AWS Abuse
"""


def forward(number, named, more=""):
    date = email.utils.format_datetime(SENT)
    return FORWARD.format(number=number, date=date, named=named, more=more).encode()


def flood(case):
    """Mails without end, of every kind that attackers have; none names the instance of the genuine notices."""
    for number in itertools.count():
        invented = f"EC2 Instance Id: i-0{number:016x}"
        cases = ", ".join(str(12480030000 + 25 * number + other) for other in range(25))
        yield forward(number, invented), ALL_PASS
        yield forward(number, f"EC2 Instance Id: {ANOTHER}", f"Abuse case number: {case}"), ALL_PASS
        yield forward(number, invented, f"Abuse case number: {cases}. Answer within 1 hour."), ALL_PASS
        yield forward(number, "", f"Abuse case number {case} has been resolved. It was sent in error."), ALL_PASS
        yield notice(str(99000000000 + number), f"i-0{number:016x}", proven=False, sent=RECEIVED), FAIL
        yield b"From: shop@shop.test\nDate: " + email.utils.format_datetime(SENT).encode() + b"\n\nBuy!\n", ALL_PASS


def genuine(case, instance_id):
    """One notice of AWS, straight, through a Google Group, and through a rule of Microsoft 365."""
    raw = notice(case, instance_id, sent=RECEIVED).decode().split("Content-Type: text/plain; charset=UTF-8\n\n")[1]
    specimen = Specimen(
        name="genuine",
        sender='"ec2-abuse@amazon.com" <ec2-abuse@amazon.com>',
        subject=f"Your AWS Abuse Report [{case}] [AWS ID {ACCOUNT}]",
        date=email.utils.format_datetime(SENT),
        body=raw,
    )
    mime = "MIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\n\n"
    for way, verdicts in ((direct, ALL_PASS), (google_group, ALL_PASS), (exchange_redirect, FAIL)):
        sent = way(specimen)
        yield (sent.header + mime + sent.text).encode(), verdicts


def arrive(key, raw, verdicts):
    client("s3").put_object(Bucket=MAIL_BUCKET, Key=f"mail/{key}", Body=raw)
    arrival = {
        "bucket": MAIL_BUCKET,
        "key": f"mail/{key}",
        "received_at": RECEIVED.isoformat(),
        "verdicts": {name: getattr(verdicts, name) for name in verdicts.__slots__},
    }
    return execute(RESPOND, {"arrival": arrival, "approved": []}, name=f"mail-{key}")


def mails_to_each_admin(executions):
    return sum(message.channel == "email" for execution in executions for message in execution.messages)


@pytest.fixture(scope="module")
def flooded():
    """What came of the flood, of the genuine notices in its middle, and of the clocks that both started."""
    case, instance_id = fresh()
    with account(regions=(REGION,)) as moto, pytest.MonkeyPatch.context() as patch:
        patch.setattr(case_table, "_hour", lambda: "hour#2026-11-16T07")  # it may run over the end of an hour
        fleet = Fleet(moto, REGION)
        fleet.launch(instance_id=instance_id)
        fleet.launch(instance_id=ANOTHER)
        arrivals = [(f"f{number}", *mail) for number, mail in zip(range(MAILS), flood(case), strict=False)]
        random.Random(7).shuffle(arrivals)  # noqa: S311  an order, no secret
        for name, mail in zip(("straight", "group", "rule"), genuine(case, instance_id), strict=True):
            arrivals.insert(len(arrivals) // 2, (name, *mail))
        with ThreadPoolExecutor(max_workers=4) as pool:
            executions = dict(
                zip([key for key, _, _ in arrivals], pool.map(lambda mail: arrive(*mail), arrivals), strict=True)
            )
        started = {}
        for execution in executions.values():
            started |= {start["Name"]: start["Input"] for start in execution.started}
        shared = {name: given for name, given in started.items() if name.startswith(("listed-mails", "unproven-quest"))}
        clocks = {name: execute(CLOCK, given, name=name) for name, given in shared.items()}
        items = client("dynamodb").get_paginator("scan").paginate(TableName="cases").build_full_result()["Items"]
        yield {
            "case": load_case(case),
            "instance": instance_id,
            "executions": executions,
            "started": started,
            "clocks": clocks,
            "items": items,
        }


def cases(flooded):
    return {item["pk"]["S"] for item in flooded["items"] if item["sk"]["S"] == "case" and "#" not in item["pk"]["S"]}


def test_every_mail_is_handled(flooded):
    assert Counter(execution.status for execution in flooded["executions"].values()) == {"SUCCEEDED": MAILS + 3}


def test_the_genuine_notice_contains_in_the_middle_of_it(flooded):
    case, instance_id = flooded["case"], flooded["instance"]
    assert (case.state, case.proven) == (CaseState.OPEN, True)
    assert case.instances == {instance_id: InstanceStatus.CONTAINED}
    alert, report = [message for message in flooded["executions"]["straight"].messages if message.channel == "email"]
    assert alert.subject.startswith("URGENT: AWS reports")
    assert report.subject.startswith(f"ACTION: contained {instance_id}; answer AWS by")


@pytest.mark.parametrize("way", ["group", "rule"])
def test_the_rewritten_copies_are_told_as_if_they_were_alone(flooded, way):
    (mail,) = flooded["executions"][way].messages
    assert (mail.step, mail.channel) == ("Report to admins", "email")
    assert flooded["instance"] in mail.text


def test_the_admins_get_a_bounded_number_of_mails_and_no_sms_of_strangers(flooded):
    genuine = {"straight", "group", "rule"}
    strangers = [execution for name, execution in flooded["executions"].items() if name not in genuine]
    assert mails_to_each_admin(strangers) == MAX_OTHERS + MAX_FOR_INSTANCE
    assert {message.channel for execution in strangers for message in execution.messages} == {"email"}
    lists = [clock for name, clock in flooded["clocks"].items() if name.startswith("listed-mails")]
    reminders = [clock for name, clock in flooded["clocks"].items() if name.startswith("unproven-questions")]
    assert len(lists) in {1, 2}  # two if the hour ended while it ran
    assert mails_to_each_admin(lists) == len(lists)
    assert mails_to_each_admin(reminders) <= 3 * len(reminders)


def test_no_mail_is_lost(flooded):
    listed = {item["sk"]["S"] for item in flooded["items"] if item["pk"]["S"].startswith("listed-mails#")}
    listed = {sort.removeprefix("mail#mail/") for sort in listed if sort.startswith("mail#")}
    told = {name for name, execution in flooded["executions"].items() if execution.messages}
    assert listed | told == set(flooded["executions"])
    assert listed & told == set()
    shown = "\n".join(message.text for clock in flooded["clocks"].values() for message in clock.messages)
    assert f"{len(listed)} mails" in shown or len(flooded["clocks"]) > 2


def test_cases_clocks_and_questions_are_bounded(flooded):
    assert len(cases(flooded)) <= 1 + MAX_OTHERS + MAX_FOR_INSTANCE
    own = [name for name in flooded["started"] if name not in flooded["clocks"]]
    assert sorted(name.partition("-")[0] for name in own) == sorted([flooded["case"].id, "i"])  # its clock, its watch
    assert not any(item["sk"]["S"].startswith("question#") and "#" not in item["pk"]["S"] for item in flooded["items"])


def test_a_mail_that_is_only_listed_leaves_three_small_items(flooded):
    of_listed = [item for item in flooded["items"] if item["pk"]["S"].startswith(("mail#", "listed-mails#"))]
    assert len(of_listed) <= 3 * (MAILS + 3) + 4
    assert max(len(json.dumps(item)) for item in of_listed) < 4_000
    print(
        f"\n{MAILS} unproven mails: {mails_to_each_admin(flooded['executions'].values())} mails to each admin one by "
        f"one, {mails_to_each_admin(flooded['clocks'].values())} shared; {len(cases(flooded))} cases, "
        f"{len(flooded['started'])} executions started, {len(flooded['items'])} items in "
        f"{len({item['pk']['S'] for item in flooded['items']})} partitions"
    )
