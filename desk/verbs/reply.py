"""`desk reply`."""

import argparse
import sys
from datetime import UTC, datetime

from desk.verbs import CASE_HELP, Verbs, add_verb, examples


def register(verbs: Verbs) -> None:
    reply = add_verb(
        verbs,
        "reply",
        _run,
        summary="draft the answer to AWS, with gaps for you to fill in",
        description="Print a draft of the answer to AWS: what was read back, when it was done, and the current state. "
        "What only you can know is a gap, [[ like this ]]. The responder sends nothing: send the answer yourself with "
        "the intake address in copy, and the responder sees that AWS was answered.",
        epilog=examples(
            ("the draft that fits the state of the case", "reply 12480031774"),
            ("in your mail program", "reply 12480031774 --open"),
            ("AWS was wrong: this is our use case", "reply 12480031774 --variant false-positive"),
        ),
    )
    reply.add_argument("case", metavar="CASE", help=CASE_HELP)
    reply.add_argument(
        "--variant",
        choices=("contained", "false-positive", "more-time", "not-ours"),
        metavar="VARIANT",
        help="contained, false-positive, more-time or not-ours; by default what fits the state of the case",
    )
    reply.add_argument("--open", dest="open_mail", action="store_true", help="also open it in your mail program")
    form = reply.add_mutually_exclusive_group()
    form.add_argument("--mailto", action="store_true", help="print only the link that opens a mail program")
    form.add_argument("--json", action="store_true", help="print JSON for programs")


def _run(options: argparse.Namespace) -> int:
    from desk.reply import reply  # noqa: PLC0415
    from lambdas.domain.answer.draft import AnswerVariant  # noqa: PLC0415

    return reply(
        options.case,
        sys.stdout,
        datetime.now(UTC),
        variant=AnswerVariant(options.variant) if options.variant else None,
        link=options.mailto,
        open_mail=options.open_mail,
        json=options.json,
    )
