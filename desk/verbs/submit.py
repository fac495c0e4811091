"""`desk submit`."""

import argparse
import sys
from pathlib import Path

from desk.verbs import Verbs, add_verb


def register(verbs: Verbs) -> None:
    submit = add_verb(
        verbs,
        "submit",
        _run,
        summary="hand in a mail that reached somebody else",
        description="Store a mail in the deployed responder's bucket, to be handled as if it had come in. Only its own "
        "signature shows that it is from AWS; without one, the responder asks an admin.",
    )
    submit.add_argument("mail", type=Path, metavar="MAIL")


def _run(options: argparse.Namespace) -> int:
    from desk.submit import submit  # noqa: PLC0415

    return submit(options.mail, sys.stdout)
