"""Record release: who released what and when goes into the case, and to what is known of the instance."""

from datetime import datetime
from typing import Any

from lambdas import case_table
from lambdas.domain.case.table_keys import INSTANCE_PREFIX, RELEASE_PREFIX, RELEASED_PREFIX
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.containment.outcome import result_phrase
from lambdas.domain.release import VERIFY
from lambdas.timeline import add_entry


def record_release(event: dict[str, Any]) -> dict[str, Any]:
    """Write one item for each instance that was read back as released; the same execution again writes the same.

    What counts from here on: the next containing in this case is a new one, and what AWS Health said of the instance
    before vouches for no mail any more.
    """
    case, execution = event["case"]["id"], event["execution"]
    items = case_table.read_items(case)
    recorded = []
    for released in event["released"]:
        verified = released["steps"].get(VERIFY, {})
        if verified.get("outcome") != "done":
            continue
        prefix = f"{RELEASE_PREFIX}{released['instance_id']}#"
        earlier = {sort: item["execution"] for sort, item in items.items() if sort.startswith(prefix)}
        again = [sort for sort, by in earlier.items() if by == execution]
        sort = again[0] if again else f"{prefix}{len(earlier) + 1}"
        case_table.write_once(
            case,
            sort,
            {
                "at": verified["at"],
                "by": event["by"],
                "force": event["force"],
                "execution": execution,
                "parts": verified["actions"],
            },
        )
        n = sort.removeprefix(prefix)
        case_table.write_once(
            f"{INSTANCE_PREFIX}{released['instance_id']}", f"{RELEASED_PREFIX}{case}#{n}", {"at": verified["at"]}
        )
        at, about = datetime.fromisoformat(verified["at"]), released["instance_id"]
        add_entry(
            case,
            TimelineEntry(
                at, EntryKind.RELEASED, event["by"], verified["words"], about, phrase=result_phrase(verified)
            ),
            entry_id=sort,
        )
        recorded.append(sort)
    return {"outcome": "done" if recorded else "skipped", "words": ", ".join(recorded) or "nothing was released"}
