"""`desk confirm`."""

import argparse
import sys

from desk.verbs import Verbs, add_verb, examples


def register(verbs: Verbs) -> None:
    confirm = add_verb(
        verbs,
        "confirm",
        _run,
        summary="confirm that you get the responder's mails",
        description="Confirm a subscription with the link in SNS's confirmation mail. One mail comes for the cases and "
        "one for the alarms. The link is read, not opened: the call is signed with your own AWS credentials, so no "
        "program that later opens the unsubscribe link of a mail can unsubscribe you.",
        epilog=examples(
            (
                "the link as you copied it from the mail, in quotes",
                "confirm 'https://sns.us-east-1.amazonaws.com/confirmation.html?TopicArn=…&Token=…'",
            )
        ),
    )
    confirm.add_argument("link", metavar="LINK", help='the link that the mail calls "Confirm subscription"')
    confirm.add_argument("--json", action="store_true", help="print the subscription as JSON")


def _run(options: argparse.Namespace) -> int:
    from desk.confirm import confirm  # noqa: PLC0415

    return confirm(options.link, sys.stdout, as_json=options.json)
