"""The clocks that a notice sets: one for each case that waits for an answer, named by the case and its deadline."""

import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from lambdas.domain.case.clock import clock_name, schedule_reminders
from lambdas.timeline import load_case


def clocks(cases: Iterable[str], told_at: datetime) -> Iterator[dict[str, Any]]:
    """What "Start clock" starts for these cases, which a notice has joined that came in at `told_at`.

    Nothing for a case whose clock has stopped, and nothing where no moment lies ahead.
    """
    minutes = os.environ["ACKNOWLEDGE_MINUTES"]
    for one in cases:
        case = load_case(one)
        if case is None or case.deadline is None or not case.is_running:
            continue
        ahead = schedule_reminders(
            case.deadline.at,
            told_at,
            datetime.now(UTC),
            [float(hours) for hours in filter(None, os.environ["REMIND_HOURS"].split(","))],
            int(minutes) if minutes else None,
        )
        if ahead:
            yield {
                "name": clock_name(one, case.deadline.at),
                "case": one,
                "deadline": case.deadline.at.isoformat(),
                "moments": [moment.to_json() for moment in ahead],
            }
