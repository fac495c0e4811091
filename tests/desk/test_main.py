"""The desk on a machine where nothing was installed: it says what to type."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from desk import __main__ as command

ROOT = Path(__file__).resolve().parents[2]


def bare(*arguments):
    """Run the desk with a Python that sees no installed package."""
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    return subprocess.run(
        [sys.executable, "-S", "-m", "desk", *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("arguments", "package"),
    [
        (("cases",), "rich"),
        (("release", "12480031774"), "boto3"),
        (("completion", "bash"), "shtab"),
        (("rehearse",), "rich"),
    ],
    ids=lambda words: words if isinstance(words, str) else words[0],
)
def test_without_its_packages_the_desk_names_the_command_that_installs_them(arguments, package):
    done = bare(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"desk {arguments[0]}: {package} is not installed for {sys.executable}. Run `make setup` "
        "(`make rehearse` for the rehearsal), then use .venv/bin/python -m desk.\n"
    )


def test_a_mail_is_read_without_any_package():
    done = bare("read", "desk/rehearsal/story/1-first-notice.eml")
    assert (done.returncode, done.stderr) == (0, "")
    assert '"12480031774"' in done.stdout


def test_a_missing_module_of_our_own_is_no_matter_of_installing(monkeypatch):
    monkeypatch.setitem(sys.modules, "desk.cases", None)
    with pytest.raises(ModuleNotFoundError, match=r"desk\.cases"):
        command.main(["cases"])
