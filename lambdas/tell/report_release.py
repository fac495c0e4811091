"""Report release: tell all admins who released what, as read back, and what was left and why."""

from typing import Any

from lambdas.domain.containment.outcome import failure_phrases
from lambdas.domain.messages.release import release_report
from lambdas.domain.release import CompletedRelease, ReleaseResult
from lambdas.tell.admins import send_to_admins


def report_release(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins what became of each instance, and every failure by its name."""
    results = tuple(map(ReleaseResult.from_json, event["released"]))
    known = {result.instance_id for result in results}
    release = CompletedRelease(
        case=event["case"]["id"],
        by=event["by"],
        execution=event["execution"],
        results=results,
        unknown=tuple(name for name in event["instances"] if name not in known),
        failures=failure_phrases(event["failures"]),
    )
    return send_to_admins(lambda language: release_report(language, release))
