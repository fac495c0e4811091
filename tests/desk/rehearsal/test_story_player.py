"""A story is told right only if EC2, the case and the messages are as it says: whatever is not is named."""

import io
import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from rich.console import Console

from desk.errors import DeskError
from desk.rehearsal import story_player
from desk.rehearsal.fleet import FleetInstance, FullInstanceView
from desk.rehearsal.inboxes import ReceivedMessage
from desk.rehearsal.screen import RehearsalScreen
from desk.rehearsal.stories import ADA, HANAKO, DeskCommand, ExpectedState, MailArrives, ReminderDue, Story, StoryPart
from desk.rehearsal.story_player import play_story
from lambdas.domain.case.case import CaseState
from tests.samples import CASE, INSTANCE

BYSTANDER = "i-0b57a4de8b57a4de8"
BEFORE = FullInstanceView(
    instance_id=INSTANCE,
    region="ap-northeast-1",
    name="web-1",
    state="running",
    groups={"eni-1": ["sg-web"]},
    tags={},
    snapshots=[],
    quarantined=False,
    profile="web-server",
    denied=False,
    protected=False,
    on_shutdown="stop",
    deleted_on_termination={"/dev/xvda": False},
)
CONTAINED = replace(
    BEFORE, groups={"eni-1": ["sg-q"]}, snapshots=["snap-1"], quarantined=True, denied=True, protected=True
)
RELEASED = replace(BEFORE, snapshots=["snap-1"])
ALL = (
    ReceivedMessage(ADA, "email", f"INFO: it is so (case {CASE})", "It is so."),
    ReceivedMessage(HANAKO, "email", f"情報 (ケース {CASE})", "そうです。"),
)
AS_IT_IS = {"state": CaseState.OPEN, "instance": BEFORE, "bystander": BEFORE, "messages": ALL}


class Stage:
    """A stage on which all is as it is told to be, once a part has begun."""

    def __init__(self, *, due=None, **after):
        self.after = after
        member = FleetInstance(INSTANCE, "1", "ap-northeast-1", "named", "web-1")
        self.fleet = SimpleNamespace(whole_view=self.view, members=[member])
        self.inboxes = SimpleNamespace(collect=self.collect)
        self.emulators = SimpleNamespace(environment=lambda: {"PATH": "/usr/bin"})
        self.deadline = (due or datetime.now(UTC)) + timedelta(hours=0.25)
        self.begun = False

    def view(self):
        views = (self.after["instance"], self.after["bystander"]) if self.begun else (BEFORE, BEFORE)
        self.begun = True
        return dict(zip((INSTANCE, BYSTANDER), views, strict=True))

    def collect(self):
        messages, self.after["messages"] = self.after["messages"], ()
        return list(messages)

    def case(self, number):
        assert number == CASE
        state = self.after["state"]
        return SimpleNamespace(state=state, deadline=SimpleNamespace(at=self.deadline)) if state else None

    def play(self, *_):
        return SimpleNamespace(messages=(), mistakes=lambda _: [], seconds_to_verified={})


@pytest.fixture(autouse=True)
def _no_patience(monkeypatch):
    monkeypatch.setattr(story_player, "_PATIENCE_SECONDS", 0.2)


def play_part(stage, event=None, instance=ExpectedState.UNTOUCHED):
    """The one part of a story, told on this stage, and what stands on the screen."""
    part = StoryPart(
        "It happens", event or MailArrives("1-first-notice.eml"), CaseState.OPEN, instance, {ADA: 1, HANAKO: 1}
    )
    shown = io.StringIO()
    (played,) = play_story(
        Story("it", "what happens", CASE, INSTANCE, (part,)), stage, RehearsalScreen(Console(file=shown, width=80))
    )
    return played, shown.getvalue()


@pytest.mark.parametrize(
    ("instance", "view"),
    [(ExpectedState.UNTOUCHED, BEFORE), (ExpectedState.CONTAINED, CONTAINED), (ExpectedState.RELEASED, RELEASED)],
    ids=str,
)
def test_what_is_as_the_story_says_is_right(instance, view):
    played, _ = play_part(Stage(**{**AS_IT_IS, "instance": view}), instance=instance)
    assert played.mistakes == ()
    assert played.messages == ALL


