"""`desk read`."""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from desk.errors import DeskError
from desk.verbs import Verbs, add_verb


def register(verbs: Verbs) -> None:
    read = add_verb(
        verbs,
        "read",
        _run,
        summary="print what mails say, one JSON object a line",
        description="Read mails as the responder does and print one JSON object a line. With --explain, print a page "
        "for people: where each value was found, who vouches for the mail, and what would be done.",
    )
    read.add_argument("mails", nargs="+", type=Path, metavar="MAIL")
    read.add_argument("--explain", action="store_true", help="explain each mail to a person instead")
    read.add_argument("--dns", action="store_true", help="with --explain: check signatures with keys from DNS")


def _run(options: argparse.Namespace) -> int:
    if options.explain:
        from desk.explain import explain  # noqa: PLC0415
        from lambdas.signatures import txt_record  # noqa: PLC0415

        return explain(options.mails, sys.stdout, lookup=txt_record if options.dns else None, now=datetime.now(UTC))
    if options.dns:
        raise DeskError("--dns goes with --explain: the JSON lines are made without a network")
    from desk.read import read  # noqa: PLC0415

    return read(options.mails, sys.stdout)
