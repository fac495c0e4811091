"""Plan release: what an admin asks to be put back, as it stands now. Changes nothing."""

from typing import Any

from lambdas.release_plan import release_plan


def plan_release(event: dict[str, Any]) -> list[dict[str, Any]]:
    """One plan for each instance, as `release_plan` makes it; its errors are what the person at the desk is told."""
    return release_plan(event["case"]["id"], event["instances"], force=event["force"])
