"""The timeline as a picture: three rows over one axis of time, with the deadline and the moment of the page.

Entries come in bursts of seconds and pauses of days. What would stand on the same spot is one mark with the numbers of
its entries, as the table below the picture has them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from unicodedata import east_asian_width

from lambdas.domain.case.case import Case
from lambdas.domain.case.timeline import RESPONDER, EntryKind, TimelineEntry
from lambdas.domain.page.dates import format_duration, format_time
from lambdas.domain.page.markup import line

ALERTS = frozenset(
    {EntryKind.NOT_CONTAINED, EntryKind.UNDECIDED, EntryKind.BROKEN, EntryKind.OVERDUE, EntryKind.UNACKNOWLEDGED}
)
_LANES = ("notices", "responder", "admins")

# All in the SVG's own units; the style sheet scales it.
_WIDTH, _LEFT, _RIGHT, _TOP, _LANE, _AXIS = 960, 96, 22, 40, 78, 30
_PLOT = _WIDTH - _LEFT - _RIGHT
_PILL = 22  # the height of a mark
_SIGN = 7.2  # the width of a letter, on the wide side
_GAP = 4
_STEPS = tuple(
    timedelta(minutes=minutes)
    for minutes in (1, 5, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 10080, 20160, 43200, 129600, 525600)
)
_MOST_TICKS = 8


@dataclass(frozen=True, slots=True)
class _Scale:
    """Where a moment stands between the edges of the plot."""

    start: datetime
    end: datetime

    def x(self, at: datetime) -> float:
        return _LEFT + _PLOT * ((at - self.start) / (self.end - self.start))


@dataclass(slots=True)
class _Mark:
    """The entries of one row that stand on the same spot, each with its number, and where that is."""

    entries: list[tuple[int, TimelineEntry]]
    x: float

    @property
    def name(self) -> str:
        numbers = [number for number, _ in self.entries]
        if len(numbers) <= 2:
            return ", ".join(map(str, numbers))
        return f"{numbers[0]}…{numbers[-1]}"

    @property
    def width(self) -> float:
        return max(_PILL, len(self.name) * _SIGN + 12)


def timeline_chart(case: Case, now: datetime, words: Mapping[str, str]) -> str:
    """The SVG of a case. Its colours come from the style sheet, so it is light or dark as the page is."""
    scale, later = _scaled(case, now)
    height = _TOP + _LANE * len(_LANES) + _AXIS
    described = [
        words["picture_desc"].format(
            count=len(case.timeline), first=format_time(case.timeline[0].at), last=format_time(case.timeline[-1].at)
        ),
        *([words["picture_deadline"].format(at=format_time(case.deadline.at))] if case.deadline else []),
        words["picture_now"].format(at=format_time(now)),
    ]
    drawn = [
        f'<svg class="picture" viewBox="0 0 {_WIDTH} {height}" role="img" aria-labelledby="of-picture in-picture">',
        f'<title id="of-picture">{line(words["picture_title"])}</title>',
        f'<desc id="in-picture">{line(" ".join(described))}</desc>',
        *_background(scale, words),
        *_lines(case, now, scale, later, words),
    ]
    for row, lane in enumerate(_LANES):
        entries = [(n, entry) for n, entry in enumerate(case.timeline, 1) if _lane(entry) == lane]
        drawn += _row(_marks(entries, scale), lane, _TOP + row * _LANE, words)
    return "\n".join([*drawn, "</svg>"])


def _lane(entry: TimelineEntry) -> str:
    if entry.kind is EntryKind.NOTICE:
        return "notices"
    return "responder" if entry.actor == RESPONDER else "admins"


def _scaled(case: Case, now: datetime) -> tuple[_Scale, timedelta | None]:
    """The scale, and how much later than its end the page was made, where that would press everything together."""
    moments = [entry.at for entry in case.timeline] + ([case.deadline.at] if case.deadline else [])
    first, last = min(moments), max(moments)
    length = max(last - first, timedelta(minutes=10))
    later = now - last if now - last > length / 2 else None
    if later is None:
        last = max(last, now)
        length = max(last - first, length)
    return _Scale(first - length * 0.03, last + length * 0.04), later


def _background(scale: _Scale, words: Mapping[str, str]) -> Iterable[str]:
    bottom = _TOP + _LANE * len(_LANES)
    for row, lane in enumerate(_LANES):
        top = _TOP + row * _LANE
        if row % 2 == 0:
            yield f'<rect class="row" x="0" y="{top}" width="{_WIDTH}" height="{_LANE}"/>'
        yield f'<text class="lane" x="10" y="{top + _LANE / 2 + 4:.0f}">{line(words[f"lane:{lane}"])}</text>'
    for at, name in _ticks(scale):
        x = scale.x(at)
        yield f'<line class="tick" x1="{x:.1f}" y1="{_TOP}" x2="{x:.1f}" y2="{bottom + 5}"/>'
        yield f'<text class="soft" x="{x:.1f}" y="{bottom + 20}" text-anchor="middle">{name}</text>'


def _ticks(scale: _Scale) -> Iterable[tuple[datetime, str]]:
    """Round moments; the date stands at the first one and at each midnight."""
    length = scale.end - scale.start
    step = next(
        (tick for tick in _STEPS if length / tick <= _MOST_TICKS), _STEPS[-1] * (length // (_STEPS[-1] * 8) + 1)
    )
    epoch = datetime(2001, 1, 1, tzinfo=UTC)  # a Monday, so that weeks begin as people have them
    at, shown = epoch + ((scale.start - epoch) // step + 1) * step, ""
    while at < scale.end:
        day = f"{at:%Y-%m-%d}"
        yield at, day if step >= timedelta(days=1) else (f"{at:%m-%d %H:%M}" if day != shown else f"{at:%H:%M}")
        at, shown = at + step, day


def _lines(
    case: Case, now: datetime, scale: _Scale, later: timedelta | None, words: Mapping[str, str]
) -> Iterable[str]:
    """The deadline and the present, their words beside them on the side that has room, on two levels."""
    bottom = _TOP + _LANE * len(_LANES)
    if case.deadline:
        yield _upright(
            "deadline",
            scale.x(case.deadline.at),
            14,
            bottom,
            words["mark_deadline"].format(at=format_time(case.deadline.at)),
        )
    if later is None:
        yield _upright("now", scale.x(now), 30, bottom, words["mark_now"])
    else:
        told = line(words["mark_later"].format(span=format_duration(later, words)))
        yield f'<g class="now"><text x="{_WIDTH - 8}" y="30" text-anchor="end">{told} →</text></g>'


def _upright(kind: str, x: float, y: float, bottom: float, name: str) -> str:
    anchor, beside = ("end", -5) if x > _WIDTH * 0.6 else ("start", 5)
    return (
        f'<g class="{kind}"><line x1="{x:.1f}" y1="{y - 10}" x2="{x:.1f}" y2="{bottom}"/>'
        f'<text x="{x + beside:.1f}" y="{y}" text-anchor="{anchor}">{line(name)}</text></g>'
    )


def _marks(entries: Sequence[tuple[int, TimelineEntry]], scale: _Scale) -> list[_Mark]:
    """The marks of a row. Two that would overlap become one, until none do."""
    marks: list[_Mark] = []
    for number, entry in entries:
        marks.append(_Mark([(number, entry)], scale.x(entry.at)))
        while len(marks) > 1 and marks[-1].x - marks[-2].x < (marks[-1].width + marks[-2].width) / 2 + _GAP:
            right, left = marks.pop(), marks.pop()
            share = len(right.entries) / (len(right.entries) + len(left.entries))
            marks.append(_Mark([*left.entries, *right.entries], left.x + (right.x - left.x) * share))
    return marks


def _row(marks: Sequence[_Mark], lane: str, top: float, words: Mapping[str, str]) -> Iterable[str]:
    """The marks, and above or below each its words, where they have room: the gravest one's, and how many more."""
    taken = {-1: float(_LEFT - 10), 1: float(_LEFT - 10)}
    middle = top + _LANE / 2
    for mark in marks:
        alert = " alert" if any(entry.kind in ALERTS for _, entry in mark.entries) else ""
        half, told = mark.width / 2, _label(mark, words)
        yield (
            f'<g class="mark {lane}{alert}"><title>{line(_full(mark, words))}</title>'
            f'<rect x="{mark.x - half:.1f}" y="{middle - _PILL / 2:.1f}" width="{mark.width:.1f}" height="{_PILL}" '
            f'rx="{4 if alert else _PILL / 2:.0f}"/>'
            f'<text x="{mark.x:.1f}" y="{middle + 4:.1f}">{line(mark.name)}</text>'
        )
        wide = _wide(told)
        x = min(max(mark.x, _LEFT + wide / 2), _WIDTH - 6 - wide / 2)
        for side in (-1, 1):
            if x - wide / 2 > taken[side]:
                taken[side] = x + wide / 2 + 8
                y = middle - _PILL / 2 - 7 if side < 0 else middle + _PILL / 2 + 16
                yield f'<text x="{x:.1f}" y="{y:.1f}">{line(told)}</text>'
                break
        yield "</g>"


def _wide(told: str) -> float:
    """How much room words take: letters of East Asia take twice as much."""
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in told) * _SIGN * 0.9


def _label(mark: _Mark, words: Mapping[str, str]) -> str:
    whats = [entry.kind for _, entry in mark.entries]
    told = words[f"what:{next((what for what in whats if what in ALERTS), whats[0])}"]
    return words["and_more"].format(label=told, count=len(whats) - 1) if len(whats) > 1 else told


def _full(mark: _Mark, words: Mapping[str, str]) -> str:
    return "; ".join(
        f"{number}: {format_time(entry.at)} {words[f'what:{entry.kind}']} {entry.resource}".rstrip()
        for number, entry in mark.entries[:20]
    )
