"""A story as it is told: each part is played, and then read back from EC2, the case table and the inboxes."""

import json
import re
import shlex
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from desk.errors import DeskError
from desk.rehearsal.emulators import ROOT
from desk.rehearsal.execution_watch import StateProgress
from desk.rehearsal.fleet import FullInstanceView
from desk.rehearsal.inboxes import ReceivedMessage
from desk.rehearsal.rehearse import MailRun, Rehearsal
from desk.rehearsal.stories import (
    ADA,
    HANAKO,
    AdminAnswers,
    DeskCommand,
    ExpectedState,
    MailArrives,
    ReminderDue,
    Story,
    StoryPart,
)
from desk.rehearsal.story_mails import FOLDER, answer_mail, with_new_dates
from desk.verbs import COMMAND
from lambdas.domain.case.case import Case

_PATIENCE_SECONDS = 30
_JAPANESE = re.compile(r"[\u3040-\u30ff\u4e00-\u9fff]")


class StoryPresenter(Protocol):
    """Shows a story while it is played."""

    @property
    def columns(self) -> int:
        """The width for what the desk prints."""

    def title(self, words: str) -> None:
        """The beginning of a part."""

    def say(self, words: str) -> None:
        """One line of progress."""

    def state(self, progress: StateProgress) -> None:
        """A state of an execution has ended."""

    def show_text(self, title: str, words: str) -> None:
        """A command, its output or a mail, word for word."""

    def wait(self, words: str, is_over: Callable[[], bool], until: datetime) -> None:
        """Wait until `is_over` or the time has come, and show progress."""


@dataclass(frozen=True)
class PlayedPart:
    """A played part: the case, the fleet before and after, all messages, and what is wrong."""

    part: StoryPart
    instance_id: str  # of the story
    scene: MailRun | None  # where a mail came in
    texts: tuple[tuple[str, str], ...]
    case: Case | None
    before: dict[str, FullInstanceView]
    after: dict[str, FullInstanceView]
    messages: tuple[ReceivedMessage, ...]
    mistakes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """What happened and what was read back, for `--json`."""
        case = self.case
        return {
            "part": self.part.title,
            "did": [{"what": what, "words": words} for what, words in self.texts],
            "mail": self.scene.to_json() if self.scene else None,
            "case": {
                "id": case.id,
                "state": case.state,
                "deadline": case.deadline.at.isoformat() if case.deadline else None,
                "acknowledged": case.acknowledged.to_json() if case.acknowledged else None,
                "instances": dict(case.instances),
                "timeline": [entry.to_json() for entry in case.timeline],
            }
            if case
            else None,
            "instances": {instance_id: asdict(view) for instance_id, view in self.after.items()},
            "messages": [asdict(message) for message in self.messages],
            "mistakes": list(self.mistakes),
        }


def play_story(story: Story, stage: Rehearsal, presenter: StoryPresenter) -> Iterator[PlayedPart]:
    """Play the parts of a story in order."""
    at_start = stage.fleet.whole_view()
    before = at_start
    for number, part in enumerate(story.parts, 1):
        presenter.title(f"{number}/{len(story.parts)}  {part.title}")
        played = _PartPlayer(story, stage, presenter)
        played.do(part)
        result = played.read_back(part, at_start, before)
        before = result.after
        yield result


