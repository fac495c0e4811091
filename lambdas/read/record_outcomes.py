"""Record outcomes: what was decided and done goes into the case, so that a follow-up knows it."""

from typing import Any

from lambdas import casebook


def record_outcomes(event: dict[str, Any]) -> None:
    """Write one item for each instance; the same outcome again changes nothing."""
    mail = event["arrival"]["key"]
    for outcome in event["outcomes"]:
        decision = outcome["decision"]
        casebook.write(
            event["case"]["id"],
            f"outcome#{mail}#{decision['instance_id']}",
            {**decision, "mail": mail, "message_id": event["notice"]["message_id"], "steps": outcome["steps"]},
        )
