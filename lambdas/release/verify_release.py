"""Verify release: read everything back. Only this step may say that an instance is released."""

from datetime import UTC, datetime
from typing import Any

from lambdas.domain.errors import NotReleased
from lambdas.domain.phrase import phrase
from lambdas.domain.release import ReleasePart, ReleaseVerdict, blocking_actions
from lambdas.release.put_back_part import plan_parts, still_different
from lambdas.step_result import done, skipped, step_error


def verify_release(event: dict[str, Any]) -> dict[str, Any]:
    """Raise NotReleased unless all that could be put back stands as before.

    AWS shows a change some moments late, so the state machine asks again before it believes a no.
    """
    actions = plan_parts(event, *ReleasePart)
    held = blocking_actions(actions)
    if held:
        raise step_error(NotReleased, *map(still_different, held))
    as_before = [action for action in actions if action.verdict is ReleaseVerdict.NOTHING]
    if not as_before:  # the instance is gone, or another case holds it
        return skipped(*(action.reason for action in actions))
    return done(
        phrase("release:verified", count=len(as_before), of=len(actions)),
        actions=[action.to_json() for action in actions],
        at=datetime.now(UTC).isoformat(),
    )
