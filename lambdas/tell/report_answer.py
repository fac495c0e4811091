"""Report answer: all admins learn that AWS was answered, by whom, and that the clock of the case has stopped."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from lambdas import case_table
from lambdas.domain.case.case import case_from_items
from lambdas.domain.case.timeline import TimelineEntry
from lambdas.domain.messages import CaseUpdate
from lambdas.domain.messages.reminders import answered
from lambdas.tell.admins import send_to_admins


def report_answer(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins about each case that the answer is for, as it is now."""
    words = []
    for answer in event["answers"]:
        entry = TimelineEntry.from_json(answer["entry"])
        case = case_from_items(answer["case"], case_table.read_items(answer["case"]))
        if case is None:
            raise LookupError(f"case {answer['case']} holds no notice")
        update = CaseUpdate(case, datetime.now(UTC), event["execution"])
        words.append(send_to_admins(partial(answered, update=update, entry=entry))["words"])
    return {"outcome": "done", "words": "; ".join(words)}
