"""What an admin sees of a case end to end: listed, shown as EC2 has it, written as a page, and filed as one."""

import json
import os
import subprocess
import sys

import pytest

from tests.domain.page.pages import Seen
from tests.e2e.notices import fresh, notice
from tests.e2e.waiting import eventually


@pytest.fixture
def desk(responder):
    """`python -m desk …` against the deployed responder; returns what it printed."""

    def run(*words):
        command = [sys.executable, "-m", "desk", *words]
        env = {**os.environ, **responder.emulators.environment()}
        done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    return run


def test_a_case_is_listed_shown_written_and_filed(responder, play, desk, tmp_path):
    case, instance_id = fresh()
    play(notice(case, instance_id))

    (listed,) = (load for load in json.loads(desk("cases", "--json")) if load["case"] == case)
    assert (listed["state"], listed["instances"]) == ("open", {instance_id: "contained"})

    shown = json.loads(desk("show", f"{case}-1", "--json"))
    (instance,) = shown["instances"]
    view = responder.fleet.view()[instance_id]
    assert instance["now"]["quarantined"]
    assert {
        interface["id"]: [group["id"] for group in interface["groups"]] for interface in instance["now"]["interfaces"]
    } == view.groups
    assert [entry["kind"] for entry in shown["timeline"]] == ["notice", "contained"]
    assert all(manifest["as_recorded"] and manifest["files"] for manifest in shown["evidence"])
    assert f"python -m desk ack {case}" in desk("show", case)

    desk("report", case, "--html", str(tmp_path / "case.html"))
    written = Seen((tmp_path / "case.html").read_text(encoding="utf-8"))
    s3 = responder.emulators.client("s3")
    bucket = responder.deployment.evidence_bucket

    def filed():
        """The newest page among the evidence: their names are in the order of what they tell."""
        pages = s3.list_objects_v2(Bucket=bucket, Prefix=f"cases/{case}/reports/").get("Contents", [{"Key": ""}])
        key = max(page["Key"] for page in pages)
        return Seen(s3.get_object(Bucket=bucket, Key=key)["Body"].read().decode()).text if key else []

    wanted = (instance_id, shown["evidence"][0]["sha256"], *view.groups)
    # It follows the table, and no step waits for it.
    eventually(filed, lambda text: all(words in " ".join(text) for words in wanted))
    assert all(words in " ".join(written.text) for words in wanted)

    assert "a test only" not in " ".join(filed())
    desk("close", case, "--words", "a test only")
    eventually(filed, lambda text: "a test only" in " ".join(text))
    responder.inboxes.wait(2)
