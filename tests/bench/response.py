"""How long a response takes while every AWS call takes a tenth of a second: to the last interface, and to the end.

The handlers and the state machine are the real ones, in this process; AWS is Moto's, whose own time is on top. Step
Functions' and Lambda's own times are not in it: some 20 ms a state, and a cold start.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from typing import Any

from lambdas.domain.containment.quarantine import GROUP_NAME
from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG
from tests.execution import Execution
from tests.recording import Call
from tests.samples import INSTANCE
from tests.sweep.stage import FIRST, Stage, stage

DELAY = 0.1
_LONG = 8 * DELAY
_MOVE = "ModifyNetworkInterfaceAttribute"
# Beyond this a notice names more than is looked at: see lambdas/contain/find_instances.py.
_MOST = 30


def _slow(_: Call) -> None:
    time.sleep(DELAY)


def _slow_until_moved(seconds: float) -> Callable[[Call], None]:
    """Delay what may come before the last move and after the decision; the rest would only take time."""
    moved = threading.Event()

    def slow(call: Call) -> None:
        if call.step == "Verify quarantine":
            moved.set()
        if call.invocation.item is not None and not moved.is_set():
            time.sleep(seconds)

    return slow


def decided_at(execution: Execution) -> float:
    """When the decision was there."""
    return max(one.end for one in execution.invocations if one.step == "Decide")


def moved_at(execution: Execution) -> float:
    """When the last interface had been moved."""
    return max(call.end for call in execution.calls if call.operation == _MOVE)


def longest_chain(calls: Sequence[Call]) -> list[Call]:
    """The most calls of which each started when the one before it had ended, up to the last interface moved.

    What follows by chance counts as well, so this is an upper limit of what depends on each other.
    """
    chains: dict[Call, list[Call]] = {}
    for call in sorted(calls, key=lambda one: one.end):
        former = [chains[one] for one in chains if one.end <= call.start]
        chains[call] = [*max(former, key=len, default=[]), call]
    return max((chain for call, chain in chains.items() if call.operation == _MOVE), key=len)


def _from_decision(execution: Execution) -> list[Call]:
    """The calls between the decision and the last move, those of the evidence left out: nothing waits for them."""
    since, until = decided_at(execution), moved_at(execution)
    return [
        call
        for call in execution.calls
        if call.start >= since and call.end <= until and call.step != "Collect evidence"
    ]


@contextmanager
def _with_group(interfaces: int) -> Iterator[Stage]:
    """A VPC in which something was quarantined before."""
    with stage(interfaces) as there:
        group = there.fleet.group(GROUP_NAME, [(ROLE_TAG, QUARANTINE)])
        (made,) = there.fleet.ec2.describe_security_groups(GroupIds=[group])["SecurityGroups"]
        there.fleet.ec2.revoke_security_group_egress(GroupId=group, IpPermissions=made["IpPermissionsEgress"])
        yield there


def _to_the_last_interface() -> None:
    print(
        "from the decision to the last interface moved: dependent AWS calls, by what they add when each takes longer;"
    )
    print(f"  calls that followed one another, of all; seconds when each takes {DELAY:.1f} (best of 3)")
    kinds: dict[str, Callable[[int], Any]] = {"first in its VPC": stage, "again": _with_group}
    for kind, begin in kinds.items():
        for interfaces in (1, 2, 8):
            fast, slow = ([_measured(begin(interfaces), delay) for _ in range(3)] for delay in (DELAY, _LONG))
            seconds = min(one[0] for one in fast)
            dependent = (min(one[0] for one in slow) - seconds) / (_LONG - DELAY)
            _, chain, calls = min(slow, key=lambda one: len(one[1]))  # what follows by chance makes it longer
            way = ", ".join(f"{call.operation} ({call.step})" for call in chain)
            print(f"  {dependent:4.1f} {len(chain):3} of {calls:2} {seconds:5.2f}  {interfaces} interface(s), {kind}")
            print(f"{'':19}{way}")


def _measured(begun: AbstractContextManager[Stage], delay: float) -> tuple[float, list[Call], int]:
    with begun as there:
        execution = there.play(FIRST, before=_slow_until_moved(delay))
        assert there.quarantined()
    calls = _from_decision(execution)
    return moved_at(execution) - decided_at(execution), longest_chain(calls), len(calls)


def _whole_cases() -> None:
    print("whole cases so: seconds to the last interface moved, and to the end")
    for count in (1, 10, 50):
        instance_ids = tuple(f"i-{n:017x}" for n in range(1, count + 1))
        notices = [instance_ids[n : n + _MOST] for n in range(0, count, _MOST)]
        with stage(1, instance_ids, max_instances_per_hour=500) as there:
            executions = [
                there.play((f"mail/bench{n}", *FIRST[1:]), f"bench{n}", change=partial(_naming, named, n), before=_slow)
                for n, named in enumerate(notices)
            ]
            contained = sum(there.quarantined(instance_id) for instance_id in instance_ids)
        moved = sum(moved_at(one) - one.entries[0].at for one in executions)
        whole = sum(one.entries[-1].at - one.entries[0].at for one in executions)
        calls = [call for one in executions for call in one.calls]
        print(f"  {moved:5.1f} {whole:5.1f}  {count} instance(s), {contained} contained, in {len(notices)} notice(s)")
        inside = sum(call.inside for call in calls)
        print(f"{'':15}{len(calls)} calls, in which Moto itself took {inside:.1f}, one at a time")


def _naming(instance_ids: Sequence[str], number: int, raw: bytes) -> bytes:
    """The first notice of the story, naming these instances instead."""
    text = raw.decode().replace("story-1", f"story-1-{number}")
    (line,) = [one for one in text.splitlines() if INSTANCE in one]
    return text.replace(line, "\n".join(line.replace(INSTANCE, one) for one in instance_ids)).encode()


def main() -> None:
    _to_the_last_interface()
    _whole_cases()
