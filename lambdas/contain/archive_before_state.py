"""Archive before-state: what the case keeps of the state before goes to the evidence, where nobody can overwrite it."""

import json
from typing import Any

from lambdas import case_table, evidence_bucket
from lambdas.domain.case.table_keys import BEFORE_PREFIX
from lambdas.domain.containment.before_state import record_sort_key
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import phrase, verbatim
from lambdas.step_result import done, skipped


def archive_before_state(event: dict[str, Any]) -> dict[str, Any]:
    """Put it below the case's name in the evidence bucket, once; done by a former try is done."""
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    items = case_table.read_items(case)
    sort = record_sort_key(BEFORE_PREFIX, instance.instance_id, items)
    if sort not in items:
        return skipped(phrase("before:none"))
    again = sort.removeprefix(f"{BEFORE_PREFIX}{instance.instance_id}").replace("#", "-")  # "-1" if contained again
    key = f"cases/{case}/{instance.instance_id}/before-state{again}.json"
    evidence_bucket.write_once(key, json.dumps(items[sort], indent=2).encode())
    return done(verbatim(evidence_bucket.address(key)), key=key)
