"""Record admin action: what an admin does about a case goes into its timeline, if it is possible now."""

from datetime import UTC, datetime
from typing import Any

from lambdas.domain.case.admin_action import AdminAction, entry_for
from lambdas.domain.case.identity import case_id_of
from lambdas.domain.errors import UnknownCase
from lambdas.domain.settings.function_config import ReadConfig
from lambdas.load_config import load_config
from lambdas.timeline import add_entry, find_entry, load_case


def record_admin_action(event: dict[str, Any]) -> dict[str, Any]:
    """From `act`, the input of the desk's execution, to `{"case": id, "entry": the entry as JSON}`.

    Raises UnknownCase or NotPossibleNow with a message for the admin. A repeated step finds the entry it has written.
    """
    act, entry_id = AdminAction.from_json(event["act"]), f"act#{event['execution']}"
    case = load_case(act.case) or load_case(case_id_of(act.case))
    if case is None:
        raise UnknownCase(f"there is no case {act.case}: `python -m desk cases` lists them")
    entry = find_entry(case.id, entry_id)
    if entry is None:
        entry = entry_for(act, case, load_config(ReadConfig).admin_addresses, datetime.now(UTC))
        add_entry(case.id, entry, entry_id=entry_id)
    return {"case": case.id, "entry": entry.to_json()}
