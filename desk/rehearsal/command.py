"""`python -m desk rehearse`: plays mails or stories."""

import json
import shlex
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from desk.errors import DeskError
from desk.rehearsal.delivery import notice_in
from desk.rehearsal.rehearse import Rehearsal, account_of, read_mails, rehearsal
from desk.rehearsal.screen import RehearsalScreen
from desk.rehearsal.stories import MISSION, SETTINGS, STORIES, Story
from desk.rehearsal.story_mails import FOLDER
from desk.rehearsal.story_player import play_story
from desk.verbs import COMMAND


def rehearse(mail: Path | None, *, stories: Sequence[str], json_file: Path | None, keep: bool) -> int:
    """Play a mail or stories; returns 0 if nothing differs from the decisions and the stories, else 1."""
    mails = read_mails([mail]) if mail else []
    chosen = [] if mail else [STORIES[name] for name in stories or (MISSION.name,)]
    stored = [raw for _, raw in mails] or [(FOLDER / name).read_bytes() for story in chosen for name in story.mails]
    if json_file and not json_file.resolve().parent.is_dir():
        raise DeskError(f"--json {json_file}: there is no folder {json_file.resolve().parent}")
    screen = RehearsalScreen(Console(width=None))
    account_id, began = account_of(stored), time.monotonic()
    screen.title(f"Setting up account {account_id} on this machine")
    with rehearsal(account_id, screen.say, SETTINGS if chosen else {}) as set_up:
        set_up.fleet.launch_for([(notice_in(raw), raw) for raw in stored])
        screen.say(f"{len(set_up.fleet.members)} instances launched")
        if chosen:
            played, mistakes = _play_stories(chosen, set_up, screen)
        else:
            played, mistakes = _play_mails(mails, set_up, screen)
        if json_file:
            json_file.write_text(json.dumps({"account_id": account_id, **played}))
            screen.say(f"what was read back is in {json_file}")
        screen.say(f"{time.monotonic() - began:.0f} s in all")
        if keep:
            _keep(set_up, screen)
    return 1 if mistakes else 0


def _play_mails(
    mails: Sequence[tuple[Path, bytes]], set_up: Rehearsal, screen: RehearsalScreen
) -> tuple[dict[str, Any], list[str]]:
    """Each mail as JSON, and what differs from the decisions."""
    scenes, mistakes = [], []
    for path, raw in mails:
        screen.title(path.name)
        scene = set_up.play(path, raw, screen.state)
        screen.scene(scene, set_up.fleet.members)
        wrong = scene.mistakes(set_up.fleet.members)
        screen.mistakes(wrong)
        scenes.append(scene.to_json())
        mistakes += wrong
    return {"scenes": scenes}, mistakes


def _play_stories(
    stories: Sequence[Story], set_up: Rehearsal, screen: RehearsalScreen
) -> tuple[dict[str, Any], list[str]]:
    """Each story as JSON, and what differs from it."""
    played_stories: list[dict[str, Any]] = []
    mistakes: list[str] = []
    for story in stories:
        screen.title(f"The story {story.name}")
        screen.say(story.about)
        parts = []
        for played in play_story(story, set_up, screen):
            screen.show_part(played, set_up.fleet.members)
            parts.append(played.to_json())
            mistakes += played.mistakes
        played_stories.append({"story": story.name, "parts": parts})
    return {"stories": played_stories}, mistakes


def _keep(set_up: Rehearsal, screen: RehearsalScreen) -> None:
    """Wait for Ctrl-C with everything up."""
    screen.title("Kept up until Ctrl-C")
    variables = {name: value for name, value in set_up.emulators.environment().items() if name.startswith("AWS_")}
    lines = [f"export {name}={shlex.quote(value)}" for name, value in variables.items()]
    screen.show_text("In another shell, to use the desk and the AWS CLI with it", "\n".join(lines))
    screen.show_text("For example", f"{COMMAND} cases\naws ec2 describe-instances --region REGION")
    while True:
        time.sleep(3600)
