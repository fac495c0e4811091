"""`python -m desk rehearse`: what it plays and what it leaves behind."""

import json
import time
from pathlib import Path

from rich.console import Console

from desk.errors import DeskError
from desk.rehearsal.delivery import notice_in
from desk.rehearsal.rehearse import STORY, Stage, account_of, read_mails, stage
from desk.rehearsal.screen import Screen


def rehearse(mail: Path | None, *, json_file: Path | None, keep: bool) -> int:
    """Play one mail, or the story; 0 only if EC2 shows what was decided for each of them."""
    mails = read_mails([mail] if mail else STORY)
    if json_file and not json_file.resolve().parent.is_dir():
        raise DeskError(f"--json {json_file}: there is no folder {json_file.resolve().parent}")
    screen = Screen(Console(width=None))
    account_id, began, mistakes, scenes = account_of(mails), time.monotonic(), [], []
    screen.title(f"Setting up account {account_id} on this machine")
    with stage(account_id, screen.say) as set_up:
        set_up.fleet.launch_for([(notice_in(raw), raw) for _, raw in mails])
        screen.say(f"{len(set_up.fleet.members)} instances launched")
        for path, raw in mails:
            screen.title(path.name)
            scene = set_up.play(path, raw, screen.state)
            screen.scene(scene, set_up.fleet.members)
            wrong = scene.mistakes(set_up.fleet.members)
            screen.mistakes(wrong)
            scenes.append(scene)
            mistakes += wrong
        if json_file:
            json_file.write_text(json.dumps({"account_id": account_id, "scenes": [one.to_json() for one in scenes]}))
            screen.say(f"what was read back is in {json_file}")
        screen.say(f"{time.monotonic() - began:.0f} s in all")
        if keep:
            _keep(set_up, screen)
    return 1 if mistakes else 0


def _keep(set_up: Stage, screen: Screen) -> None:
    """Wait for Ctrl-C with everything up."""
    screen.title("Kept up until Ctrl-C")
    screen.say(f"export AWS_ACCESS_KEY_ID={set_up.emulators.account_id} AWS_SECRET_ACCESS_KEY=rehearsal")
    screen.say(f"aws --endpoint-url {set_up.emulators.moto} --region REGION ec2 describe-instances")
    screen.say(f"aws --endpoint-url {set_up.emulators.ministack} --region us-east-1 stepfunctions list-state-machines")
    while True:
        time.sleep(3600)