@pytest.mark.parametrize(
    ("instance", "view"),
    [
        (ExpectedState.UNTOUCHED, RELEASED),  # a snapshot is a change as well
        (ExpectedState.UNTOUCHED, CONTAINED),
        (ExpectedState.CONTAINED, BEFORE),
        (ExpectedState.CONTAINED, replace(CONTAINED, denied=False)),
        (ExpectedState.CONTAINED, replace(CONTAINED, protected=False)),
        (ExpectedState.CONTAINED, replace(CONTAINED, snapshots=[])),
        (ExpectedState.RELEASED, CONTAINED),
        (ExpectedState.RELEASED, BEFORE),  # its snapshots are gone
        (ExpectedState.RELEASED, replace(RELEASED, denied=True)),
        (ExpectedState.RELEASED, replace(RELEASED, profile="another")),
        (ExpectedState.RELEASED, replace(RELEASED, on_shutdown="terminate")),
        (ExpectedState.RELEASED, replace(RELEASED, deleted_on_termination={"/dev/xvda": True})),
        (ExpectedState.RELEASED, replace(RELEASED, tags={"AbuseResponder:Case": CASE})),
    ],
)
def test_an_instance_that_stands_otherwise_is_named(instance, view):
    played, _ = play_part(Stage(**{**AS_IT_IS, "instance": view}), instance=instance)
    assert played.mistakes == (f"{INSTANCE} should be {instance} and is not",)


@pytest.mark.parametrize(
    ("what", "is_so", "words"),
    [
        ("bystander", CONTAINED, f"{BYSTANDER} should be as it was and is not"),
        ("state", CaseState.CLOSED, "the case should be open and is closed"),
        ("state", None, "the case should be open and is not there"),
        ("messages", ALL[:1], f"{HANAKO} should have got 1 message(s) and got 0"),
        ("messages", (*ALL, ALL[0]), f"{ADA} should have got 1 message(s) and got 2"),
        ("messages", (*ALL, replace(ALL[0], admin="+1")), "+1 should have got 0 message(s) and got 1"),
        (
            "messages",
            (ALL[0], replace(ALL[0], admin=HANAKO)),
            f"a message to {HANAKO} is in another language: {ALL[0].subject}",
        ),
        (
            "messages",
            (replace(ALL[0], subject="INFO: something"), ALL[1]),
            f"a message to {ADA} does not name the case: INFO: something",
        ),
    ],
)
def test_what_else_is_not_as_the_story_says_is_named(what, is_so, words):
    played, _ = play_part(Stage(**{**AS_IT_IS, what: is_so}))
    assert played.mistakes == (words,)


def test_the_clock_strikes_when_it_is_due():
    played, shown = play_part(Stage(**AS_IT_IS, due=datetime.now(UTC) - timedelta(seconds=1)), ReminderDue(0.25))
    assert played.mistakes == ()
    assert "; the clock strikes at " in " ".join(shown.split())


def test_a_reminder_that_comes_too_early_is_named():
    due = datetime.now(UTC) + timedelta(minutes=20)
    played, _ = play_part(Stage(**AS_IT_IS, due=due), ReminderDue(0.25))
    assert played.mistakes == (f"the clock struck before {due:%H:%M:%S}",)


def run(monkeypatch, status, out="", err=""):
    monkeypatch.setattr(
        story_player.subprocess,
        "run",
        lambda command, **_: subprocess.CompletedProcess(command, status, stdout=out, stderr=err),
    )


def test_what_is_typed_and_printed_is_shown_and_kept(monkeypatch):
    run(monkeypatch, 0, out="Ada is on it.\n")
    played, shown = play_part(Stage(**AS_IT_IS), DeskCommand(("ack", CASE, "--words", "I look")))
    assert played.texts == ((f"$ python -m desk ack {CASE} --words 'I look'", "Ada is on it.\n"),)
    assert all(words in shown for words in (f"$ python -m desk ack {CASE} --words 'I look'", "Ada is on it."))


def test_a_verb_that_is_refused_ends_the_story(monkeypatch):
    run(monkeypatch, 2, err="desk ack: there is no case 1")
    with pytest.raises(DeskError, match="`python -m desk ack 1` ended with 2: desk ack: there is no case 1"):
        play_part(Stage(**AS_IT_IS), DeskCommand(("ack", "1")))
