"""`desk rehearse`."""

import argparse
import textwrap
from pathlib import Path

from desk.rehearsal.stories import MISSION, STORIES
from desk.verbs import Verbs, add_verb


def register(verbs: Verbs) -> None:
    rehearse = add_verb(
        verbs,
        "rehearse",
        _run,
        summary="run the main job on this machine, on emulated services",
        description="Deploy the responder to emulators, hand in a mail and show what happens. Without MAIL, play a "
        f"whole story, by default {MISSION.name}: admins act at the desk, and reminders come within seconds.",
        epilog="stories:\n" + "\n".join(f"  {story.name}\n{_indented(story.about)}" for story in STORIES.values()),
    )
    played = rehearse.add_mutually_exclusive_group()
    played.add_argument(
        "mail", nargs="?", type=Path, metavar="MAIL", help="a stored mail (.eml), or a Health event (.json)"
    )
    played.add_argument(
        "--story",
        action="append",
        choices=tuple(STORIES),
        metavar="NAME",
        help="play this story; repeat it to play several in turn",
    )
    rehearse.add_argument("--json", type=Path, metavar="FILE", help="write what was read back to FILE")
    rehearse.add_argument("--keep", action="store_true", help="keep the emulators up until Ctrl-C and say where")


def _indented(text: str) -> str:
    return textwrap.fill(text, 80, initial_indent=" " * 4, subsequent_indent=" " * 4)


def _run(options: argparse.Namespace) -> int:
    from desk.rehearsal.command import rehearse  # noqa: PLC0415

    return rehearse(options.mail, stories=options.story or (), json_file=options.json, keep=options.keep)
