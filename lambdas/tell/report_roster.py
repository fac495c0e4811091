"""Report roster: tell the admins which of them cannot be reached, at each change and once a week."""

from datetime import UTC, datetime
from typing import Any

from lambdas import case_table
from lambdas.domain.admins.roster import (
    DeliveryProblem,
    LastRosterReport,
    ReachCounts,
    RosterFinding,
    as_last_report,
    roster_changes,
)
from lambdas.domain.case.table_keys import LAST_REPORT, ROSTER
from lambdas.domain.containment.outcome import failure_text
from lambdas.domain.errors import NoAdminReached
from lambdas.domain.messages import RosterReport
from lambdas.domain.messages.roster import roster_report
from lambdas.tell.admins import send_to_admins, send_to_alarms_topic


def report_roster(event: dict[str, Any]) -> dict[str, Any]:
    """Report what the check has found, or that it failed, if that is new; then record what was reported.

    A topic is not trusted to tell of itself: where it is not known that the topic of the cases reaches an admin by
    e-mail, the topic of the alarms tells it too. Raises NoAdminReached where nothing gets through to anybody.
    """
    checked = event["roster_check"]
    if "Error" in checked:
        found, reached = [RosterFinding(DeliveryProblem.NOT_CHECKED, words=failure_text(checked))], None
    else:
        found, reached = (
            [RosterFinding.from_json(finding) for finding in checked["findings"]],
            ReachCounts.from_json(checked["reach"]),
        )
    told = case_table.read_item(ROSTER, LAST_REPORT)
    current = roster_changes(LastRosterReport.from_json(told) if told else None, found, reached, datetime.now(UTC))
    if not current.due:
        return {"outcome": "skipped", "words": f"nothing has changed; {len(current.open_findings)} thing(s) stand"}
    roster = RosterReport(current, event["execution"])
    result = send_to_admins(lambda language: roster_report(language, roster))
    if current.also_by_alarms_topic:
        send_to_alarms_topic(lambda language: roster_report(language, roster))
    if reached and reached.is_empty:
        raise NoAdminReached("no admin has a subscription that lets anything through")
    case_table.write(ROSTER, LAST_REPORT, as_last_report(current).to_json())
    return result
