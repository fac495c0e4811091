"""`python -m desk VERB …`. Each module in desk/verbs registers its verb."""

import argparse
import sys
from collections.abc import Sequence

from desk.errors import DeskError
from desk.verbs import (
    COMMAND,
    VerbHelp,
    admin_action,
    cases,
    completion,
    confirm,
    examples,
    read,
    redrive,
    rehearse,
    release,
    reply,
    report,
    show,
    submit,
)

# In the order of the help.
_VERBS = (cases, show, report, reply, admin_action, release, submit, redrive, read, rehearse, confirm, completion)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return the exit status: 0 done, 1 something is wrong, 2 bad input, 130 interrupted."""
    options = parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except DeskError as error:
        print(f"desk {options.verb}: {error}", file=sys.stderr)
        return 2
    except ModuleNotFoundError as missing:
        if missing.name is None or missing.name.split(".")[0] in {"desk", "lambdas"}:
            raise
        print(
            f"desk {options.verb}: {missing.name} is not installed for {sys.executable}. Run `make setup` "
            f"(`make rehearse` for the rehearsal), then use .venv/bin/{COMMAND}.",
            file=sys.stderr,
        )
        return 2
    except KeyboardInterrupt:
        print(f"desk {options.verb}: interrupted, nothing is left running", file=sys.stderr)
        return 130


def parser(prog: str = COMMAND) -> argparse.ArgumentParser:
    """The parser of all verbs."""
    desk = argparse.ArgumentParser(
        prog=prog,
        description="Handle the cases of abuse-responder: look, decide, answer, release.",
        epilog=examples(
            ("open cases, the most urgent first", "cases"),
            ("all about a case, with its instances as they are now", "show 12480031774"),
            ("what a mail says, without AWS", "read --explain mail.eml"),
            ("more about a verb", "show --help"),
        ),
        formatter_class=VerbHelp,
    )
    verbs = desk.add_subparsers(dest="verb", required=True, metavar="VERB")
    for verb in _VERBS:
        verb.register(verbs)
    return desk


if __name__ == "__main__":
    sys.exit(main())
