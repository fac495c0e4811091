"""Write before-state: what the instance is like before anything is changed, once for each case and instance."""

import json
import os
from datetime import UTC, datetime
from typing import Any

from lambdas import casebook
from lambdas.aws import client
from lambdas.contain.holder import already_moved, other_case_holding
from lambdas.domain.instance import Instance


def write_before_state(event: dict[str, Any]) -> dict[str, Any]:
    """Write it to the evidence bucket and to the case. What was written first stays, and is what is returned.

    An instance that is in quarantine already, wholly or in part, gets no second before-state: it would show the
    quarantine, and releasing the instance would put it back there.
    """
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    holder = other_case_holding(instance, case)
    if holder:
        return {"outcome": "skipped", "words": f"in quarantine already: case {holder} keeps the state before"}
    key, sort = f"cases/{case}/{instance.instance_id}/before-state.json", f"before#{instance.instance_id}"
    moved = already_moved(instance)
    if moved and casebook.item(case, sort) is None:
        words = f"{', '.join(moved)} in quarantine already: an earlier case or CloudTrail shows the state before"
        return {"outcome": "failed", "words": words}
    before = casebook.write_once(
        case,
        sort,
        {"instance": instance.to_json(), "read_at": datetime.now(UTC).isoformat(), "evidence": key},
    )
    s3 = client("s3")
    try:
        s3.put_object(
            Bucket=os.environ["EVIDENCE_BUCKET"],
            Key=key,
            Body=json.dumps(before, indent=2).encode(),
            ContentType="application/json",
            IfNoneMatch="*",
        )
    except s3.exceptions.ClientError as error:
        # The object is there already: an earlier try, or an earlier notice of the case, wrote it.
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
    return {"outcome": "done", "words": f"s3://{os.environ['EVIDENCE_BUCKET']}/{key}", "instance": before["instance"]}
