"""`desk completion SHELL`: a shell function `desk` with completion."""

import argparse
import shlex
import sys
from pathlib import Path
from typing import TextIO

import shtab

ROOT = Path(__file__).resolve().parents[1]
SHELLS = ("bash", "zsh", "fish")


def completion(parser: argparse.ArgumentParser, shell: str, out: TextIO) -> int:
    """Print the script for the shell. The parser's `prog` must be "desk": a shell completes single words only."""
    for action in _actions(parser):
        if action.type is Path:
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # shtab's interface
    print(_function(shell), shtab.complete(parser, shell=shell), sep="\n", file=out)
    return 0


def _function(shell: str) -> str:
    """The function. It works from every folder and uses the current Python."""
    command = f"env PYTHONPATH={shlex.quote(str(ROOT))} {shlex.quote(sys.executable)} -m desk"
    if shell == "fish":
        return f"function desk\n    {command} $argv\nend"
    return f'desk() {{ {command} "$@"; }}'


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Every argument of the parser and of its verbs."""
    actions: list[argparse.Action] = []
    for action in parser._actions:  # noqa: SLF001  argparse has no public way
        actions.append(action)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            actions += [inner for verb in action.choices.values() for inner in _actions(verb)]
    return actions
