"""Verify quarantine: read back from EC2 whether the instance is contained. Only this step may say so."""

from datetime import UTC, datetime
from typing import Any

from lambdas.domain.containment.quarantine import quarantine_violations
from lambdas.domain.errors import NotQuarantined
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import phrase
from lambdas.instance_clients import reader_of
from lambdas.step_result import done, step_error


def verify_quarantine(event: dict[str, Any]) -> dict[str, Any]:
    """Raise NotQuarantined unless every interface has exactly the quarantine group, and that has no rule.

    EC2 shows a change some moments late, so the state machine retries before it believes a failure.
    """
    instance = Instance.from_json(event["instance"])
    reader = reader_of(instance)
    groups = reader.quarantine_groups()
    if not groups:
        raise step_error(NotQuarantined, phrase("quarantine:no_group_in", vpc=instance.vpc_id))
    attached = reader.interfaces()
    reasons = quarantine_violations(attached, groups[0])
    if reasons:
        raise step_error(NotQuarantined, *reasons)
    return done(
        phrase("quarantine:holds", count=len(attached), group=groups[0]["GroupId"]),
        interfaces=[{"id": interface.interface_id, "groups": list(interface.groups)} for interface in attached],
        at=datetime.now(UTC).isoformat(),
    )
