"""The timeline of a case in the case table: entries are added, and never changed."""

from lambdas import casebook
from lambdas.domain.case_file import CaseFile, case_file
from lambdas.domain.timeline import Entry

_PREFIX = "event#"


def note(case: str, entry: Entry, *, once: str) -> None:
    """Add an entry. `once` names what happened within the case: a step that runs again adds nothing."""
    casebook.write_once(case, f"{_PREFIX}{once}", entry.to_json())


def case_as_it_stands(case: str) -> CaseFile | None:
    """The case by its timeline; None where no notice has joined it."""
    return case_from(case, casebook.items(case))


def case_from(case: str, items: dict[str, dict[str, object]]) -> CaseFile | None:
    """As `case_as_it_stands`, from the items of the case."""
    entries = [Entry.from_json(item) for sort, item in items.items() if sort.startswith(_PREFIX)]
    return case_file(case, entries) if any(entry.what == "notice" for entry in entries) else None
