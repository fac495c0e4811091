"""Report answer: all admins learn that AWS was answered, by whom, and that the clock of the case has stopped."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from lambdas import case_table as casebook
from lambdas.domain.case.case import case_from
from lambdas.domain.case.timeline import Entry
from lambdas.domain.messages import Update, Voice
from lambdas.tell.admins import tell


def report_answer(event: dict[str, Any]) -> dict[str, Any]:
    """Tell of each case that the answer is for, as it stands now."""
    words = []
    for answer in event["answers"]:
        entry = Entry.from_json(answer["entry"])
        case = case_from(answer["case"], casebook.items(answer["case"]))
        if case is None:
            raise LookupError(f"case {answer['case']} holds no notice")
        update = Update(case, datetime.now(UTC), event["execution"])
        words.append(tell(partial(Voice.answered, update=update, entry=entry))["words"])
    return {"outcome": "done", "words": "; ".join(words)}
