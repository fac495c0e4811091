"""The timeline of a case in the case table: entries are added, and never changed."""

from lambdas import case_table
from lambdas.domain.case.case import Case, case_from_items
from lambdas.domain.case.table_keys import ENTRY_PREFIX, NOTICE_PREFIX
from lambdas.domain.case.timeline import TimelineEntry
from lambdas.domain.intake.notice import Notice, Proof


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


def load_notices(case: str) -> list[tuple[Notice, Proof]]:
    """The notices of a case, each with its proof."""
    items = case_table.read_items(case).items()
    notices = [item for sort, item in items if sort.startswith(NOTICE_PREFIX)]
    return [(Notice.from_json(item["notice"]), Proof.from_json(item["proof"])) for item in notices]
