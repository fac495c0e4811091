"""File before-state: what the case keeps of the state before goes to the evidence, where nobody can overwrite it."""

import json
from typing import Any

from lambdas import case_table as casebook
from lambdas import evidence_bucket as evidence
from lambdas.domain.containment.before_state import kept_under
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import quoted, said
from lambdas.step_result import done, skipped


def file_before_state(event: dict[str, Any]) -> dict[str, Any]:
    """Put it below the case's name in the evidence bucket, once; done by a former try is done."""
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    items = casebook.items(case)
    sort = kept_under("before", instance.instance_id, items)
    if sort not in items:
        return skipped(said("before:none"))
    again = sort.removeprefix(f"before#{instance.instance_id}").replace("#", "-")  # of a second containing: "-1"
    key = f"cases/{case}/{instance.instance_id}/before-state{again}.json"
    evidence.write_once(key, json.dumps(items[sort], indent=2).encode())
    return done(quoted(evidence.address(key)), key=key)
