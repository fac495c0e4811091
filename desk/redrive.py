"""`desk redrive`: have the dead letters of the intake queue handled again."""

import json
from typing import Any, TextIO

from desk.deployed import explain_aws_errors, outputs
from desk.execution import machine_arn, run_execution
from desk.verbs import COMMAND
from lambdas.domain.clean import one_line


def redrive(out: TextIO, *, as_json: bool) -> int:
    """Print what became of each message; 1 where some could not be handled and stay, or more may wait.

    Raises DeskError where AWS refuses. The desk itself touches no queue: the responder's own function takes the
    messages out, so no person needs a right to write into the intake queue.
    """
    with explain_aws_errors("Redrive"):
        machine = machine_arn("DeskMachine", "redrive")
        execution, output = run_execution(
            machine,
            {"action": "redrive"},
            expected=(),
            goes_on="the dead letters are handled all the same",
            look="run it again: a mail is handled only once",
        )
        queue = outputs()["DeadLetters"]
    if as_json:
        print(json.dumps({"execution": execution, **output}, indent=2), file=out)
    else:
        print("\n".join(_lines(output, queue)), file=out)
    return int(bool(output["failed"]) or output["more"])


def _lines(output: dict[str, Any], queue: str) -> list[str]:
    handled, failed = output["handled"], output["failed"]
    if not handled and not failed:
        return ["No message waits in the dead-letter queue (or somebody is reading it: try again in a minute)."]
    lines = [f"{handled} handled; all admins get what becomes of each."] if handled else []
    if failed:
        lines += [f"{len(failed)} failed again and stay in the queue:"]
        lines += [f"  {failure['message']}: {one_line(failure['error'])}" for failure in failed]
        lines += [f"To read them: aws sqs receive-message --queue-url {queue} --visibility-timeout 0"]
    if output["more"]:
        lines += [f"More may wait: run `{COMMAND} redrive` again."]
    return lines
