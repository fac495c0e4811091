"""The clocks that a notice sets: one for each case that waits for an answer, named by the case and its deadline."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from lambdas.domain.case.clock import clock_name, schedule_reminders
from lambdas.domain.settings.function_config import ReadConfig
from lambdas.load_config import load_config
from lambdas.timeline import load_case


def clocks(cases: Iterable[str], told_at: datetime) -> Iterator[dict[str, Any]]:
    """What "Start clock" starts for these cases, which a notice has joined that came in at `told_at`.

    Nothing for a case whose clock has stopped, and nothing where no moment lies ahead.
    """
    config = load_config(ReadConfig)
    for name in cases:
        case = load_case(name)
        if case is None or case.deadline is None or not case.is_running:
            continue
        ahead = schedule_reminders(
            case.deadline.at,
            told_at,
            datetime.now(UTC),
            config.remind_hours,
            config.acknowledge_minutes,
        )
        if ahead:
            yield {
                "name": clock_name(name, case.deadline.at),
                "case": name,
                "deadline": case.deadline.at.isoformat(),
                "moments": [moment.to_json() for moment in ahead],
            }
