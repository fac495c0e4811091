"""File before-state: what the case keeps of the state before goes to the evidence, where nobody can overwrite it."""

import json
import os
from typing import Any

from lambdas import casebook
from lambdas.aws import client
from lambdas.domain.before import kept_under
from lambdas.domain.instance import Instance


def file_before_state(event: dict[str, Any]) -> dict[str, Any]:
    """Put it below the case's name in the evidence bucket, once; done by a former try is done."""
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    items = casebook.items(case)
    sort = kept_under("before", instance.instance_id, items)
    if sort not in items:
        return {"outcome": "skipped", "words": "the case keeps no state before of this instance"}
    again = sort.removeprefix(f"before#{instance.instance_id}").replace("#", "-")  # of a second containing: "-1"
    key = f"cases/{case}/{instance.instance_id}/before-state{again}.json"
    s3 = client("s3")
    try:
        s3.put_object(
            Bucket=os.environ["EVIDENCE_BUCKET"],
            Key=key,
            Body=json.dumps(items[sort], indent=2).encode(),
            ContentType="application/json",
            IfNoneMatch="*",
        )
    except s3.exceptions.ClientError as error:
        # The object is there already: an earlier try, or an earlier notice of the case, wrote it.
        if error.response["Error"]["Code"] != "PreconditionFailed":
            raise
    return {"outcome": "done", "words": f"s3://{os.environ['EVIDENCE_BUCKET']}/{key}"}
