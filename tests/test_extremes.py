"""The most that a notice can hold leaves no state, item or message that AWS would refuse.

Step Functions takes 256 KiB between states, and that failure cannot be caught: no admin would hear of the mail.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html
"""

import json
from dataclasses import replace
from pathlib import Path

import pytest

import lambdas.read
from lambdas.aws import client
from lambdas.domain.intake.notice import NamedInstance, NoticeKind
from lambdas.domain.phrase import verbatim
from tests.account import account
from tests.e2e.notices import REGION
from tests.execution import MOST_BYTES, execute
from tests.lambdas.contain.fleet import Fleet
from tests.samples import ACCOUNT, ARRIVAL, PROVEN, UNPROVEN, notice

RESPOND = json.loads((Path(__file__).parent / "stacks" / "machines" / "respond.asl.json").read_text())
MOST_NOTICE = 24_000  # bytes of a notice in JSON, which the reader keeps to
MOST_ITEM = 400 * 1024
REGIONS = ("eu-central-1", "eu-west-1", "us-east-1", "ap-northeast-1")
CONTROL = "\x01"  # six bytes in JSON
IDS = [f"i-0a7b1dd0e3f9{number:05x}" for number in range(60)]
ACCOUNTS = tuple(str(100000000000 + number) for number in range(20))

NAMED = {
    "instances": {"resources": tuple(NamedInstance(instance_id, REGION, ACCOUNT) for instance_id in IDS)},
    "addresses": {"resources": (), "ips": tuple(f"198.51.{n // 250}.{n % 250}" for n in range(200))},
    "cases": {"case_numbers": tuple(str(12480030000 + number) for number in range(200))},
    "accounts": {"account_ids": (ACCOUNT, *ACCOUNTS), "resources": (NamedInstance(IDS[0], REGION, ACCOUNT),)},
    "foreign accounts": {
        "account_ids": ACCOUNTS,
        "resources": tuple(NamedInstance(instance_id, REGION, ACCOUNTS[0]) for instance_id in IDS),
    },
    "nothing": {"resources": (), "ips": ()},
}
LARGEST = [
    *((named, "subject") for named in NAMED),
    *(("instances", field) for field in ("sender", "message_id", "measures")),
]


def largest(named, field):
    """A notice of the most bytes: what it names, and the rest in one field of control characters."""
    said = notice(**NAMED[named], regions=REGIONS)
    room = (MOST_NOTICE - len(json.dumps(said.to_json()))) // len(json.dumps(CONTROL)[1:-1])
    return replace(said, **{field: (CONTROL * room,) if field == "measures" else CONTROL * room})


@pytest.fixture
def arrive():
    """What comes of a notice in an account of several Regions that has three of the instances."""
    with account(regions=REGIONS, max_instances_per_hour=500) as moto, pytest.MonkeyPatch.context() as patch:
        for instance_id in IDS[:3]:
            Fleet(moto, REGION).launch(instance_id=instance_id)
        client("s3").put_object(Bucket=ARRIVAL.bucket, Key=ARRIVAL.key, Body=b"Subject: x\n\n" + b"x" * 200_000)

        def run(said, proof):
            read = {"notice": said.to_json(), "proof": proof.to_json()}
            patch.setitem(lambdas.read.STEPS, "Read notice", lambda _: read)
            return execute(RESPOND, {"arrival": ARRIVAL.to_json(), "approved": []})

        yield run


def bytes_of(value):
    return len(json.dumps(value).encode())


@pytest.mark.parametrize("proof", [UNPROVEN, PROVEN], ids=["unproven", "proven"])
@pytest.mark.parametrize(("named", "field"), LARGEST)
def test_the_largest_notice_is_handled(arrive, named, field, proof):
    said = largest(named, field)
    assert bytes_of(said.to_json()) == pytest.approx(MOST_NOTICE, abs=100)
    execution = arrive(said, proof)

    assert execution.status == "SUCCEEDED", (execution.error, execution.cause)
    report = [message for message in execution.messages if message.step == "Report to admins"]
    assert report
    assert all(len(message.text.encode()) < MOST_BYTES for message in execution.messages)
    passed = [bytes_of(call.event) for call in execution.invocations]
    assert max(passed) < MOST_BYTES * 0.8
    clocks = [start for start in execution.started if "moments" in start["Input"]]
    assert len(clocks) <= (10 if proof is PROVEN else 1)
    items = client("dynamodb").get_paginator("scan").paginate(TableName="cases").build_full_result()["Items"]
    assert max(map(bytes_of, items)) < MOST_ITEM / 4


def test_a_reason_as_long_as_a_notice_is_handled(arrive):
    said = replace(notice(kind=NoticeKind.FOLLOW_UP, resources=()), reason=verbatim("x" * MOST_NOTICE))
    assert arrive(said, UNPROVEN).status == "SUCCEEDED"
