"""Verify protection: read back whether the instance and its volumes stay."""

from typing import Any

from lambdas.contain.instance_state import standing_now
from lambdas.domain.containment.protection import lacking, protection_of
from lambdas.domain.errors import NotProtected
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import said
from lambdas.step_result import done, refusal


def verify_protection(event: dict[str, Any]) -> dict[str, Any]:
    """Raise NotProtected unless AWS shows all that was asked for: it shows a change some moments late."""
    instance = Instance.from_json(event["instance"])
    now, asked = standing_now(instance), protection_of(instance)
    missing = lacking(asked, now)
    if missing:
        raise refusal(NotProtected, *missing, *asked.impossible)
    group = said("protect:lifecycle", lifecycle=now.lifecycle) if now.lifecycle else None
    return done(asked.said, group)
