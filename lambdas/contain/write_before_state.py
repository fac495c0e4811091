"""Write before-state: what the instance is like before anything is changed, once for each containing of it."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

from lambdas import case_table
from lambdas.contain.instance_state import read_before_state
from lambdas.contain.quarantine_holder import case_holding, quarantined_interfaces
from lambdas.domain.case.table_keys import BEFORE_PREFIX, OUTCOME_PREFIX, RELEASE_PREFIX
from lambdas.domain.containment.before_state import record_sort_key
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.domain.policy import Verdict
from lambdas.step_result import done, failed, skipped


def write_before_state(event: dict[str, Any]) -> dict[str, Any]:
    """Write it to the case. What was written first stays, and is what is returned as `before`.

    An instance that is in quarantine already, wholly or in part, gets no second before-state: it would show the
    quarantine, and releasing the instance would put it back there.
    """
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    with ThreadPoolExecutor(max_workers=4) as pool:  # nothing waits for another: the quarantine waits for all
        known, holding = pool.submit(case_table.read_items, case), pool.submit(case_holding, instance, case)
        moving, standing = pool.submit(quarantined_interfaces, instance), pool.submit(read_before_state, instance)
    holder, moved, items = holding.result(), moving.result(), known.result()
    if holder:
        return skipped(phrase("before:held", case=holder))
    sort = record_sort_key(BEFORE_PREFIX, instance.instance_id, items)
    if sort not in items and (moved or _was_changed(instance.instance_id, items)):
        return failed(phrase("before:moved", interfaces=moved) if moved else phrase("before:changed"))
    before = standing.result()
    written = case_table.write_once(case, sort, {"before": before.to_json(), "read_at": datetime.now(UTC).isoformat()})
    return done(phrase("before:kept", at=written["read_at"]), *_unread(written), before=written["before"])


def _was_changed(instance_id: str, items: Mapping[str, Any]) -> bool:
    """Whether containing was tried before in this case, and the state before could not be written then.

    What stands now has our protection, and no credentials. After a release it stands as before again.
    """
    released = any(sort.startswith(f"{RELEASE_PREFIX}{instance_id}#") for sort in items)
    tried = any(
        sort.startswith(OUTCOME_PREFIX) and sort.endswith(f"#{instance_id}") and item["verdict"] == Verdict.CONTAIN
        for sort, item in items.items()
    )
    return tried and not released


def _unread(written: dict[str, Any]) -> list[Phrase]:
    return [phrase("before:unread", part=part, why=verbatim(why)) for part, why in written["before"]["unread"].items()]
