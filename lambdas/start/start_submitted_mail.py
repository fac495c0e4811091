"""Start submitted mail: an admin has stored a mail and asks for it to be handled."""

from datetime import UTC, datetime
from typing import Any

from lambdas.domain.intake.arrival import submitted_arrival
from lambdas.domain.settings.function_config import StartConfig
from lambdas.load_config import load_config
from lambdas.start.take_in import start_execution


def start_submitted_mail(event: dict[str, Any]) -> dict[str, str]:
    """From `mail`, its SHA-256 in hex, to the execution's name; the same mail again is the same execution.

    The admin names a hash and nothing else, so no verdict of SES and no event of AWS Health can come in here.
    Raises UnknownArrival for any other name.
    """
    arrival = submitted_arrival(event["mail"], load_config(StartConfig).mail_bucket, datetime.now(UTC))
    start_execution(arrival)
    return {"execution_name": arrival.execution_name}
