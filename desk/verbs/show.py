"""`desk show`."""

import argparse
import sys
from datetime import UTC, datetime

from desk.verbs import CASE_HELP, Verbs, add_verb, examples


def register(verbs: Verbs) -> None:
    show = add_verb(
        verbs,
        "show",
        _run,
        summary="show a case: clock, current instances, what to do next",
        description="Show all of a case. Its instances are read from EC2 and Auto Scaling now, with your own AWS "
        "credentials; nothing is changed. The next tasks come last, each with its command.",
        epilog=examples(
            ("a case by its number", "show 12480031774"),
            (
                "its instances that are not in quarantine now",
                "show 12480031774 --json \\\n    | jq '.instances[] | select(.now.quarantined | not) | .instance_id'",
            ),
        ),
    )
    show.add_argument("case", metavar="CASE", help=CASE_HELP)
    show.add_argument("--json", action="store_true", help="print JSON for programs")


def _run(options: argparse.Namespace) -> int:
    from desk.show import show  # noqa: PLC0415

    return show(options.case, sys.stdout, datetime.now(UTC), json=options.json)
