"""What is to be done next, with commands that can be copied."""

from dataclasses import replace

import pytest

from lambdas.domain.case.case import case_from_entries
from lambdas.domain.case.tasks import Task, TaskKind, tasks
from lambdas.domain.case.timeline import EntryKind
from tests.domain.case.test_case import ADA, ANSWERED, FIRST, OTHER, RESOLVED, entry, for_stranger, notice
from tests.samples import CASE, INSTANCE

ACKNOWLEDGED = entry(EntryKind.ACKNOWLEDGED, 1, who=ADA)
CONTAINED = entry(EntryKind.CONTAINED, 1, INSTANCE)
RELEASE = Task(TaskKind.RELEASE, INSTANCE, (f"python -m desk release {CASE} {INSTANCE}",))
ANSWER = Task(TaskKind.ANSWER, "", (f"python -m desk reply {CASE}", f"python -m desk replied {CASE}"))
ACKNOWLEDGE = Task(TaskKind.ACKNOWLEDGE, "", (f"python -m desk ack {CASE}",))
CLOSE = Task(TaskKind.CLOSE, "", (f"python -m desk close {CASE}",))
STOP = Task(TaskKind.CONTAIN, INSTANCE, (f"aws ec2 stop-instances --region eu-west-1 --instance-ids {INSTANCE}",))
DECIDE = Task(TaskKind.DECIDE, OTHER, tuple(f"python -m desk {verb} {CASE} {OTHER}" for verb in ("approve", "decline")))
FORGED, ASKED_BY_STRANGER = notice(sent=2, proven=False), for_stranger(EntryKind.ASKED, 2, OTHER)
DECIDE_UNPROVEN = replace(DECIDE, kind=TaskKind.DECIDE_UNPROVEN)


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        ([FIRST], [ACKNOWLEDGE, ANSWER]),
        ([FIRST, ACKNOWLEDGED, CONTAINED], [ANSWER, RELEASE]),
        ([FIRST, ACKNOWLEDGED, entry(EntryKind.NOT_CONTAINED, 1, INSTANCE)], [STOP, ANSWER]),
        ([FIRST, ACKNOWLEDGED, CONTAINED, entry(EntryKind.BROKEN, 2, INSTANCE)], [STOP, ANSWER, RELEASE]),
        ([FIRST, ACKNOWLEDGED, CONTAINED, entry(EntryKind.ASKED, 1, OTHER)], [DECIDE, ANSWER, RELEASE]),
        ([FIRST, ACKNOWLEDGED, CONTAINED, ANSWERED], [RELEASE, CLOSE]),
        ([FIRST, CONTAINED, RESOLVED], [RELEASE, CLOSE]),
        ([FIRST, CONTAINED, entry(EntryKind.RELEASED, 2, INSTANCE), RESOLVED], [CLOSE]),
        ([FIRST, CONTAINED, entry(EntryKind.CLOSED, 31, who=ADA)], []),
        ([FIRST, ACKNOWLEDGED, FORGED, ASKED_BY_STRANGER], [ANSWER, DECIDE_UNPROVEN]),
        ([FIRST, ACKNOWLEDGED, FORGED, ASKED_BY_STRANGER, entry(EntryKind.ASKED, 3, OTHER)], [DECIDE, ANSWER]),
        ([FIRST, FORGED, ASKED_BY_STRANGER, RESOLVED], [CLOSE]),
        (
            [notice(proven=False), ACKNOWLEDGED, ASKED_BY_STRANGER],
            [DECIDE, Task(TaskKind.CHECK, "", (f"python -m desk close {CASE}",))],
        ),
        (
            [notice(proven=False), ACKNOWLEDGED],
            [
                Task(TaskKind.CHECK, "", (f"python -m desk close {CASE}",))
            ],  # nothing is written to AWS before it is checked
        ),
    ],
)
def test_the_most_pressing_comes_first(entries, expected):
    assert tasks(case_from_entries(CASE, entries), {INSTANCE: "eu-west-1"}) == expected


def test_without_its_region_no_command_is_made_up():
    entries = [FIRST, ACKNOWLEDGED, ANSWERED, entry(EntryKind.NOT_CONTAINED, 11, INSTANCE)]
    assert tasks(case_from_entries(CASE, entries), {})[0] == Task(TaskKind.CONTAIN, INSTANCE, ())
