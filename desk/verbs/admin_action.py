"""`desk ack`, `approve`, `decline`, `replied`, `close`: recorded with your IAM identity, and reported to all admins."""

import argparse
import sys

from desk.verbs import CASE_HELP, Verbs, add_verb, examples


def register(verbs: Verbs) -> None:
    ack = add_verb(
        verbs,
        "ack",
        _run,
        summary="tell the other admins that you are on a case",
        description="Tell the other admins that you are on a case. Reminders then go to you alone, and to all in the "
        "last hour before AWS's deadline and when it is overdue. Another admin can take over with the same command.",
        epilog=examples(
            ("with an identity that has your name, such as user/ada for ada@example.com", "ack 12480031774"),
            ("with any other identity", "ack 12480031774 --as ada@example.com"),
        ),
    )
    ack.add_argument("--as", dest="admin", default="", metavar="ADDRESS", help="your e-mail address in the settings")
    approve = add_verb(
        verbs,
        "approve",
        _run,
        summary="contain an instance that the responder asks about",
        description="Have an instance contained. The responder handles the same notice again, with your approval. An "
        "instance with the protect tag is never touched: remove the tag first.",
        epilog=examples(
            ("the instance that waits for a decision", "approve 12480031774"),
            ("one of several, or one to be contained again", "approve 12480031774 i-0a7b1dd0e3f94c256"),
        ),
    )
    decline = add_verb(
        verbs,
        "decline",
        _run,
        summary="leave an instance alone that the responder asks about",
        description="Leave an instance as it is. Nothing is changed, and nobody is asked about it again until AWS "
        "writes about it again.",
        epilog=examples(("with a note for the others", "decline 12480031774 --words 'our own load test'")),
    )
    replied = add_verb(
        verbs,
        "replied",
        _run,
        summary="record that you have answered AWS",
        description="Record that you have answered AWS: the clock stops. Not needed if the intake address was in copy: "
        "the responder then sees the answer itself. If AWS writes again, the clock starts again.",
        epilog=examples(("with a note for the others", "replied 12480031774 --words 'the key is replaced'")),
    )
    close = add_verb(
        verbs,
        "close",
        _run,
        summary="close a case",
        description="Close a case: the clock stops. Nothing is put back (see `release`). If AWS writes again, the case "
        "is opened again.",
        epilog=examples(("a mail that was not from AWS", "close mail-0a1b2c3d4e5f --words 'not from AWS'")),
    )
    for action in (ack, approve, decline, replied, close):
        action.add_argument("case", metavar="CASE", help=CASE_HELP)
        if action in {approve, decline}:
            action.add_argument(
                "instance", nargs="?", default="", metavar="INSTANCE", help="by default the one that waits"
            )
        action.add_argument("--words", metavar="TEXT", default="", help="a note for the other admins")
        action.add_argument("--json", action="store_true", help="print the recorded entry as JSON")


def _run(options: argparse.Namespace) -> int:
    from desk.admin_action import act  # noqa: PLC0415

    return act(
        options.verb,
        options.case,
        vars(options).get("instance", ""),
        sys.stdout,
        words=options.words,
        admin=vars(options).get("admin", ""),
        as_json=options.json,
    )
