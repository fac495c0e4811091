"""How much one mail may leave behind: anybody can write a mail that names thousands of things.

A notice goes through the state machines and into the case table together with what is found out about it. Step
Functions carries at most 256 KiB from state to state
(https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html), so a notice stays below 24 KiB as JSON.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import fields, replace
from itertools import accumulate, takewhile
from typing import Any

from lambdas.domain.intake.abuse_report import AbuseReport
from lambdas.domain.intake.notice import Notice
from lambdas.domain.phrase import Phrase, phrase

MOST_JSON = 24 << 10  # bytes of one notice

_MOST_CHARACTERS = {"message_id": 300, "sender": 500, "subject": 1000, "reply_to": 500}
"""As JSON, where a character outside ASCII takes up to twelve."""
_MOST_REASON = 600
_MOST_VALUES = {
    # how many, and how long each may be as JSON; a real notice names fewer than ten of anything
    "case_numbers": (10, 30),
    "account_ids": (10, 30),
    "regions": (10, 30),
    "ips": (30, 50),
    "quoted_ips": (30, 50),
    "urls": (8, 500),
    "measures": (8, 300),
    "other_resource_names": (12, 320),
}
_MOST_RESOURCES = 40
_MOST_RESOURCES_QUOTED = 30  # each then stands in `quoted_instances` too
_MOST_PROBLEMS, _MOST_PROBLEM = 8, 100
_MOST_EXTRACTED = 400
# Of a report, which anybody may file: a message shows the beginning of it.
_MOST_NAME = 200  # as JSON
_MOST_WORD = 100
_MOST_PLACES, _MOST_PLACE = 4, 64
_MOST_PORTS, _MOST_PORT = 8, 11


def bounded(notice: Notice) -> Notice:
    """Return the notice with each field cut to its bound; `problems` then names the fields that were cut."""
    changes = dict(_changes(notice))
    cut = tuple(field.name for field in fields(notice) if field.name in changes)
    problems = [*([phrase("unread:cut", fields=cut)] if cut else []), *notice.problems]
    kept = replace(notice, **changes).instance_ids
    return replace(
        notice,
        **changes,
        quoted_instances=tuple(name for name in notice.quoted_instances if name in kept),
        reason=_short(notice.reason, _MOST_REASON),
        problems=tuple(_short(problem, _MOST_PROBLEM) for problem in problems[:_MOST_PROBLEMS]),
        extracted_values=notice.extracted_values[:_MOST_EXTRACTED],
        report=_short_report(notice.report) if notice.report else None,
    )


def _short_report(report: AbuseReport) -> AbuseReport:
    return replace(
        report,
        reporter=_shortened(report.reporter, _MOST_NAME),
        stated_type=_shortened(report.stated_type, _MOST_WORD),
        sources=_whole(report.sources, _MOST_PLACES, _MOST_PLACE),
        targets=_whole(report.targets, _MOST_PLACES, _MOST_PLACE),
        ports=_whole(report.ports, _MOST_PORTS, _MOST_PORT),
        protocol=_shortened(report.protocol, _MOST_WORD),
    )


def _whole(values: Sequence[str], count: int, most: int) -> tuple[str, ...]:
    """Return the first `count` values; one that is too long is left out, as half of it would name something else."""
    return tuple(value for value in values if _size(value) <= most)[:count]


def _changes(notice: Notice) -> Iterator[tuple[str, Any]]:
    """Yield each field that is too long, with what is left of it."""
    for name, most in _MOST_CHARACTERS.items():
        text = getattr(notice, name)
        if (beginning := _shortened(text, most)) != text:
            yield name, beginning
    for name, (count, most) in _MOST_VALUES.items():
        values = getattr(notice, name)
        whole = _whole(values, count, most)
        left = tuple(_shortened(value, most) for value in values[:count]) if name == "measures" else whole
        if left != values:
            yield name, left
    most = _MOST_RESOURCES_QUOTED if notice.quoted_instances else _MOST_RESOURCES
    if len(notice.resources) > most:
        yield "resources", notice.resources[:most]


def _short(words: Phrase, most: int) -> Phrase:
    texts = {name: value for name, value in words.values.items() if isinstance(value, str)}
    return replace(words, values={**words.values, **{name: _shortened(text, most) for name, text in texts.items()}})


def _size(text: str) -> int:
    return len(json.dumps(text)) - 2


def _shortened(text: str, most: int) -> str:
    if _size(text) <= most:
        return text
    sizes = accumulate(map(_size, text[:most]))
    return text[: sum(1 for _ in takewhile(lambda size: size <= most, sizes))]
