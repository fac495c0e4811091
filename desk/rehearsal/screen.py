"""Shows a rehearsal in the terminal."""

import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.rehearsal.execution_watch import StateProgress
from desk.rehearsal.fleet import FleetInstance, InstanceView
from desk.rehearsal.inboxes import ReceivedMessage
from desk.rehearsal.rehearse import MailRun
from desk.rehearsal.story_player import PlayedPart

# Without a terminal, a line says every so many seconds that it is still waiting.
_STILL_SECONDS = 10


class RehearsalScreen:
    """Prints as things happen: colour in a terminal, plain text elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console

    @property
    def columns(self) -> int:
        """How wide the terminal is."""
        return self._console.width

    def say(self, words: str) -> None:
        """One line of progress."""
        self._console.print(Text(f"  {words}"))

    def title(self, words: str) -> None:
        """The beginning of a part."""
        self._console.print()
        self._console.rule(Text(words, style="bold"), align="left")

    def state(self, progress: StateProgress) -> None:
        """A state that the execution has left."""
        about = f"  {progress.instance_id}" if progress.instance_id else ""
        self._console.print(Text(f"  {progress.seconds:5.1f} s  {progress.state}{about}"))

    def wait(self, words: str, is_over: Callable[[], bool], until: datetime) -> None:
        """Wait until `is_over` or the time has come, and show the seconds left."""
        start = last_line = time.monotonic()
        with self._console.status("") as status:
            while (seconds_left := (until - datetime.now(UTC)).total_seconds()) > 0 and not is_over():
                status.update(Text(f"{seconds_left:3.0f} s {words}"))
                if not self._console.is_terminal and time.monotonic() - last_line >= _STILL_SECONDS:
                    last_line = time.monotonic()
                    self.say(f"{seconds_left:3.0f} s {words}")
                time.sleep(0.1)
        if not self._console.is_terminal or time.monotonic() - start > 1:
            self.say(f"waited {time.monotonic() - start:.1f} s {words}")

    def show_text(self, title: str, words: str) -> None:
        """A command, its output or a mail, word for word."""
        self.part(title)
        self._console.print(Text(words.rstrip("\n")), soft_wrap=True)

    def scene(self, scene: MailRun, members: Sequence[FleetInstance]) -> None:
        """The fleet before and after, and every message word for word."""
        self._to_quarantine(scene)
        self._fleet(members, scene.before, scene.after)
        self._messages(scene.messages)

    def show_part(self, played: PlayedPart, members: Sequence[FleetInstance]) -> None:
        """The state after a part of a story, and every message word for word."""
        if played.scene:
            self._to_quarantine(played.scene)
        if played.before != played.after:
            self._fleet(members, played.before, played.after)
        self._messages(played.messages)
        if played.mistakes or not played.case:
            self.mistakes(played.mistakes)
            return
        came = ", ".join(f"{count} to {admin}" for admin, count in played.part.messages.items())
        self.part("As the story says")
        self._right(f"Case {played.case.id}: {played.case.state}. Messages: {came or 'none'}.")
        self._right(f"EC2 and IAM show {played.instance_id} {played.part.instance}; all others are as they were.")

    def part(self, words: str) -> None:
        """The beginning of a part of a scene."""
        self._console.print()
        self._console.rule(Text(words), align="left", style="dim", characters="·")

    def mistakes(self, mistakes: Sequence[str]) -> None:
        """What is wrong, or that nothing is."""
        for mistake in mistakes:
            self._console.print(Text(f"WRONG: {mistake}", style="bold red"))
        if not mistakes:
            self._right("EC2 shows exactly what was decided.")

    def _right(self, words: str) -> None:
        self._console.print(Text(words, style="bold green"))

    def _to_quarantine(self, scene: MailRun) -> None:
        for instance_id, seconds in scene.seconds_to_verified.items():
            self.say(f"{seconds:.1f} s from the stored mail to {instance_id} read back as quarantined")

    def _fleet(
        self, members: Sequence[FleetInstance], before: Mapping[str, InstanceView], after: Mapping[str, InstanceView]
    ) -> None:
        self.part("Read back from EC2")
        for member in members:
            self._instance(member, before[member.instance_id], after[member.instance_id])

    def _messages(self, messages: Sequence[ReceivedMessage]) -> None:
        for message, admins in _by_message(messages):
            self.part(f"{message.channel} to {', '.join(admins)}")
            words = f"Subject: {message.subject}\n\n{message.body}" if message.channel == "email" else message.body
            # Not wrapped, so that it can be copied.
            self._console.print(Text(words), soft_wrap=True)

    def _instance(self, member: FleetInstance, before: InstanceView, after: InstanceView) -> None:
        state, style = "CHANGED", "yellow"
        if after.quarantined:
            state, style = "QUARANTINED" if after != before else "QUARANTINED, as it was", "green"
        elif before == after:
            state, style = "as it was", "dim"
        elif before.quarantined:
            state, style = "OUT OF QUARANTINE", "green"
        line = Text(f"{member.instance_id}  {member.region}  {member.role}  ")
        self._console.print(line.append(state, style=style))
        if before == after:
            return
        table = Table("interface", "groups before", "groups after", box=None, padding=(0, 1, 0, 2))
        for interface, groups in before.groups.items():
            table.add_row(interface, "\n".join(groups), "\n".join(after.groups.get(interface, ())))
        self._console.print(table)
        for snapshot in after.snapshots:
            new = "" if snapshot in before.snapshots else "  new"
            self.say(f"{snapshot}{new}")


def _by_message(messages: Sequence[ReceivedMessage]) -> list[tuple[ReceivedMessage, list[str]]]:
    """Each message once, with all its recipients."""
    once: dict[tuple[str, str, str], tuple[ReceivedMessage, list[str]]] = {}
    for message in messages:
        once.setdefault((message.channel, message.subject, message.body), (message, []))[1].append(message.admin)
    return list(once.values())
