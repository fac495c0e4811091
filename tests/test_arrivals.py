"""Many arrivals at once: shuffled, doubled, in parallel, they make one case a number, and nothing is done twice.

Three cases of ten arrivals with every test. All of the figures in one run:

    ARRIVALS_CASES=20 python -m pytest -s tests/test_arrivals.py
"""

import json
import os
import random
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from lambdas import case_table
from lambdas.domain.case.case import CaseState, InstanceStatus, case_from_items
from lambdas.domain.instance.tags import CASE_TAG
from tests.account import account
from tests.e2e.notices import REGION, fresh, notice
from tests.execution import execute
from tests.lambdas.contain.fleet import Fleet
from tests.samples import ALL_PASS, MAIL_BUCKET, RECEIVED

DEFINITION = json.loads((Path(__file__).parent / "stacks" / "machines" / "respond.asl.json").read_text())
CASES = int(os.environ.get("ARRIVALS_CASES", "3"))

WE_RECEIVED = b"We've received a report(s) that your AWS resource(s)"
STAGES = {
    "": WE_RECEIVED,
    "-1": b"We're writing to follow up on your outstanding abuse reports. Please reply within 24 hours.\n\nResource(s)",
    "-2": b"This is a reminder: we have not received a response about your AWS resource(s)",
    "-3": b"We have blocked outbound port 22 because we did not receive a response about your AWS resource(s)",
    "-4": b"We are following up again and ask you to reply about your AWS resource(s)",
}


def conversation(case, instance_id):
    """Five mails of one case, whose number AWS writes with and without a suffix, each twice."""
    for suffix, words in STAGES.items():
        raw = notice(f"{case}{suffix}", instance_id, sent=RECEIVED)
        assert WE_RECEIVED in raw
        yield from [raw.replace(WE_RECEIVED, words)] * 2


def test_shuffled_doubled_parallel_arrivals_make_one_case_a_number_and_nothing_twice():
    named = dict(fresh() for _ in range(CASES))
    mails = [mail for case, instance_id in named.items() for mail in conversation(case, instance_id)]
    random.Random(4).shuffle(mails)  # noqa: S311  an order, no secret
    with account(regions=(REGION,), max_instances_per_hour=500) as client:
        fleet = Fleet(client, REGION)
        before = {one: fleet.launch([("web", "ssh"), ("web",)], instance_id=one) for one in named.values()}

        def arrive(number):
            key = f"mail/{number:04d}"
            client("s3").put_object(Bucket=MAIL_BUCKET, Key=key, Body=mails[number])
            arrival = {
                "bucket": MAIL_BUCKET,
                "key": key,
                "received_at": RECEIVED.isoformat(),
                "verdicts": {name: getattr(ALL_PASS, name) for name in ALL_PASS.__slots__},
            }
            return execute(DEFINITION, {"arrival": arrival, "approved": []}, name=f"mail-{number:04d}")

        began = time.monotonic()
        with ThreadPoolExecutor(max_workers=8) as pool:
            executions = list(pool.map(arrive, range(len(mails))))
        seconds = time.monotonic() - began

        assert Counter(one.status for one in executions) == {"SUCCEEDED": len(mails)}
        told = Counter(message.step for one in executions for message in one.messages if message.channel == "email")
        assert told["Report to admins"] == len(mails), "every mail ends in a message"
        for case, instance_id in named.items():
            items = case_table.read_items(case)
            assert sum(sort.startswith("notice#") for sort in items) == 10, "no notice is lost"
            (kept,) = [sort for sort in items if sort.startswith("before#")]
            groups = {
                one["interface_id"]: tuple(one["groups"]) for one in items[kept]["before"]["instance"]["interfaces"]
            }
            assert groups == {one.interface_id: one.groups for one in before[instance_id].interfaces}
            assert fleet.snapshots(case, instance_id) == sorted(before[instance_id].volume_ids), "one set of snapshots"
            assert len(set(fleet.carried(instance_id).values())) == 1
            assert fleet.now(instance_id).tags[CASE_TAG] == case
            standing = case_from_items(case, items)
            assert (standing.state, standing.instances) == (CaseState.OPEN, {instance_id: InstanceStatus.CONTAINED})
        moves = Counter(
            call.parameters["NetworkInterfaceId"]
            for one in executions
            for call in one.calls
            if call.operation == "ModifyNetworkInterfaceAttribute"
        )
    print(
        f"\n{len(mails)} arrivals of {len(named)} cases in {seconds:.0f} s: {sum(moves.values())} moves of "
        f"{len(moves)} interfaces, {told['Report to admins']} reports"
    )
