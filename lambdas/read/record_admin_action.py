"""Note act: what an admin does about a case goes into its timeline, where it makes sense now."""

import os
from datetime import UTC, datetime
from typing import Any

from lambdas.domain.case.admin_action import Act, entry_of
from lambdas.domain.case.identity import named
from lambdas.domain.errors import UnknownCase
from lambdas.timeline import case_as_it_stands, note, noted


def note_act(event: dict[str, Any]) -> dict[str, Any]:
    """From `act`, the input of the desk's execution, to `{"case": id, "entry": the entry as JSON}`.

    Raises UnknownCase or NotPossibleNow with words for the admin. A step that runs again finds what it has noted.
    """
    act, once = Act.from_json(event["act"]), f"act#{event['execution']}"
    case = case_as_it_stands(act.case) or case_as_it_stands(named(act.case))
    if case is None:
        raise UnknownCase(f"there is no case {act.case}: `python -m desk cases` lists them")
    entry = noted(case.id, once)
    if entry is None:
        entry = entry_of(act, case, os.environ["ADMIN_ADDRESSES"].split(","), datetime.now(UTC))
        note(case.id, entry, once=once)
    return {"case": case.id, "entry": entry.to_json()}
