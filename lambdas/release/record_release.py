"""Record release: who released what and when, in the case and in the history of the instance."""

from datetime import datetime
from typing import Any

from lambdas import case_table
from lambdas.domain.case.table_keys import INSTANCE_PREFIX, RELEASE_PREFIX, RELEASED_PREFIX
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.containment.outcome import result_phrase
from lambdas.domain.release import VERIFY
from lambdas.timeline import add_entry


def record_release(event: dict[str, Any]) -> dict[str, Any]:
    """Record each instance that was read back as released. A retry of the same execution writes the same item.

    From now on the next containment in this case is a new one, and what AWS Health reported of the instance before
    no longer vouches for a mail.
    """
    case, execution = event["case"]["id"], event["execution"]
    items = case_table.read_items(case)
    recorded = []
    for released in event["released"]:
        verified, instance_id = released["steps"].get(VERIFY, {}), released["instance_id"]
        if verified.get("outcome") != "done":
            continue
        prefix = f"{RELEASE_PREFIX}{instance_id}#"
        earlier = {sort: item["execution"] for sort, item in items.items() if sort.startswith(prefix)}
        again = [sort for sort, by in earlier.items() if by == execution]
        sort = again[0] if again else f"{prefix}{len(earlier) + 1}"
        item = {"at": verified["at"], "by": event["by"], "force": event["force"], "execution": execution}
        case_table.write_once(case, sort, {**item, "parts": verified["actions"]})
        name = f"{RELEASED_PREFIX}{case}#{sort.removeprefix(prefix)}"
        case_table.write_once(f"{INSTANCE_PREFIX}{instance_id}", name, {"at": verified["at"]})
        at, words, reason = datetime.fromisoformat(verified["at"]), verified["words"], result_phrase(verified)
        entry = TimelineEntry(at, EntryKind.RELEASED, event["by"], words, instance_id, phrase=reason)
        add_entry(case, entry, entry_id=sort)
        recorded.append(sort)
    return {"outcome": "done" if recorded else "skipped", "words": ", ".join(recorded) or "nothing was released"}
