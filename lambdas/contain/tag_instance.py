"""Tag instance: whoever looks at the instance sees which case holds it."""

from typing import Any

from lambdas.aws import client
from lambdas.contain.quarantine_holder import other_case_holding
from lambdas.domain.containment.quarantine import CASE_TAG, QUARANTINE, STATE_TAG
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import quoted, said
from lambdas.step_result import done, skipped


def tag_instance(event: dict[str, Any]) -> dict[str, Any]:
    """Tag an instance whose quarantine was read back; one that another case holds keeps that case's tag."""
    case, instance = event["case"]["id"], Instance.from_json(event["instance"])
    holder = other_case_holding(instance, case)
    if holder:
        return skipped(said("tag:kept", case=holder))
    client("ec2", instance.region, instance.account_id).create_tags(
        Resources=[instance.instance_id],
        Tags=[{"Key": CASE_TAG, "Value": case}, {"Key": STATE_TAG, "Value": QUARANTINE}],
    )
    return done(quoted(f"{CASE_TAG}={case}"))
