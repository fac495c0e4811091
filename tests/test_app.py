"""How the app is started: by `cdk` in any shell, and what it says where its packages are missing."""

import json
import os
import subprocess
import sys
from functools import partial
from pathlib import Path

import pytest
from aws_cdk import App

import app

ROOT = Path(__file__).resolve().parents[1]


def start(folder, path):
    """Start the app as the CDK command line does: by a shell, in the folder of cdk.json."""
    command = json.loads((ROOT / "cdk.json").read_text())["app"]
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=folder, env={"PATH": str(path)}, capture_output=True, text=True, check=True
    )
    return done.stdout


@pytest.fixture
def commands(tmp_path):
    """A folder with a `python3` and a `node` that say where they are."""

    def write(folder):
        (tmp_path / folder).mkdir(parents=True)
        for name, words in {"python3": f"{folder}: $1; node: $(node)", "node": folder}.items():
            command = tmp_path / folder / name
            command.write_text(f'#!/bin/sh\necho "{words}"\n')
            command.chmod(0o755)
        return tmp_path / folder

    return write


def test_cdk_finds_the_python_and_the_node_of_the_environment(commands, tmp_path):
    machine = commands("machine")
    commands(".venv/bin")
    assert start(tmp_path, machine) == ".venv/bin: app.py; node: .venv/bin\n"


def test_without_the_environment_the_machines_python_is_started(commands, tmp_path):
    assert start(tmp_path, commands("machine")) == "machine: app.py; node: machine\n"


def test_without_its_packages_the_app_names_the_command_that_installs_them():
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    done = subprocess.run(
        [sys.executable, "-S", "app.py"], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == f"aws_cdk is not installed for {sys.executable}. Run `make setup`, then try again.\n"


@pytest.mark.parametrize("count", [40, 60])
def test_more_admins_than_a_function_can_be_told_of_are_refused_by_name(monkeypatch, count):
    context = json.loads((ROOT / "cdk.json").read_text())["context"]
    context["responder"]["admins"] = [
        {"name": "Ada Administrator", "email": f"ada.{n}@admins.example.com", "phone": f"+120255501{n}"}
        | {"language": "en", "time_zone": "America/New_York"}
        for n in range(10, 10 + count)
    ]
    monkeypatch.setattr(app, "App", partial(App, context=context))
    with pytest.raises(SystemExit) as refused:
        app.main()
    assert str(refused.value).startswith(
        "The settings cannot be used; nothing was made.\nresponder.admins: is too long"
    )
    assert refused.value.code not in {0, None}
