"""`python -m desk VERB …`: what an admin runs. Each verb is one module."""

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from desk.errors import DeskError


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb; the result is the exit status. 0 done, 1 not as it should be, 2 bad input, 130 interrupted."""
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except DeskError as error:
        print(f"desk {options.verb}: {error}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print(f"desk {options.verb}: interrupted, nothing is left running", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m desk", description="The desk of abuse-responder.")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")

    rehearse = verbs.add_parser(
        "rehearse",
        help="do the main job on this machine, on emulated services",
        description="Deploy the responder to emulators, hand in a mail and show what happens. Without MAIL: a whole "
        "story, from the first notice to the one that says it was sent in error.",
    )
    rehearse.add_argument(
        "mail", nargs="?", type=Path, metavar="MAIL", help="a mail as it was stored (.eml), or a Health event (.json)"
    )
    rehearse.add_argument("--json", type=Path, metavar="FILE", help="write what was read back to FILE")
    rehearse.add_argument("--keep", action="store_true", help="leave the emulators up until Ctrl-C, print where")
    rehearse.set_defaults(run=_rehearse)

    read = verbs.add_parser(
        "read",
        help="print what mails say, one JSON object a line",
        description="Read mails as the responder does and print one JSON object a line. With --explain: a page for "
        "people, with every value where it was found, who vouches for the mail, and what would be done.",
    )
    read.add_argument("mails", nargs="+", type=Path, metavar="MAIL")
    read.add_argument("--explain", action="store_true", help="explain each mail to a person instead")
    read.add_argument("--dns", action="store_true", help="with --explain: check signatures, with keys from DNS")
    read.set_defaults(run=_read)

    submit = verbs.add_parser(
        "submit",
        help="hand in a mail that reached somebody else",
        description="Store a mail in the deployed responder's bucket and have it answered as if it had come in. "
        "Only its own signature shows that it is from AWS; without one, an admin is asked.",
    )
    submit.add_argument("mail", type=Path, metavar="MAIL")
    submit.set_defaults(run=_submit)
    return parser


# Each verb imports what it needs when it runs: `desk read` must not wait for the emulators' libraries.


def _rehearse(options: argparse.Namespace) -> int:
    from desk.rehearsal.command import rehearse  # noqa: PLC0415

    return rehearse(options.mail, json_file=options.json, keep=options.keep)


def _read(options: argparse.Namespace) -> int:
    if options.explain:
        from desk.explain import explain  # noqa: PLC0415
        from lambdas.signatures import txt_record  # noqa: PLC0415

        return explain(options.mails, sys.stdout, lookup=txt_record if options.dns else None, now=datetime.now(UTC))
    if options.dns:
        raise DeskError("--dns goes with --explain: the JSON lines say what can be said without a network")
    from desk.read import read  # noqa: PLC0415

    return read(options.mails, sys.stdout)


def _submit(options: argparse.Namespace) -> int:
    from desk.submit import submit  # noqa: PLC0415

    return submit(options.mail, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
