"""Verify quarantine: read back from EC2 whether the instance is contained. Only this step may say so."""

from datetime import UTC, datetime
from typing import Any

from lambdas.contain.interfaces import read_interfaces
from lambdas.contain.quarantine_group import read_quarantine_groups
from lambdas.domain.containment.quarantine import quarantine_violations
from lambdas.domain.errors import NotQuarantined
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import phrase
from lambdas.step_result import done, step_error


def verify_quarantine(event: dict[str, Any]) -> dict[str, Any]:
    """Raise NotQuarantined unless every interface carries exactly the quarantine group and that has no rule.

    EC2 shows a change some moments late, so the state machine asks again before it believes a no.
    """
    instance = Instance.from_json(event["instance"])
    groups = read_quarantine_groups(instance)
    if not groups:
        raise step_error(NotQuarantined, phrase("quarantine:no_group_in", vpc=instance.vpc_id))
    attached = read_interfaces(instance)
    reasons = quarantine_violations(attached, groups[0])
    if reasons:
        raise step_error(NotQuarantined, *reasons)
    return done(
        phrase("quarantine:holds", count=len(attached), group=groups[0]["GroupId"]),
        interfaces=[{"id": one.interface_id, "groups": list(one.groups)} for one in attached],
        at=datetime.now(UTC).isoformat(),
    )
