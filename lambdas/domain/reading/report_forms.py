"""Reports as lines of labels and values: AWS's own form, X-ARF up to 0.2, and the machine-readable part of ARF."""

import re
from collections.abc import Iterator
from datetime import datetime

from lambdas.domain.intake.abuse_report import AbuseReport, ReportFormat
from lambdas.domain.reading import report_values
from lambdas.domain.reading.patterns import lazy_pattern

_MOST_BLOCK = 4096  # characters of one block of labels, to each side of its mark
_MOST_ABOVE = 500  # characters of AWS's form above its first mark
_MOST_LINES = 100

_FORM_MARKS = ("(comma separated)", "abuse type*", "abuse date (yyyy")
_FORM_LABELS = {
    "abuse type": "type",
    "source ip": "sources",
    "destination ip": "targets",
    "destination port": "ports",
    "abuse date": "date",
    "abuse time": "time",
    "time zone": "zone",
}
_FORM_BEGINNINGS = tuple(_FORM_LABELS)
_FORM_ENDS = ("logs (", "comments (")
_X_ARF = lazy_pattern(r"^[ \t>|-]{0,9}report-type[ \t]{0,9}:", re.IGNORECASE | re.MULTILINE)
_ARF = lazy_pattern(r"^[ \t>|-]{0,9}feedback-type[ \t]{0,9}:", re.IGNORECASE | re.MULTILINE)
_BLANK_LINE = "\n\n"


def aws_form(text: str, sent_at: datetime | None) -> AbuseReport | None:
    """Return what the form says with which AWS takes reports about EC2."""
    lower = text.lower()
    at = min((found for mark in _FORM_MARKS if (found := lower.find(mark)) >= 0), default=-1)
    if at < 0:
        return None
    values = _values_of_form(text[max(0, at - _MOST_ABOVE) : at + _MOST_BLOCK])
    slug, stated = report_values.abuse_type(values.get("type", ""))
    seen_at = _time_of_form(values, sent_at)
    return AbuseReport(
        format=ReportFormat.AWS_FORM,
        abuse_type=slug,
        stated_type=stated,
        sources=report_values.places([values.get("sources", "")]),
        targets=report_values.places([values.get("targets", "")]),
        ports=report_values.ports([values.get("ports", "")]),
        protocol=report_values.protocol(values.get("ports", "")),
        first_at=seen_at,
        last_at=seen_at,
    )


def _values_of_form(form: str) -> dict[str, str]:
    values: dict[str, str] = {}
    for line in form.split("\n", _MOST_LINES)[:_MOST_LINES]:
        label = line.strip(" \t*|-").lower()
        if label.startswith(_FORM_ENDS):
            break
        if label.startswith(_FORM_BEGINNINGS):
            beginning = next(filter(label.startswith, _FORM_BEGINNINGS))
            # The label of the time has a colon of its own: "Abuse time, 24-hr format (hh:mm)*:".
            _, colon, value = line.replace("(hh:mm)", "").partition(":")
            if colon:
                values.setdefault(_FORM_LABELS[beginning], value.strip(" \t*"))
    return values


def _time_of_form(values: dict[str, str], sent_at: datetime | None) -> datetime | None:
    """Put together what the form asks for apart: the day, the time of day and the zone."""
    clock = values.get("time", "").zfill(len("hh:mm"))
    return report_values.moment(f"{values.get('date', '')} {clock} {values.get('zone', '')}", sent_at)


def x_arf_report(text: str, sent_at: datetime | None) -> AbuseReport | None:
    """Return what a report of X-ARF 0.1 or 0.2 says: https://github.com/xarf/python-xarf."""
    labels = _labels_around(text, "report-type", _X_ARF)
    if "source" not in labels or not labels.keys() & {"reported-from", "schema-url", "category"}:
        return None
    slug, stated = report_values.abuse_type(labels["report-type"], labels.get("category", ""))
    at = report_values.moment(labels.get("date", ""), sent_at)
    return AbuseReport(
        format=ReportFormat.X_ARF,
        reporter=report_values.name(labels.get("reported-from", "")),
        abuse_type=slug,
        stated_type=stated,
        sources=report_values.places([labels["source"]]),
        targets=report_values.places([labels.get("destination", "")]),
        ports=report_values.ports([labels.get("port", "")]),
        protocol=report_values.protocol(labels.get("protocol", "")),
        first_at=at,
        last_at=at,
        count=report_values.count(labels.get("occurrences", "")),
    )


_ARF_TYPES = {"abuse": "spam", "virus": "virus"}
"""In ARF, "abuse" is mail that nobody asked for (RFC 5965, section 7.3)."""


def arf_report(text: str, sent_at: datetime | None) -> AbuseReport | None:
    """Return what the machine-readable part of a report about mail says (RFC 5965)."""
    labels = _labels_around(text, "feedback-type", _ARF)
    if not labels:
        return None
    kind = labels["feedback-type"].lower()
    slug, stated = report_values.abuse_type(_ARF_TYPES.get(kind, kind))
    at = report_values.moment(labels.get("arrival-date") or labels.get("received-date", ""), sent_at)
    return AbuseReport(
        format=ReportFormat.ARF,
        reporter=report_values.name(labels.get("reporting-mta", "").rpartition(";")[2]),
        abuse_type=slug,
        stated_type=stated,
        sources=report_values.places([labels.get("source-ip", ""), labels.get("reported-domain", "")]),
        protocol="SMTP",
        first_at=at,
        last_at=at,
        count=report_values.count(labels.get("incidents", "")),
    )


def _labels_around(text: str, word: str, mark: re.Pattern[str]) -> dict[str, str]:
    """Return the values of the block of labels in which the mark stands, each label's first; none without the mark."""
    if word not in text.lower():
        return {}
    match = mark.search(text)
    if not match:
        return {}
    begin = text.rfind(_BLANK_LINE, max(0, match.start() - _MOST_BLOCK), match.start())
    end = text.find(_BLANK_LINE, match.end(), match.end() + _MOST_BLOCK)
    block = text[max(begin, match.start() - _MOST_BLOCK, 0) : end if end >= 0 else match.end() + _MOST_BLOCK]
    labels: dict[str, str] = {}
    for label, value in _pairs(block):
        labels.setdefault(label, value)
    return labels


def _pairs(block: str) -> Iterator[tuple[str, str]]:
    for line in block.strip().split("\n")[:_MOST_LINES]:
        label, colon, value = line.partition(":")
        if colon:
            yield label.strip(" \t>|*-").lower(), value.strip(" \t'\"")
