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


def _parser(prog: str = "python -m desk") -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=prog,
        description="The desk of abuse-responder.",
        epilog=_examples(
            ("what is open, the most urgent first", "cases"),
            ("all about a case, with its instances as they are now", "show 12480031774"),
            ("what a mail says, without AWS", "read --explain mail.eml"),
            ("more about a verb", "show --help"),
        ),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    _verbs_that_read_cases(verbs)

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

    release = verbs.add_parser(
        "release",
        help="put instances back as they were before they were contained",
        description="Show what a release of a case would put back, and with --do put it back: groups, credentials, "
        "Auto Scaling, load balancers, protection, tags. What somebody changed since is shown and left.",
    )
    release.add_argument("case", metavar="CASE", help="the case, as the report names it")
    release.add_argument("instance", nargs="?", metavar="INSTANCE", help="one instance of it; all by default")
    release.add_argument("--do", action="store_true", help="do it; without this nothing is changed")
    release.add_argument("--force", action="store_true", help="put back also what somebody changed since")
    release.add_argument("--json", action="store_true", help="print what was planned or read back as JSON")
    release.set_defaults(run=_release)
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


def _release(options: argparse.Namespace) -> int:
    from desk.release import release  # noqa: PLC0415

    return release(options.case, options.instance, sys.stdout, do=options.do, force=options.force, as_json=options.json)


def _cases(options: argparse.Namespace) -> int:
    from desk.cases import cases  # noqa: PLC0415

    return cases(sys.stdout, datetime.now(UTC), json=options.json)


def _show(options: argparse.Namespace) -> int:
    from desk.show import show  # noqa: PLC0415

    return show(options.case, sys.stdout, datetime.now(UTC), json=options.json)


def _report(options: argparse.Namespace) -> int:
    from desk.report import report  # noqa: PLC0415

    return report(
        options.case, options.html, sys.stdout, datetime.now(UTC), language=options.language, json=options.json
    )


def _completion(options: argparse.Namespace) -> int:
    from desk.completion import completion  # noqa: PLC0415

    return completion(_parser(prog="desk"), options.shell, sys.stdout)


if __name__ == "__main__":
    sys.exit(main())
