"""The timeline of a case in the case table: entries are added, and never changed."""

from lambdas import case_table
from lambdas.domain.case.case import Case, case_from_items
from lambdas.domain.case.table_keys import ENTRY_PREFIX
from lambdas.domain.case.timeline import TimelineEntry


def add_entry(case: str, entry: TimelineEntry, *, entry_id: str) -> None:
    """Add an entry once: `entry_id` names what happened in the case, so a repeated step adds nothing.

    lambdas/publish.py sends it from the table's stream, so a failing event bus stops no step.
    """
    case_table.write_once(case, f"{ENTRY_PREFIX}{entry_id}", entry.to_json())


def find_entry(case: str, entry_id: str) -> TimelineEntry | None:
    """The entry of this id, if there is one."""
    item = case_table.read_item(case, f"{ENTRY_PREFIX}{entry_id}")
    return TimelineEntry.from_json(item) if item else None


def load_case(case: str) -> Case | None:
    """The case from its timeline; None if it has no notice."""
    return case_from_items(case, case_table.read_items(case))
