"""`desk completion SHELL`: a shell function `desk`, and what the Tab key knows of it."""

import argparse
import shlex
import sys
from pathlib import Path
from typing import TextIO

import shtab

ROOT = Path(__file__).resolve().parents[1]
SHELLS = ("bash", "zsh", "fish")


def completion(parser: argparse.ArgumentParser, shell: str, out: TextIO) -> int:
    """Print what the shell is to evaluate. The parser's `prog` is "desk": a shell completes single words only."""
    for action in _actions(parser):
        if action.type is Path:
            action.complete = shtab.FILE  # type: ignore[attr-defined]  # how shtab is told
    print(_function(shell), shtab.complete(parser, shell=shell), sep="\n", file=out)
    return 0


def _function(shell: str) -> str:
    """The function that is completed: it works from every folder, with the Python that runs now."""
    command = f"env PYTHONPATH={shlex.quote(str(ROOT))} {shlex.quote(sys.executable)} -m desk"
    if shell == "fish":
        return f"function desk\n    {command} $argv\nend"
    return f'desk() {{ {command} "$@"; }}'


def _actions(parser: argparse.ArgumentParser) -> list[argparse.Action]:
    """Every argument of the parser and of its verbs."""
    actions: list[argparse.Action] = []
    for action in parser._actions:  # noqa: SLF001  argparse shows them in no other way
        actions.append(action)
        if isinstance(action, argparse._SubParsersAction):  # noqa: SLF001
            actions += [inner for verb in action.choices.values() for inner in _actions(verb)]
    return actions
