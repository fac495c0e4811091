"""Verify quarantine: read back from EC2 whether the instance is contained. Only this step may say so."""

from datetime import UTC, datetime
from typing import Any

from lambdas.contain.interfaces import interfaces_of
from lambdas.contain.quarantine_group import groups_of_ours
from lambdas.domain.containment.quarantine import leaks
from lambdas.domain.errors import NotQuarantined
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import said
from lambdas.step_result import done, refusal


def verify_quarantine(event: dict[str, Any]) -> dict[str, Any]:
    """Raise NotQuarantined unless every interface carries exactly the quarantine group and that has no rule.

    EC2 shows a change some moments late, so the state machine asks again before it believes a no.
    """
    instance = Instance.from_json(event["instance"])
    groups = groups_of_ours(instance)
    if not groups:
        raise refusal(NotQuarantined, said("quarantine:no_group_in", vpc=instance.vpc_id))
    attached = interfaces_of(instance)
    reasons = leaks(attached, groups[0])
    if reasons:
        raise refusal(NotQuarantined, *reasons)
    return done(
        said("quarantine:holds", count=len(attached), group=groups[0]["GroupId"]),
        interfaces=[{"id": one.interface_id, "groups": list(one.groups)} for one in attached],
        at=datetime.now(UTC).isoformat(),
    )
