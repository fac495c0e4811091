"""What the Tab key knows of `desk`."""

import io
import shutil
import subprocess

import pytest

from desk.__main__ import main, parser
from desk.completion import completion

VERBS = {"cases", "show", "report", "read", "submit", "rehearse", "release", "confirm", "completion"}


def script(shell):
    out = io.StringIO()
    assert completion(parser(prog="desk"), shell, out) == 0
    return out.getvalue()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_each_shell_knows_the_verbs_and_has_the_function(shell):
    text = script(shell)
    assert all(verb in text for verb in VERBS)
    assert " -m desk " in text.splitlines()[0] + text.splitlines()[1]
    if shutil.which(shell):
        subprocess.run([shutil.which(shell), "-n"], input=text, text=True, check=True)


def bash(*commands):
    ran = subprocess.run(
        ["/bin/bash", "--norc"],
        input="\n".join((script("bash"), *commands)),
        capture_output=True,
        text=True,
        check=True,
    )
    return ran.stdout


@pytest.mark.parametrize(
    ("words", "offered"),
    [(("desk", ""), VERBS), (("desk", "cas"), {"cases"}), (("desk", "report", "--h"), {"--help", "--html"})],
)
def test_bash_offers_what_fits(words, offered):
    line = " ".join(f"'{word}'" for word in words)
    asked = f"COMP_WORDS=({line}); COMP_CWORD={len(words) - 1}; _shtab_desk; printf '%s\\n' \"${{COMPREPLY[@]}}\""
    assert set(bash(asked).split()) >= offered


def test_the_function_runs_from_every_folder(tmp_path):
    assert "usage: python -m desk" in bash(f"cd {tmp_path}", "desk --help")


def test_another_shell_is_refused(capsys):
    with pytest.raises(SystemExit, match="2"):
        main(["completion", "csh"])
    assert "choose from" in capsys.readouterr().err


def test_a_file_is_completed_as_one():
    assert "_shtab_compgen_files" in script("bash")
