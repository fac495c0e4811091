"""Note act: what an admin does about a case goes into its timeline, where it makes sense now."""

import os
from datetime import UTC, datetime
from typing import Any

from lambdas.domain.acts import Act, entry_of
from lambdas.domain.errors import UnknownCase
from lambdas.timeline import case_as_it_stands, note, noted


def note_act(event: dict[str, Any]) -> dict[str, Any]:
    """From `act`, the input of the desk's execution, to `{"case": id, "entry": the entry as JSON}`.

    Raises UnknownCase or NotPossibleNow with words for the admin. A step that runs again finds what it has noted.
    """
    act, once = Act.from_json(event["act"]), f"act#{event['execution']}"
    entry = noted(act.case, once)
    if entry is None:
        case = case_as_it_stands(act.case)
        if case is None:
            raise UnknownCase(f"there is no case {act.case}: `python -m desk cases` lists them")
        entry = entry_of(act, case, os.environ["ADMIN_ADDRESSES"].split(","), datetime.now(UTC))
        note(act.case, entry, once=once)
    return {"case": act.case, "entry": entry.to_json()}
