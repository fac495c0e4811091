"""The timeline of a case in the case table: entries are added, and never changed."""

from lambdas import case_table
from lambdas.domain.case.case import Case, case_from_items
from lambdas.domain.case.table_keys import ENTRY_PREFIX
from lambdas.domain.case.timeline import TimelineEntry


def add_entry(case: str, entry: TimelineEntry, *, once: str) -> None:
    """Add an entry. `once` names what happened within the case: a step that runs again adds nothing.

    The event bus hears of it from the table's stream (lambdas/publish.py): a bus that fails stops no step.
    """
    case_table.write_once(case, f"{ENTRY_PREFIX}{once}", entry.to_json())


def find_entry(case: str, once: str) -> TimelineEntry | None:
    """The entry that was added under this name, None where none was."""
    item = case_table.read_item(case, f"{ENTRY_PREFIX}{once}")
    return TimelineEntry.from_json(item) if item else None


def load_case(case: str) -> Case | None:
    """The case by its timeline; None where no notice has joined it."""
    return case_from_items(case, case_table.read_items(case))
