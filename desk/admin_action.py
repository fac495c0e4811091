"""`desk ack`, `approve`, `decline`, `replied`, `close`: act on a case with the admin's own IAM identity."""

import json
from typing import TextIO

from desk.deployed import explain_aws_errors
from desk.errors import DeskError
from desk.execution import caller, machine_arn, run_execution
from desk.verbs import COMMAND
from lambdas.domain.case.timeline import EntryKind, TimelineEntry
from lambdas.domain.clean import one_line
from lambdas.domain.containment.outcome import failure_text
from lambdas.domain.errors import NotPossibleNow, UnknownCase

_EXPECTED = {error.__name__ for error in (NotPossibleNow, UnknownCase)}


def act(action: str, case: str, instance: str, out: TextIO, *, words: str, admin: str, as_json: bool) -> int:
    """Have the responder record the action and tell all admins, and print what was done.

    Raises DeskError if AWS refuses, the case does not exist, or the action is not possible now.
    """
    with explain_aws_errors("Try again"):
        machine = machine_arn("DeskMachine", "admin actions")
        request = {"action": action, "case": case, "instance": instance, "by": caller(), "words": words, "admin": admin}
        execution, output = run_execution(
            machine,
            request,
            expected=_EXPECTED,
            goes_on="it goes on, and all admins are told of it",
            look=f"`{COMMAND} show {case}` shows whether it was recorded: if so, tell the others yourself",
        )
    if output["failures"] and output["entry"]["kind"] == EntryKind.APPROVED:
        failed = "; ".join(map(failure_text, output["failures"]))
        raise DeskError(
            f"the approval is recorded, but containment could not start: {failed}. All admins are told; approve it "
            f"again, naming the instance. See {execution}"
        )
    if as_json:
        print(json.dumps({"execution": execution, **output}, indent=2), file=out)
    else:
        print(_done(output["case"], TimelineEntry.from_json(output["entry"])), file=out)
    return 0


def _done(case: str, entry: TimelineEntry) -> str:
    """What the action means for the case."""
    news = "All admins are told."
    if entry.kind is EntryKind.ACKNOWLEDGED:
        admin = one_line(str(entry.details["admin"]))
        return (
            f"{admin} is on case {case}. {news} From now on reminders go only to {admin}, but to all in the last hour "
            "and when it is overdue."
        )
    if entry.kind is EntryKind.APPROVED:
        return f"{entry.resource} of case {case} will be contained. {news} A report of what was done will follow."
    if entry.kind is EntryKind.DECLINED:
        return f"{entry.resource} of case {case} is left as it is. {news}"
    done = "is closed" if entry.kind is EntryKind.CLOSED else "counts as answered"
    return f"Case {case} {done}, and its clock has stopped. {news}"
