"""`desk report`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from desk.verbs import CASE_HELP, Verbs, add_verb, examples


def register(verbs: Verbs) -> None:
    report = add_verb(
        verbs,
        "report",
        _run,
        summary="write a case as one page (HTML) to read, print and keep",
        description="Write a case as one self-contained page: the clock, the timeline as a picture, each instance "
        "before, after and now, and the evidence with its hashes. The page loads nothing and runs nothing.",
        epilog=examples(("a page to send or print", "report 12480031774 --html case.html")),
    )
    report.add_argument("case", metavar="CASE", help=CASE_HELP)
    report.add_argument("--html", required=True, type=Path, metavar="FILE", help="where to write the page")
    report.add_argument("--language", metavar="LANGUAGE", default="en", help="language of the page; en by default")
    report.add_argument("--json", action="store_true", help="print JSON for programs")


def _run(options: argparse.Namespace) -> int:
    from desk.report import report  # noqa: PLC0415

    now = datetime.now(UTC)
    return report(options.case, options.html, sys.stdout, now, language=options.language, json=options.json)
