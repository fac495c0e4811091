"""Report to admins: what was done as read back, what was not and why, what to do now."""

from typing import Any

from lambdas import case_table as casebook
from lambdas.domain.containment.before_state import Before
from lambdas.domain.containment.outcome import outcome_from, trouble
from lambdas.domain.release import Action, Doubt, Offer
from lambdas.tell.admins import tell
from lambdas.tell.notice_context import matter_from


def report_to_admins(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins the outcome of each instance, and every failure by its name."""
    matter = matter_from(event)
    outcomes = [outcome_from(one) for one in event["outcomes"]]
    # By instance: what was contained again after a release has a newer state before.
    before = {
        state.instance_id: state
        for sort, item in sorted(casebook.items(matter.case).items())
        if sort.startswith("before#")
        for state in [Before.from_json(item["before"]).instance]
    }
    offer = Offer(
        plans={one["instance_id"]: tuple(map(Action.from_json, one["actions"])) for one in event["plans"]},
        by_itself=tuple(event["unasked"]["instances"]),
        doubts=tuple(map(Doubt, event["unasked"]["doubts"])),
    )
    failures = trouble(event["trouble"])
    return tell(lambda language: language.report(matter, outcomes, list(before.values()), failures, offer=offer))
