"""`desk show CASE`: a case with its current instances, and what to do next."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, TextIO

from rich.console import Console
from rich.table import Table
from rich.text import Text

from desk.case_reader import CaseReader, as_json
from desk.cases import STYLES, summary
from desk.deployed import explain_aws_errors
from desk.live_instances import read_live_states
from lambdas.domain.case.tasks import tasks
from lambdas.domain.case.urgency import Urgency, urgency
from lambdas.domain.clean import clean_text
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.language.en import PAGE
from lambdas.domain.page.case_record import CaseRecord, CaseResource, EvidenceManifest
from lambdas.domain.page.dates import format_time
from lambdas.domain.page.live_state import LiveState
from lambdas.domain.page.sections import actor_name, deadline_text


def show(case: str, out: TextIO, now: datetime, *, json: bool) -> int:
    """Print the case. Raises DeskError if AWS refuses."""
    with explain_aws_errors("Look"):
        reader = CaseReader()
        record = reader.case_record(case)
        manifests, live = reader.manifests(record), read_live_states(record)
    if json:
        print(as_json(_content(record, manifests, live, now)), file=out)
    else:
        _CaseScreen(Console(file=out, highlight=False), record, now).show(manifests, live)
    return 0


def _content(
    record: CaseRecord, manifests: Sequence[EvidenceManifest], live: Mapping[str, LiveState], now: datetime
) -> dict[str, Any]:
    """The case for `--json`."""
    return {
        **summary(record.case, now),
        "as_of": now.isoformat(),
        "instances": [
            {
                "instance_id": resource.name,
                "standing": resource.status,
                "region": resource.instance.region if resource.instance else None,
                "account_id": resource.instance.account_id if resource.instance else None,
                "name": resource.instance.name if resource.instance else "",
                "before": resource.contained_record.before.to_json() if resource.contained_record else None,
                "now": live[resource.name].to_json() if resource.name in live else None,
            }
            for resource in record.resources
        ],
        "timeline": [entry.to_json() for entry in record.case.timeline],
        "evidence": [
            {
                "manifest": manifest.key,
                "sha256": manifest.sha256,
                "as_recorded": manifest.is_as_recorded,
                "files": manifest.content["files"],
                "not_read": manifest.unread,
            }
            for manifest in manifests
        ],
        "to_do": [
            {"kind": task.kind, "resource": task.resource, "commands": list(task.commands)}
            for task in tasks(record.case, record.regions)
        ],
    }


class _CaseScreen:
    """Prints a case section by section: colour in a terminal, plain text elsewhere."""

    def __init__(self, console: Console, record: CaseRecord, now: datetime) -> None:
        self._console, self._record, self._now = console, record, now

    def show(self, manifests: Sequence[EvidenceManifest], live: Mapping[str, LiveState]) -> None:
        """What is urgent comes first; what to do comes last, next to the prompt."""
        self._head()
        self._part(PAGE["instances"])
        for subject in self._record.resources:
            self._instance(subject, live.get(subject.name))
        self._part(PAGE["timeline"])
        self._timeline()
        self._part(PAGE["evidence"])
        self._evidence(manifests)
        self._part(PAGE["to_do"])
        self._to_do()

    def _head(self) -> None:
        case, how = self._record.case, urgency(self._record.case, self._now)
        style = STYLES.get(how, "bold")
        title = Text(PAGE["title"].format(case=case.id), style="bold")
        # An answered or closed case is not urgent: its state says so.
        says_more = how not in {Urgency.ANSWERED, Urgency.OVER}
        states = [PAGE[f"state:{case.state}"], *([PAGE[f"urgency:{how}"]] if says_more else [])]
        self._console.print(title.append("  ").append(", ".join(states), style=style))
        due = f"{format_time(case.deadline.at)}, " if case.deadline else ""
        stated = f" ({PAGE['stated' if case.deadline.stated else 'unstated']})" if case.deadline else ""
        acknowledged = case.acknowledged
        on_it = (
            PAGE["since"].format(who=actor_name(acknowledged, PAGE, whole=True), at=format_time(acknowledged.at))
            if acknowledged
            else PAGE["nobody"]
        )
        self._rows(
            [
                (PAGE["deadline"], f"{due}{deadline_text(case, self._now, PAGE)}{stated}"),
                (PAGE["on_it"], on_it),
                (PAGE["opened"], format_time(case.opened_at)),
                (PAGE["subject"], self._record.newest_notice.notice.subject),
                (PAGE["proof"], PAGE["proven" if case.proven else "unproven"]),
                (PAGE["measures"], "\n".join(case.measures) or PAGE["no_measures"]),
            ]
        )

    def _instance(self, subject: CaseResource, now: LiveState | None) -> None:
        line = Text(subject.name, style="bold")
        line.append(f"  {PAGE[f'standing:{subject.status}']}", style="" if now and now.quarantined else "bold")
        self._console.print(line)
        instance = subject.instance
        rows: list[tuple[str, str]] = []
        if instance:
            where = PAGE["place"].format(region=instance.region, account=instance.account_id)
            rows.append(("", where))
            rows += [("", PAGE["called"].format(name=instance.name))] if instance.name else []
        if now:
            rows += _now(now)
        else:
            rows.append((PAGE["now"], PAGE["held_by_none"]))
        self._rows(rows)
        self._console.print()

    def _timeline(self) -> None:
        table = Table(box=None, padding=(0, 1), pad_edge=False)
        for head in ("when", "what", "who", "why"):
            table.add_column(PAGE[head], overflow="fold", max_width=16 if head == "who" else None)
        for entry in self._record.case.timeline:
            words = "\n".join(filter(None, (entry.resource, entry.words)))
            cells = (f"{entry.at:%m-%d %H:%M}", PAGE[f"what:{entry.kind}"], actor_name(entry, PAGE), words)
            table.add_row(*map(_plain, cells))
        self._console.print(table)

    def _evidence(self, manifests: Sequence[EvidenceManifest]) -> None:
        if not manifests:
            self._console.print(PAGE["no_evidence"])
        for manifest in manifests:
            self._console.print(_plain(manifest.key), soft_wrap=True)
            if manifest.body is None:
                self._rows([("", PAGE["manifest_unread"].format(why=manifest.unread))])
                continue
            same = PAGE["manifest_same" if manifest.is_as_recorded else "manifest_differs"].format(
                recorded=manifest.recorded
            )
            files = ", ".join(file["name"] for file in manifest.content["files"])
            self._rows([("SHA-256", manifest.sha256), ("", same), (PAGE["file"], files)])

    def _to_do(self) -> None:
        open_tasks = tasks(self._record.case, self._record.regions)
        if not open_tasks:
            self._console.print(PAGE["nothing_to_do"])
        for number, task in enumerate(open_tasks, 1):
            self._console.print(_plain(f"{number}. {PAGE[f'do:{task.kind}'].format(about=task.resource)}"))
            for command in task.commands:
                # Not wrapped, so that it can be copied.
                self._console.print(Text(f"   {command}", style="cyan"), soft_wrap=True)

    def _part(self, words: str) -> None:
        self._console.print()
        self._console.rule(Text(words, style="bold"), align="left", style="dim")

    def _rows(self, rows: Iterable[tuple[str, str]]) -> None:
        grid = Table.grid(padding=(0, 2, 0, 2))
        grid.add_column(style="dim", no_wrap=True)
        grid.add_column(overflow="fold")
        for name, value in rows:
            grid.add_row(name, _plain(value))
        self._console.print(grid)


def _now(now: LiveState) -> list[tuple[str, str]]:
    """An instance as AWS shows it now."""
    unread = [
        (PAGE["now"], PAGE["unread"].format(why=f"{part}: {in_english(why)}")) for part, why in now.unread.items()
    ]
    if now.instance is None:
        return unread
    rows = [
        (PAGE["row:state"], now.instance.state),
        (
            PAGE["row:quarantine"],
            PAGE["yes"] if now.quarantined else PAGE["no_because"].format(why=in_english(*now.violations)),
        ),
    ]
    for interface in now.instance.interfaces:
        carried = (f"{group} ({now.groups[group]})" if group in now.groups else group for group in interface.groups)
        rows.append((interface.interface_id, ", ".join(carried) or PAGE["none"]))
    membership = now.auto_scaling
    tags = (f"{key}={value}" for key, value in sorted(now.instance.tags.items()))
    return [
        *rows,
        (PAGE["row:auto_scaling"], f"{membership.group}: {membership.lifecycle}" if membership else PAGE["none"]),
        (PAGE["row:tags"], "\n".join(tags) or PAGE["none"]),
        *unread,
    ]


def _plain(words: str) -> Text:
    """Foreign text without control characters, which could move the cursor or reverse the text."""
    return Text(clean_text(words))
