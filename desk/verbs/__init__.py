"""The verbs of `python -m desk`. Each module registers its arguments and the function that runs it.

That function imports the rest only when it runs, so help is fast and needs no packages.
"""

import argparse
from collections.abc import Callable
from typing import Final, TypeAlias

COMMAND: Final = "python -m desk"
CASE_HELP: Final = "AWS's case number, or the name that `cases` shows"

# Quoted: argparse is generic for type checkers only, and has no public name for it.
Verbs: TypeAlias = "argparse._SubParsersAction[argparse.ArgumentParser]"  # noqa: SLF001


class VerbHelp(argparse.HelpFormatter):
    """Wraps a description, but keeps the lines of examples, so that they can be copied."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        return text if "\n" in text else super()._fill_text(text, width, indent)


def examples(*lines: tuple[str, ...]) -> str:
    """Each example: its purpose, the verb with its arguments, and what goes before the command."""
    commands = (f"  # {purpose}\n  {' '.join((*before, COMMAND, verb))}" for purpose, verb, *before in lines)
    return "examples:\n" + "\n".join(commands)


def add_verb(
    verbs: Verbs,
    name: str,
    run: Callable[[argparse.Namespace], int],
    *,
    summary: str,
    description: str,
    epilog: str = "",
) -> argparse.ArgumentParser:
    """The parser of a verb. `run` gets its options and returns the exit status."""
    verb = verbs.add_parser(name, help=summary, description=description, epilog=epilog, formatter_class=VerbHelp)
    verb.set_defaults(run=run)
    return verb
