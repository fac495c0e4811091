"""`desk release`."""

import argparse
import sys

from desk.verbs import CASE_HELP, Verbs, add_verb


def register(verbs: Verbs) -> None:
    release = add_verb(
        verbs,
        "release",
        _run,
        summary="put instances back to their state before containment",
        description="Show what a release of a case would put back, and with --do put it back: groups, credentials, "
        "Auto Scaling, load balancers, protection, tags. Changes that people made since are shown and kept.",
    )
    release.add_argument("case", metavar="CASE", help=CASE_HELP)
    release.add_argument("instance", nargs="?", metavar="INSTANCE", help="one of its instances; all by default")
    release.add_argument("--do", action="store_true", help="do it; without this nothing is changed")
    release.add_argument("--force", action="store_true", help="also put back what people changed since")
    release.add_argument("--json", action="store_true", help="print the plan or the result as JSON")


def _run(options: argparse.Namespace) -> int:
    from desk.release import release  # noqa: PLC0415

    return release(options.case, options.instance, sys.stdout, do=options.do, force=options.force, as_json=options.json)
