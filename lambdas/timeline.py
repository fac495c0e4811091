"""The timeline of a case in the case table: entries are added, and never changed."""

from lambdas import casebook
from lambdas.domain.case_file import ENTRY, CaseFile, case_from
from lambdas.domain.timeline import Entry


def note(case: str, entry: Entry, *, once: str) -> None:
    """Add an entry. `once` names what happened within the case: a step that runs again adds nothing."""
    casebook.write_once(case, f"{ENTRY}{once}", entry.to_json())


def case_as_it_stands(case: str) -> CaseFile | None:
    """The case by its timeline; None where no notice has joined it."""
    return case_from(case, casebook.items(case))
