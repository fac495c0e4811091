"""Remove tags: the instance no longer says that a case contains it."""

from typing import Any

from lambdas.domain.phrase import phrase
from lambdas.domain.release import ReleasePart, blocking_actions
from lambdas.release.put_back_part import plan_parts, put_back
from lambdas.step_result import skipped


def remove_tags(event: dict[str, Any]) -> dict[str, Any]:
    """Take our two tags off, or give them the value that they had; a value that is not ours stays.

    While an interface is in quarantine, the tags must show which case contains the instance.
    """
    closed = blocking_actions(plan_parts(event, ReleasePart.NETWORK))
    if closed:
        return skipped(phrase("release:network_first", what=[action.what for action in closed]))
    return put_back(event, ReleasePart.TAGS)
