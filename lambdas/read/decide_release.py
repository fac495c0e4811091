"""Decide release: AWS says that its notice was sent in error; may what the case holds be put back without an admin?"""

from typing import Any

from lambdas.aws import member_accounts
from lambdas.domain.intake.arrival import Arrival
from lambdas.domain.intake.notice import Notice, Proof
from lambdas.domain.release import instances_to_release, release_doubts
from lambdas.timeline import load_case


def decide_release(event: dict[str, Any]) -> dict[str, Any]:
    """From `plans` to the `instances` that are released now, and the `doubts` for which they are left to an admin.

    There are instances or doubts, never both; neither where the case holds nothing that the notice speaks of.
    """
    notice, proof = Notice.from_json(event["notice"]), Proof.from_json(event["proof"])
    instances = instances_to_release([plan["instance_id"] for plan in event["plans"]], notice)
    case = load_case(event["case"]["id"])
    if case is None or not instances:
        return {"instances": [], "doubts": []}
    found = release_doubts(
        case,
        notice,
        proof,
        instances,
        received_at=Arrival.from_json(event["arrival"]).received_at,
        accounts=(event["account_id"], *member_accounts()),
    )
    return {"instances": [] if found else list(instances), "doubts": [doubt.value for doubt in found]}
