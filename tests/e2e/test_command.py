"""`python -m desk`: what a person types, gets and finds in the file; and what is left when it is interrupted."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from desk.__main__ import main
from desk.rehearsal.stories import STORIES
from tests.e2e.notices import fresh, notice


def desk(*words):
    return subprocess.run([sys.executable, "-m", "desk", *map(str, words)], capture_output=True, text=True, check=False)


def test_rehearse_writes_what_was_read_back(responder, monkeypatch, capsys, tmp_path):
    """On the responder that is deployed already; that the command deploys one is seen with the stories."""
    monkeypatch.setattr("desk.rehearsal.command.rehearsal", lambda *_: contextlib.nullcontext(responder))
    case, instance_id = fresh()
    mail = tmp_path / "notice.eml"
    mail.write_bytes(notice(case, instance_id))

    assert main(["rehearse", str(mail), "--json", str(tmp_path / "out.json")]) == 0

    printed = capsys.readouterr().out
    assert "EC2 shows exactly what was decided." in printed
    (scene,) = json.loads((tmp_path / "out.json").read_text())["scenes"]
    assert scene["execution"]["status"] == "SUCCEEDED"
    by_id = {instance["instance_id"]: instance for instance in scene["instances"]}
    named = by_id.pop(instance_id)
    assert named["contained"]
    assert named["verdict"] == "contain"
    assert named["groups_before"] != named["groups_after"]
    assert len(named["snapshots"]) == 2
    assert named["tags"]["AbuseResponder:Case"] == case
    assert named["seconds_to_verified"] > 0
    assert by_id, "there are bystanders"
    for bystander in by_id.values():
        assert bystander["groups_before"] == bystander["groups_after"]
        assert bystander["verdict"] is None
    assert {message["channel"] for message in scene["messages"]} == {"email", "sms"}


def test_an_unknown_story_is_refused_with_the_names_of_all():
    run = desk("rehearse", "--story", "misson")

    assert run.returncode == 2
    assert "'misson'" in run.stderr
    assert all(name in run.stderr for name in STORIES)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("missing.eml", None, "is not a file"),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00", "is not a mail"),
        ("empty.eml", b"", "is not a mail"),
    ],
)
def test_what_cannot_be_rehearsed_is_refused_at_once(tmp_path, name, content, words):
    file = tmp_path / name
    if content is not None:
        file.write_bytes(content)

    run = desk("rehearse", file)

    assert run.returncode == 2
    assert words in run.stderr
    assert str(file) in run.stderr
    assert run.stdout == ""


def test_a_json_file_that_cannot_be_written_is_refused_before_anything_starts(tmp_path):
    run = desk("rehearse", "--json", tmp_path / "nowhere" / "out.json")

    assert run.returncode == 2
    assert "there is no folder" in run.stderr


def test_an_interrupt_leaves_nothing_running():
    with subprocess.Popen(
        [sys.executable, "-u", "-m", "desk", "rehearse"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        endpoints = []
        for line in process.stdout:
            endpoints = re.findall(r"http://127\.0\.0\.1:\d+", line)
            if endpoints:
                break
        os.kill(process.pid, signal.SIGTERM)
        _, errors = process.communicate(timeout=60)

    assert process.returncode == 130
    assert "nothing is left running" in errors
    assert len(endpoints) == 2
    for endpoint in endpoints:
        with pytest.raises(urllib.error.URLError):
            urllib.request.urlopen(endpoint, timeout=2)
