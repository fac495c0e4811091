"""The clocks that a notice starts: one for each case that waits for an answer, named after case and deadline."""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

from lambdas.domain.case.clock import clock_name, schedule_reminders
from lambdas.domain.settings.function_config import ReadConfig
from lambdas.load_config import load_config
from lambdas.timeline import load_case


def clocks(cases: Iterable[str], received_at: datetime) -> Iterator[dict[str, Any]]:
    """What "Start clock" starts for these cases, which a notice received at `received_at` has joined.

    Nothing for a case whose clock has stopped, or if all its moments have passed.
    """
    config = load_config(ReadConfig)
    for name in cases:
        case = load_case(name)
        if case is None or case.deadline is None or not case.is_running:
            continue
        reminders = schedule_reminders(
            case.deadline.at,
            received_at,
            datetime.now(UTC),
            config.remind_hours,
            config.acknowledge_minutes,
        )
        if reminders:
            yield {
                "name": clock_name(name, case.deadline.at),
                "case": name,
                "deadline": case.deadline.at.isoformat(),
                "moments": [moment.to_json() for moment in reminders],
            }
