"""`desk completion`."""

import argparse
import sys

from desk.verbs import COMMAND, Verbs, add_verb


def register(verbs: Verbs) -> None:
    script = f"cd REPOSITORY && .venv/bin/{COMMAND} completion"
    completion = add_verb(
        verbs,
        "completion",
        _run,
        summary="print a shell function `desk` with Tab completion",
        description="Print a shell function `desk` that works from every folder, and its completion.",
        epilog="once for each new shell:\n"
        f'  # ~/.bashrc\n  eval "$({script} bash)"\n'
        f'  # ~/.zshrc, after compinit\n  eval "$({script} zsh)"\n'
        f"  # ~/.config/fish/config.fish\n  fish -c '{script} fish' | source",
    )
    completion.add_argument("shell", choices=("bash", "zsh", "fish"), help="the shell that you use")


def _run(options: argparse.Namespace) -> int:
    from desk.__main__ import parser  # noqa: PLC0415
    from desk.completion import completion  # noqa: PLC0415

    return completion(parser(prog="desk"), options.shell, sys.stdout)
