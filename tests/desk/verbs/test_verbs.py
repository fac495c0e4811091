"""The help of `python -m desk`: it fits a terminal, and loads no more than it shows."""

import argparse
import subprocess
import sys
from pathlib import Path

import pytest

from desk.__main__ import main, parser

ROOT = Path(__file__).resolve().parents[3]
(VERBS,) = (action.choices for action in parser()._actions if isinstance(action, argparse._SubParsersAction))


def test_each_module_registers_its_verbs():
    modules = {file.stem for file in (ROOT / "desk" / "verbs").glob("[a-z]*.py")} - {"admin_action"}
    assert set(VERBS) == modules | {"ack", "approve", "decline", "replied", "close"}


@pytest.mark.parametrize("verb", ["", *VERBS])
def test_help_fits_80_columns(verb, monkeypatch, capsys):
    monkeypatch.setenv("COLUMNS", "80")
    with pytest.raises(SystemExit, match="0"):
        main([*filter(None, [verb]), "--help"])
    prose, _, _ = capsys.readouterr().out.partition("examples:\n")  # a command is never wrapped
    assert prose.startswith(f"usage: python -m desk {verb}".rstrip())
    assert all(len(line) <= 80 for line in prose.splitlines())


def test_help_loads_no_installed_package_and_no_work_of_a_verb():
    code = (
        "import sys, desk.__main__ as desk; desk.parser().format_help();"
        "print(*(name for name in sys.modules if name.partition('.')[0] in {'boto3', 'botocore', 'rich', 'shtab'}"
        " or name in {'desk.cases', 'desk.show', 'desk.explain', 'desk.rehearsal.command'}))"
    )
    loaded = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert loaded.stdout == "\n"
