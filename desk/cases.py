"""`desk cases`: every case with its clock, the most urgent first."""

from collections import Counter
from datetime import datetime
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.case_reader import CaseReader, as_json
from desk.deployed import explain_aws_errors
from lambdas.domain.case.case import Case
from lambdas.domain.case.urgency import Urgency, by_urgency, urgency
from lambdas.domain.clean import clean_text
from lambdas.domain.language.en import PAGE
from lambdas.domain.page.sections import actor_name, deadline_text

STYLES = {
    Urgency.OVERDUE: "bold red",
    Urgency.URGENT: "bold red",
    Urgency.CHECK: "yellow",
    Urgency.ANSWERED: "green",
    Urgency.OVER: "dim",
}
# A case from AWS Health has a longer name, which may be folded.
_MOST_NUMBER = 24
_MINUTE = "%Y-%m-%d %H:%M"


def cases(out: TextIO, now: datetime, *, json: bool) -> int:
    """Print every case. Raises DeskError if AWS refuses."""
    with explain_aws_errors("Look"):
        cases_read = sorted(CaseReader().cases(), key=lambda case: by_urgency(case, now))
    if json:
        print(as_json([summary(case, now) for case in cases_read]), file=out)
    elif cases_read:
        Console(file=out, highlight=False).print(_table(cases_read, now))
    else:
        print("There are no cases: no abuse notice has come in.", file=out)
    return 0


def summary(case: Case, now: datetime) -> dict[str, Any]:
    """A case for `--json`."""
    due, acknowledged, answered = case.deadline, case.acknowledged, case.answered
    return {
        "case": case.id,
        "state": case.state,
        "urgency": urgency(case, now),
        "from_aws": case.proven,
        "opened_at": case.opened_at.isoformat(),
        "deadline": {
            "at": due.at.isoformat(),
            "stated": due.stated,
            "runs": case.is_running,
            "seconds_left": int((due.at - now).total_seconds()),
        }
        if due
        else None,
        "instances": dict(case.instances),
        "on_it": {"actor": acknowledged.actor, "since": acknowledged.at.isoformat()} if acknowledged else None,
        "answered": {"actor": answered.actor, "at": answered.at.isoformat()} if answered else None,
        "measures_of_aws": list(case.measures),
    }


def _table(cases_read: list[Case], now: datetime) -> Table:
    """Fits 80 columns. A case's number stays on one line, so that it can be copied."""
    longest = min(max(len(case.id) for case in cases_read), _MOST_NUMBER)
    table = Table(box=None, padding=(0, 1, 0, 0), pad_edge=False)
    for head, least, most in (
        (PAGE["urgency"], 8, 8),
        (PAGE["case"], longest, None),
        (PAGE["state"], 8, None),
        (f"{PAGE['deadline']} (UTC)", 16, 20),
        (PAGE["instances"], 19, None),
        (PAGE["on_it"], 7, None),
    ):
        table.add_column(head, overflow="fold", min_width=least, max_width=most)
    for case in cases_read:
        how = urgency(case, now)
        style = STYLES.get(how, "")
        table.add_row(
            Text(PAGE[f"urgency:{how}"], style=style),
            Text(case.id),
            Text(PAGE[f"state:{case.state}"]),
            Text(_deadline(case, now), style=style),
            Text(_instances(case)),
            Text(clean_text(actor_name(case.acknowledged, PAGE)) if case.acknowledged else PAGE["nobody"]),
        )
    return table


def _deadline(case: Case, now: datetime) -> str:
    """The deadline and the time left, or when AWS was answered."""
    if case.is_running and case.deadline:
        return f"{case.deadline.at:{_MINUTE}}\n{deadline_text(case, now, PAGE)}"
    return PAGE["answered_at"].format(at=f"{case.answered.at:{_MINUTE}}") if case.answered else PAGE["none"]


def _instances(case: Case) -> str:
    """A single instance by its id, several as a count for each status."""
    standings = {instance_id: PAGE[f"standing:{standing}"] for instance_id, standing in case.instances.items()}
    if len(standings) > 1:
        return "\n".join(f"{count} {standing}" for standing, count in Counter(standings.values()).items())
    return (
        "\n".join(f"{clean_text(instance_id)}\n{standing}" for instance_id, standing in standings.items())
        or PAGE["none"]
    )
