"""Verify protection: read back whether the instance and its volumes stay."""

from typing import Any

from lambdas.contain.instance_state import read_protection_state
from lambdas.domain.containment.protection import missing_protection, protection_of
from lambdas.domain.errors import NotProtected
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import phrase
from lambdas.step_result import done, step_error


def verify_protection(event: dict[str, Any]) -> dict[str, Any]:
    """Raise NotProtected unless AWS shows all that was asked for: it shows a change some moments late."""
    instance = Instance.from_json(event["instance"])
    now, asked = read_protection_state(instance), protection_of(instance)
    missing = missing_protection(asked, now)
    if missing:
        raise step_error(NotProtected, *missing, *asked.unsupported)
    group = phrase("protect:lifecycle", lifecycle=now.lifecycle) if now.lifecycle else None
    return done(asked.phrase, group)
