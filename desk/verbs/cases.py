"""`desk cases`."""

import argparse
import sys
from datetime import UTC, datetime

from desk.verbs import Verbs, add_verb, examples


def register(verbs: Verbs) -> None:
    cases = add_verb(
        verbs,
        "cases",
        _run,
        summary="list all cases, the most urgent first",
        description="List every case: its urgency, its state, AWS's deadline, its instances, and who has acknowledged "
        "it. Reads the case table with your own AWS credentials and changes nothing.",
        epilog=examples(
            ("all cases", "cases"),
            ("with one of your profiles", "cases", "AWS_PROFILE=security AWS_DEFAULT_REGION=us-east-1"),
            ("the overdue ones", "cases --json | jq -r '.[] | select(.urgency==\"overdue\") | .case'"),
        ),
    )
    cases.add_argument("--json", action="store_true", help="print JSON for programs")


def _run(options: argparse.Namespace) -> int:
    from desk.cases import cases  # noqa: PLC0415

    return cases(sys.stdout, datetime.now(UTC), json=options.json)
