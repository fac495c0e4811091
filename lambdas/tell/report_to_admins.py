"""Report to admins: what was done as read back, what was not and why, what to do now."""

from typing import Any

from lambdas import case_table
from lambdas.domain.case.table_keys import BEFORE_PREFIX
from lambdas.domain.containment.before_state import BeforeState
from lambdas.domain.containment.outcome import Outcome, failure_phrases
from lambdas.domain.messages.report import containment_report
from lambdas.domain.release import ReleaseAction, ReleaseDoubt, ReleaseOffer
from lambdas.tell.admins import send_to_admins
from lambdas.tell.notice_context import case_notice_from


def report_to_admins(event: dict[str, Any]) -> dict[str, Any]:
    """Tell all admins the outcome of each instance, and every failure by its name."""
    case_notice = case_notice_from(event)
    outcomes = [Outcome.from_json(outcome) for outcome in event["outcomes"]]
    # By instance: what was contained again after a release has a newer state before.
    before = {
        state.instance_id: state
        for sort, item in sorted(case_table.read_items(case_notice.case).items())
        if sort.startswith(BEFORE_PREFIX)
        for state in [BeforeState.from_json(item["before"]).instance]
    }
    offer = ReleaseOffer(
        plans={plan["instance_id"]: tuple(map(ReleaseAction.from_json, plan["actions"])) for plan in event["plans"]},
        automatic=tuple(event["automatic_release"]["instances"]),
        doubts=tuple(map(ReleaseDoubt, event["automatic_release"]["doubts"])),
    )
    failures = failure_phrases(event["failures"])
    return send_to_admins(
        lambda language: containment_report(
            language, case_notice, outcomes, list(before.values()), failures, offer=offer
        )
    )
