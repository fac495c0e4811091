"""Verify release: read everything back. Only this step may say that an instance is released."""

from datetime import UTC, datetime
from typing import Any

from lambdas.domain.errors import NotReleased
from lambdas.domain.phrase import said
from lambdas.domain.release import Part, Verdict, withheld
from lambdas.release.put_back_part import planned_now, still
from lambdas.step_result import done, refusal, skipped


def verify_release(event: dict[str, Any]) -> dict[str, Any]:
    """Raise NotReleased unless all that could be put back stands as before.

    AWS shows a change some moments late, so the state machine asks again before it believes a no.
    """
    actions = planned_now(event, *Part)
    held = withheld(actions)
    if held:
        raise refusal(NotReleased, *map(still, held))
    as_before = [one for one in actions if one.verdict is Verdict.NOTHING]
    if not as_before:  # the instance is gone, or another case holds it
        return skipped(*(one.reason for one in actions))
    return done(
        said("release:verified", count=len(as_before), of=len(actions)),
        actions=[one.to_json() for one in actions],
        at=datetime.now(UTC).isoformat(),
    )
