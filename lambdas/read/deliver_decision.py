"""Deliver decision: an admin's decision goes to the execution that waits for it."""

from typing import Any

from lambdas.domain.case.question import execution_name_for
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.read.questions import answer_question, newest_arrival_about


def deliver_decision(event: dict[str, Any]) -> dict[str, Any]:
    """From `noted`, an approval or a refusal, to `{"contain": None}`, or what "respond" must be started with.

    An approval also counts if no question is waiting for it. The name comes from the admin's action, so both ways to
    contain, and a repeated step, start one execution.
    """
    case, entry = event["noted"]["case"], TimelineEntry.from_json(event["noted"]["entry"])
    approved, name = entry.kind is EntryKind.APPROVED, execution_name_for(entry.resource, event["execution"])
    if answer_question(case, entry.resource, {"approved": approved, "by": entry.actor, "name": name}) or not approved:
        return {"contain": None}
    arrival = newest_arrival_about(case, entry.resource)
    return {"contain": {"name": name, "input": {"arrival": arrival, "approved": [entry.resource]}}}
