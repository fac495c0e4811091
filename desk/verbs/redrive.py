"""`desk redrive`."""

import argparse
import sys

from desk.verbs import Verbs, add_verb, examples


def register(verbs: Verbs) -> None:
    redrive = add_verb(
        verbs,
        "redrive",
        _run,
        summary="handle what no execution could be started for again",
        description="Have the messages in the intake queue's dead-letter queue handled again, once the cause is gone. "
        "Nobody can send to the intake queue, not even an administrator, so the responder takes the messages itself. "
        "What fails again stays, and the desk says why.",
        epilog=examples(("after the alarm MailNotUnderstood", "redrive")),
    )
    redrive.add_argument("--json", action="store_true", help="print JSON for programs")


def _run(options: argparse.Namespace) -> int:
    from desk.redrive import redrive  # noqa: PLC0415

    return redrive(sys.stdout, as_json=options.json)
