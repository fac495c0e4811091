"""Preview release: what a release of the case would put back now. It changes nothing."""

from typing import Any

from lambdas.domain.errors import NothingToRelease
from lambdas.release_plan import release_plan


def preview_release(event: dict[str, Any]) -> list[dict[str, Any]]:
    """One `{"instance_id": …, "actions": […]}` for each instance that the case still holds."""
    try:
        planned = release_plan(event["case"]["id"])
    except NothingToRelease:  # nothing was contained, or everything is released
        return []
    return [{name: plan[name] for name in ("instance_id", "actions")} for plan in planned]
