"""What a person sees of a rehearsal."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.rehearsal.fleet import Member, View
from desk.rehearsal.inboxes import Received
from desk.rehearsal.rehearse import Scene
from desk.rehearsal.watching import Progress


class Screen:
    """Prints as things happen: colour in a terminal, plain text elsewhere."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def say(self, words: str) -> None:
        """One line of progress."""
        self._console.print(Text(f"  {words}"))

    def title(self, words: str) -> None:
        """The beginning of a part."""
        self._console.print()
        self._console.rule(Text(words, style="bold"), align="left")

    def state(self, progress: Progress) -> None:
        """A state that the execution has left."""
        about = f"  {progress.instance_id}" if progress.instance_id else ""
        self._console.print(Text(f"  {progress.seconds:5.1f} s  {progress.state}{about}"))

    def scene(self, scene: Scene, members: Sequence[Member]) -> None:
        """The fleet before and after, and every message word for word."""
        for instance_id, seconds in scene.seconds_to_verified.items():
            self.say(f"{seconds:.1f} s from the stored mail to {instance_id} read back as quarantined")
        self.part("Read back from EC2")
        for member in members:
            self._instance(member, scene.before[member.instance_id], scene.after[member.instance_id])
        for message, admins in _by_message(scene.messages):
            self.part(f"{message.channel} to {', '.join(admins)}")
            words = f"Subject: {message.subject}\n\n{message.body}" if message.channel == "email" else message.body
            # Never wrapped: what a person copies from here must work.
            self._console.print(Text(words), soft_wrap=True)

    def part(self, words: str) -> None:
        """The beginning of a part of a scene."""
        self._console.print()
        self._console.rule(Text(words), align="left", style="dim", characters="·")

    def mistakes(self, mistakes: Sequence[str]) -> None:
        """Where EC2 does not show what was decided; or that it does."""
        for mistake in mistakes:
            self._console.print(Text(f"WRONG: {mistake}", style="bold red"))
        if not mistakes:
            self._console.print(Text("EC2 shows exactly what was decided.", style="bold green"))

    def _instance(self, member: Member, before: View, after: View) -> None:
        state, style = "CHANGED", "yellow"
        if after.quarantined:
            state, style = "QUARANTINED" if after != before else "QUARANTINED, as it was", "green"
        elif before == after:
            state, style = "as it was", "dim"
        line = Text(f"{member.instance_id}  {member.region}  {member.role}  ")
        self._console.print(line.append(state, style=style))
        table = Table("interface", "groups before", "groups after", box=None, padding=(0, 1, 0, 2))
        for interface, groups in before.groups.items():
            table.add_row(interface, "\n".join(groups), "\n".join(after.groups.get(interface, ())))
        self._console.print(table)
        for snapshot in after.snapshots:
            new = "" if snapshot in before.snapshots else "  new"
            self.say(f"{snapshot}{new}")


def _by_message(messages: Sequence[Received]) -> list[tuple[Received, list[str]]]:
    """Each message once, with everybody who got it."""
    once: dict[tuple[str, str, str], tuple[Received, list[str]]] = {}
    for message in messages:
        once.setdefault((message.channel, message.subject, message.body), (message, []))[1].append(message.admin)
    return list(once.values())
