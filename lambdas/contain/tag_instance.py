"""Tag instance: anyone who looks at the instance sees which case holds it."""

from typing import Any

from lambdas.contain.quarantine_holder import case_holding
from lambdas.domain.instance.instance import Instance
from lambdas.domain.instance.tags import CASE_TAG, QUARANTINE, STATE_TAG
from lambdas.domain.phrase import phrase, verbatim
from lambdas.instance_clients import client_for
from lambdas.step_result import done, skipped


def tag_instance(event: dict[str, Any]) -> dict[str, Any]:
    """Tag an instance whose quarantine was read back. An instance that another case holds keeps that case's tag."""
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    holder = case_holding(instance, case)
    if holder:
        return skipped(phrase("tag:kept", case=holder))
    client_for(instance, "ec2").create_tags(
        Resources=[instance.instance_id],
        Tags=[{"Key": CASE_TAG, "Value": case}, {"Key": STATE_TAG, "Value": QUARANTINE}],
    )
    return done(verbatim(f"{CASE_TAG}={case}"))
