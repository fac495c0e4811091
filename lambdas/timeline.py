"""The timeline of a case in the case table: entries are added, and never changed."""

from lambdas import case_table as casebook
from lambdas.domain.case.case import ENTRY, CaseFile, case_from
from lambdas.domain.case.timeline import Entry


def note(case: str, entry: Entry, *, once: str) -> None:
    """Add an entry. `once` names what happened within the case: a step that runs again adds nothing.

    The event bus hears of it from the table's stream (lambdas/publish.py): a bus that fails stops no step.
    """
    casebook.write_once(case, f"{ENTRY}{once}", entry.to_json())


def noted(case: str, once: str) -> Entry | None:
    """The entry that was added under this name, None where none was."""
    item = casebook.item(case, f"{ENTRY}{once}")
    return Entry.from_json(item) if item else None


def case_as_it_stands(case: str) -> CaseFile | None:
    """The case by its timeline; None where no notice has joined it."""
    return case_from(case, casebook.items(case))