@dataclass
class _PartPlayer:
    """A part while it is played."""

    story: Story
    stage: Rehearsal
    presenter: StoryPresenter
    messages: list[ReceivedMessage] = field(default_factory=list)
    texts: list[tuple[str, str]] = field(default_factory=list)
    scene: MailRun | None = None
    mistakes: list[str] = field(default_factory=list)

    def do(self, part: StoryPart) -> None:
        """Play the event and wait for its messages."""
        match part.event:
            case MailArrives(file, seconds):
                self._mail(Path(file), with_new_dates((FOLDER / file).read_bytes(), seconds_ago=seconds))
            case AdminAnswers(gaps):
                draft = json.loads(self._desk("reply", self.story.case, "--json"))
                mail = answer_mail(draft, gaps, ADA)
                written = mail[mail.index(b"\nDate: ") + 1 :]
                self._show_text("Ada's mail: the draft, with its gaps filled in", written.decode())
                self._mail(Path("the copy of Ada's answer"), mail)
            case DeskCommand(words):
                self._show_text(f"$ {shlex.join(('python', '-m', 'desk', *words))}", self._desk(*words))
            case ReminderDue(hours):
                self._reminder(hours, sum(part.messages.values()))
        self._settle(part)

    def read_back(
        self, part: StoryPart, at_start: dict[str, FullInstanceView], before: dict[str, FullInstanceView]
    ) -> PlayedPart:
        """The part with everything read back."""
        self._have_received(0)
        case, after = self.stage.case(self.story.case), self.stage.fleet.whole_view()
        mistakes = [
            *self.mistakes,
            *(self.scene.mistakes(self.stage.fleet.members) if self.scene else ()),
            *_of_case(part, case),
            *_of_fleet(part, self.story.instance_id, at_start, after),
            *_of_messages(part, self.story.case, self.messages),
        ]
        return PlayedPart(
            part=part,
            instance_id=self.story.instance_id,
            scene=self.scene,
            texts=tuple(self.texts),
            case=case,
            before=before,
            after=after,
            messages=tuple(self.messages),
            mistakes=tuple(mistakes),
        )

    def _mail(self, name: Path, raw: bytes) -> None:
        self.scene = self.stage.play(name, raw, self.presenter.state)
        self.messages += self.scene.messages

    def _desk(self, *words: str) -> str:
        """The output of a desk command in the rehearsal's account."""
        run = subprocess.run(  # noqa: S603  our own interpreter with words of a story
            [sys.executable, "-m", "desk", *words],
            cwd=ROOT,
            env={**self.stage.emulators.environment(), "COLUMNS": str(self.presenter.columns)},
            capture_output=True,
            text=True,
            check=False,
        )
        if run.returncode:
            raise DeskError(f"`{COMMAND} {shlex.join(words)}` ended with {run.returncode}: {run.stderr}")
        return run.stdout

    def _reminder(self, hours: float, count: int) -> None:
        case = self.stage.case(self.story.case)
        if case is None or case.deadline is None:
            raise DeskError(f"case {self.story.case} has no deadline to be reminded of")
        due = case.deadline.at - timedelta(hours=hours)
        self.presenter.say(
            f"AWS's deadline is {case.deadline.at:%d %b %H:%M:%S} UTC; the clock strikes at {due:%H:%M:%S}"
        )
        self.presenter.wait("until the clock strikes", lambda: self._have_received(count), due)
        if datetime.now(UTC) < due:
            self.mistakes.append(f"the clock struck before {due:%H:%M:%S}")

    def _settle(self, part: StoryPart) -> None:
        """Wait for the expected messages and the expected state of the case."""
        until = datetime.now(UTC) + timedelta(seconds=_PATIENCE_SECONDS)

        def is_over() -> bool:
            return self._have_received(sum(part.messages.values())) and not list(
                _of_case(part, self.stage.case(self.story.case))
            )

        if not is_over():
            self.presenter.wait("until all have been told", is_over, until)

    def _have_received(self, count: int) -> bool:
        self.messages += self.stage.inboxes.collect()
        return len(self.messages) >= count

    def _show_text(self, title: str, words: str) -> None:
        self.texts.append((title, words))
        self.presenter.show_text(title, words)


def _of_case(part: StoryPart, case: Case | None) -> Iterator[str]:
    if case is None or case.state is not part.state:
        yield f"the case should be {part.state} and is {case.state if case else 'not there'}"


def _of_fleet(
    part: StoryPart, instance_id: str, at_start: dict[str, FullInstanceView], after: dict[str, FullInstanceView]
) -> Iterator[str]:
    now, then = after[instance_id], at_start[instance_id]
    stands = {
        ExpectedState.UNTOUCHED: now == then,
        ExpectedState.CONTAINED: now.quarantined and now.denied and now.protected and bool(now.snapshots),
        ExpectedState.RELEASED: replace(now, snapshots=then.snapshots) == then and bool(now.snapshots),
    }
    if not stands[part.instance]:
        yield f"{instance_id} should be {part.instance} and is not"
    for other, view in after.items():
        if other != instance_id and view != at_start[other]:
            yield f"{other} should be as it was and is not"


def _of_messages(part: StoryPart, case: str, messages: Sequence[ReceivedMessage]) -> Iterator[str]:
    came = Counter(message.admin for message in messages)
    for admin in sorted({*part.messages, *came}):
        if came[admin] != part.messages.get(admin, 0):
            yield f"{admin} should have got {part.messages.get(admin, 0)} message(s) and got {came[admin]}"
    for message in messages:
        if case not in message.subject + message.body:
            yield f"a message to {message.admin} does not name the case: {message.subject or message.body}"
        if bool(_JAPANESE.search(message.body)) != (message.admin == HANAKO):
            yield f"a message to {message.admin} is in another language: {message.subject or message.body}"
