"""How long a question waits, and what silence means: nothing that is not proven, or protected, is contained by it."""

from datetime import timedelta
from itertools import product

import pytest

from lambdas.domain.case.case import case_file
from lambdas.domain.case.clock import LONGEST
from lambdas.domain.case.question import LEAST, Next, after_silence, run_name, until
from lambdas.domain.case.timeline import What
from lambdas.domain.settings.settings import Unanswered
from tests.domain.case.test_case import FIRST, RESOLVED, entry, hours
from tests.samples import CASE, INSTANCE

WAITS = entry(What.ASKED, 1, INSTANCE)


@pytest.mark.parametrize(
    ("deadline", "now", "decide_hours", "expected"),
    [
        (24, 1, 2, hours(22)),
        (24, 1, 0.25, hours(23.75)),
        (24, 22.5, 2, hours(22.5) + LEAST),  # so near the deadline there is time to read it
        (24, 30, 2, hours(30) + LEAST),
        (24 * 365, 1, 2, hours(1) + LONGEST),
    ],
)
def test_it_waits_until_some_hours_before_the_deadline(deadline, now, decide_hours, expected):
    assert until(hours(deadline), hours(now), decide_hours) == expected


@pytest.mark.parametrize(("proven", "protected", "setting"), list(product((True, False), (True, False), Unanswered)))
def test_silence_contains_only_what_is_proven_and_not_protected_where_the_settings_say_so(proven, protected, setting):
    case = case_file(CASE, [FIRST, WAITS])
    said = after_silence(case, INSTANCE, setting, proven=proven, protected=protected, newest=True)
    may = setting is Unanswered.CONTAIN and proven and not protected
    assert said is (Next.CONTAIN if may else Next.ESCALATE)


@pytest.mark.parametrize("setting", Unanswered)
@pytest.mark.parametrize(
    ("after", "newest", "expected"),
    [
        ([], False, Next.END),  # a later notice has asked again
        ([entry(What.APPROVED, 2, INSTANCE)], True, Next.END),
        ([entry(What.DECLINED, 2, INSTANCE)], True, Next.END),
        ([entry(What.CONTAINED, 2, INSTANCE)], True, Next.END),
        ([RESOLVED], True, Next.END),
        ([entry(What.CLOSED, 2)], True, Next.END),
        ([entry(What.ANSWERED, 2)], True, Next.END),
        ([entry(What.ACKNOWLEDGED, 2)], True, None),  # somebody is on it, and has not decided
        ([entry(What.UNDECIDED, 22, INSTANCE)], True, None),  # the step runs again
    ],
)
def test_what_was_decided_or_has_ended_needs_nothing(after, newest, expected, setting):
    case = case_file(CASE, [FIRST, WAITS, *after])
    said = after_silence(case, INSTANCE, setting, proven=True, protected=False, newest=newest)
    assert said is (expected or (Next.CONTAIN if setting is Unanswered.CONTAIN else Next.ESCALATE))


def test_the_name_of_a_run_is_the_act_s_and_fits():
    name = run_name(INSTANCE, f"arn:aws:states:eu-central-1:1:execution:desk:{'x' * 80}")
    assert len(name) == 80
    assert name.startswith(f"{INSTANCE}-xxx")
    assert timedelta(0) < LEAST
