"""The stories of the rehearsal as a person plays them: one command, in a process and a deployment of its own."""

import json
import re
import subprocess
import sys

import pytest

from desk.rehearsal.stories import ADA, HANAKO, PHONE, STORIES


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory):
    """All stories, one after the other: what stands on the screen, and the parts of each as JSON."""
    file = tmp_path_factory.mktemp("rehearsal") / "stories.json"
    names = [word for name in STORIES for word in ("--story", name)]
    run = subprocess.run(
        [sys.executable, "-m", "desk", "rehearse", *names, "--json", str(file)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == 0, run.stdout + run.stderr
    told = {story["story"]: story["parts"] for story in json.loads(file.read_text())["stories"]}
    return run.stdout, told


def mail(part, admin):
    """The last mail that an admin got in a part."""
    return [message for message in part["messages"] if (message["admin"], message["channel"]) == (admin, "email")][-1]


def states(parts):
    return [part["case"]["state"] for part in parts]


def noted(part):
    return [entry["kind"] for entry in part["case"]["timeline"]]


def quarantined(parts, story):
    return [part["instances"][STORIES[story].instance_id]["quarantined"] for part in parts]


def test_the_mission_is_contained_reminded_acknowledged_answered_and_released(rehearsal):
    _, told = rehearsal
    parts = told["mission"]
    first, reminder, ack, follow_up, answer, in_error, plan, release = parts
    instance_id, case = STORIES["mission"].instance_id, STORIES["mission"].case

    assert states(parts) == ["open"] * 4 + ["answered"] + ["resolved"] * 3
    assert quarantined(parts, "mission") == [True] * 7 + [False]
    assert mail(first, ADA)["subject"].startswith(f"ACTION: contained {instance_id}; answer AWS by ")
    assert mail(reminder, ADA)["subject"].startswith("URGENT: 15 minutes left to answer AWS (due ")
    assert [message["admin"] for message in reminder["messages"] if message["channel"] == "sms"] == [PHONE]
    assert ack["case"]["acknowledged"]["details"]["admin"] == ADA
    assert "I look at the snapshots first" in mail(ack, HANAKO)["body"]
    assert "already open" in mail(follow_up, ADA)["body"]
    assert "(the limit in the notice)" in mail(follow_up, ADA)["body"]
    assert follow_up["instances"] == first["instances"], "it makes no second snapshot set and moves nothing"

    written = answer["did"][0]["words"]
    assert "To: ec2-abuse@amazon.com\nCc: abuse-" in written
    assert "[[" not in written
    assert mail(answer, ADA)["subject"] == f"INFO: AWS was answered, the clock has stopped (case {case})"
    assert mail(in_error, ADA)["subject"].startswith("INFO: AWS says its notice was an error")
    assert f"python -m desk release {case} {instance_id}\n" in mail(in_error, ADA)["body"]
    (typed,) = plan["did"]
    assert typed["what"] == f"$ python -m desk release {case}"
    assert "Nothing was changed." in typed["words"]
    assert mail(release, ADA)["subject"].startswith(f"INFO: released {instance_id}")
    acts = ["contained", "reminded", "acknowledged", "answered", "released"]
    assert [what for what in dict.fromkeys(noted(release)) if what in acts] == acts


def test_an_unproven_mail_asks_and_is_declined(rehearsal):
    _, told = rehearsal
    parts = told["unproven-declined"]
    asked, declined, closed = parts
    instance_id = STORIES["unproven-declined"].instance_id

    assert states(parts) == ["open"] * 2 + ["closed"]
    assert quarantined(parts, "unproven-declined") == [False] * 3
    assert [part["case"]["instances"][instance_id] for part in (asked, declined)] == [
        "waits for a decision",
        "declined",
    ]
    assert f"python -m desk decline {asked['case']['id']} {instance_id}\n" in mail(asked, ADA)["body"]
    assert "it scans for us, by contract" in mail(declined, HANAKO)["body"]
    assert noted(closed) == ["notice", "asked", "declined", "closed"]
    assert not [message for part in parts for message in part["messages"] if message["channel"] == "sms"]


def test_an_unproven_mail_is_approved_and_contained(rehearsal):
    _, told = rehearsal
    asked, approved = told["unproven-approved"]
    instance_id = STORIES["unproven-approved"].instance_id

    assert asked["case"]["instances"] == {instance_id: "waits for a decision"}
    assert approved["case"]["instances"] == {instance_id: "contained"}
    assert quarantined((asked, approved), "unproven-approved") == [False, True]
    assert len(approved["instances"][instance_id]["snapshots"]) == 2
    assert "CONTAINED, read back from EC2 at" in mail(approved, ADA)["body"]
    assert "an admin approved it" in mail(approved, ADA)["body"]


def test_every_message_is_printed_whole_in_the_language_of_its_admin(rehearsal):
    printed, told = rehearsal
    messages = [message for parts in told.values() for part in parts for message in part["messages"]]
    assert {message["admin"] for message in messages} == {ADA, HANAKO, PHONE}
    position = {}
    for message in messages:
        # In the order in which each admin got them.
        position[message["admin"]] = printed.index(message["body"].rstrip(), position.get(message["admin"], 0))
        assert f"Subject: {message['subject']}\n" in printed or message["channel"] == "sms"
        assert bool(re.search(r"[\u3040-\u30ff]", message["body"])) == (message["admin"] == HANAKO)
    assert "日本時間" in mail(told["mission"][0], HANAKO)["body"]


def test_the_person_sees_what_happens_while_it_happens(rehearsal):
    printed, told = rehearsal
    for name, parts in told.items():
        assert f"The story {name} " in printed
        for number, part in enumerate(parts, 1):
            assert f"{number}/{len(parts)}  {part['part']} " in printed
    assert "; the clock strikes at " in printed
    assert " s until the clock strikes" in printed
    assert "WRONG" not in printed
