"""How long a question waits, and what silence means: nothing that is not proven, or protected, is contained by it."""

from datetime import timedelta
from itertools import product

import pytest

from lambdas.domain.case.case import case_from_entries
from lambdas.domain.case.clock import MAX_WAIT
from lambdas.domain.case.question import (
    MIN_WAIT,
    TimeoutAction,
    action_after_timeout,
    decision_deadline,
    execution_name_for,
)
from lambdas.domain.case.timeline import EntryKind
from lambdas.domain.settings.settings import UnansweredPolicy
from tests.domain.case.test_case import FIRST, RESOLVED, entry, hours
from tests.samples import CASE, INSTANCE

WAITS = entry(EntryKind.ASKED, 1, INSTANCE)


@pytest.mark.parametrize(
    ("deadline", "now", "decide_hours", "expected"),
    [
        (24, 1, 2, hours(22)),
        (24, 1, 0.25, hours(23.75)),
        (24, 22.5, 2, hours(22.5) + MIN_WAIT),  # so near the deadline there is time to read it
        (24, 30, 2, hours(30) + MIN_WAIT),
        (24 * 365, 1, 2, hours(1) + MAX_WAIT),
    ],
)
def test_it_waits_until_some_hours_before_the_deadline(deadline, now, decide_hours, expected):
    assert decision_deadline(hours(deadline), hours(now), decide_hours) == expected


@pytest.mark.parametrize(
    ("proven", "protected", "setting"), list(product((True, False), (True, False), UnansweredPolicy))
)
def test_silence_contains_only_what_is_proven_and_not_protected_where_the_settings_say_so(proven, protected, setting):
    case = case_from_entries(CASE, [FIRST, WAITS])
    said = action_after_timeout(case, INSTANCE, setting, proven=proven, protected=protected, newest=True)
    may = setting is UnansweredPolicy.CONTAIN and proven and not protected
    assert said is (TimeoutAction.CONTAIN if may else TimeoutAction.ESCALATE)


@pytest.mark.parametrize("setting", UnansweredPolicy)
@pytest.mark.parametrize(
    ("after", "newest", "expected"),
    [
        ([], False, TimeoutAction.END),  # a later notice has asked again
        ([entry(EntryKind.APPROVED, 2, INSTANCE)], True, TimeoutAction.END),
        ([entry(EntryKind.DECLINED, 2, INSTANCE)], True, TimeoutAction.END),
        ([entry(EntryKind.CONTAINED, 2, INSTANCE)], True, TimeoutAction.END),
        ([RESOLVED], True, TimeoutAction.END),
        ([entry(EntryKind.CLOSED, 2)], True, TimeoutAction.END),
        ([entry(EntryKind.ANSWERED, 2)], True, TimeoutAction.END),
        ([entry(EntryKind.ACKNOWLEDGED, 2)], True, None),  # somebody is on it, and has not decided
        ([entry(EntryKind.UNDECIDED, 22, INSTANCE)], True, None),  # the step runs again
    ],
)
def test_what_was_decided_or_has_ended_needs_nothing(after, newest, expected, setting):
    case = case_from_entries(CASE, [FIRST, WAITS, *after])
    said = action_after_timeout(case, INSTANCE, setting, proven=True, protected=False, newest=newest)
    assert said is (
        expected or (TimeoutAction.CONTAIN if setting is UnansweredPolicy.CONTAIN else TimeoutAction.ESCALATE)
    )


def test_the_name_of_a_run_is_the_act_s_and_fits():
    name = execution_name_for(INSTANCE, f"arn:aws:states:eu-central-1:1:execution:desk:{'x' * 80}")
    assert len(name) == 80
    assert name.startswith(f"{INSTANCE}-xxx")
    assert timedelta(0) < MIN_WAIT
