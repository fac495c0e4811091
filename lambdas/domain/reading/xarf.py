"""Reports in XARF, JSON of version 1 to 4, inline or attached.

The schemas: https://github.com/xarf/xarf-spec/tree/main/schemas/v4, https://github.com/abusix/xarf/tree/master/schemas.
`json` is not used: mail programs break long lines and AWS may cut a report, which makes invalid JSON; and a stranger
chooses how deep and long it is. What comes before the break is read all the same.
"""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from itertools import islice

from lambdas.domain.intake.abuse_report import AbuseReport, ReportFormat
from lambdas.domain.reading import report_values
from lambdas.domain.reading.patterns import lazy_pattern

_MOST_OBJECTS = 4  # of one text; a honeypot's own JSON may stand above
_MOST_TOKENS = 4000  # of one object; a report has a few hundred
_MOST_DEPTH = 6
_MOST_VALUES = 100  # of one field
_MOST_STRING = 400  # characters; samples of a log, which are longer, are not shown

_MARKS = ('"xarf_version"', '"ReporterInfo"')
_BEGIN = lazy_pattern(r"\{\s{0,40}\"")
_TOKEN = lazy_pattern(r'"(?P<string>[^"\\]*(?:\\.[^"\\]*)*)"?|[{}\[\]:,]|[^\s"{}\[\]:,]+', re.DOTALL)

_Values = dict[str, list[str]]
"""By path, such as "report.sourceip": names in lower case. The items of a list have the path of the list."""


def xarf_report(text: str) -> AbuseReport | None:
    """Return the first report in `text`."""
    if not any(mark in text for mark in _MARKS):
        return None
    for values in _objects(text):
        if "xarf_version" in values:
            return _version_4(values)
        if any(path.startswith("reporterinfo.") for path in values):
            return _version_3(values)
    return None


def _version_4(values: _Values) -> AbuseReport:
    kind, category = _first(values, "type"), _first(values, "category")
    first_at, last_at = _span(values, "first_seen", "timestamp", "last_seen")
    slug, stated = report_values.abuse_type(kind, category)
    attacked = _all(values, "destination_port", "ports_scanned", "targeted_ports")
    own = _all(values, "source_port", "service_port", "port") if category == "vulnerability" else []
    counts = ("attempt_count", "attempts_count", "total_requests", "total_probes", "event_count")
    return AbuseReport(
        format=ReportFormat.XARF_4,
        reporter=report_values.name(_first(values, "reporter.org", "reporter.domain", "sender.org")),
        abuse_type=slug,
        stated_type=stated,
        sources=report_values.places(_all(values, "source_identifier", "url", "infringing_url")),
        targets=report_values.places(_all(values, "destination_ip", "target_url")),
        ports=report_values.ports(attacked or own),
        protocol=report_values.protocol(_first(values, "protocol")),
        first_at=first_at,
        last_at=last_at,
        count=report_values.count(_first(values, *counts)),
    )


def _version_3(values: _Values) -> AbuseReport:
    kind, group = _first(values, "report.reporttype"), _first(values, "report.reportclass")
    first_at, last_at = _span(
        values, "report.firstseen", "report.date", "report.lastseen", "report.additionalinfo.firstseen"
    )
    slug, stated = report_values.abuse_type(kind, group)
    attacked = _all(values, "report.destinationport", "report.additionalinfo.destinationport")
    own = _all(values, "report.sourceport") if slug == "vulnerability" else []
    reporter = ("reporterinfo.reporterorg", "reporterinfo.reporterorgdomain", "reporterinfo.reporterorgemail")
    protocol = ("report.transportprotocol", "report.protocol", "report.additionalinfo.protocol")
    return AbuseReport(
        format=ReportFormat.XARF_3,
        reporter=report_values.name(_first(values, *reporter)),
        abuse_type=slug,
        stated_type=stated,
        sources=report_values.places(
            _all(values, "report.sourceip", "report.source.ip", "report.sourceurl", "report.source.url")
        ),
        targets=report_values.places(_all(values, "report.destinationip", "report.additionalinfo.destinationip")),
        ports=report_values.ports(attacked or own),
        protocol=report_values.protocol(_first(values, *protocol)),
        first_at=first_at,
        last_at=last_at,
    )


def _first(values: _Values, *paths: str) -> str:
    return next((value for path in paths for value in values.get(path, ()) if value), "")


def _all(values: _Values, *paths: str) -> list[str]:
    return [value for path in paths for value in values.get(path, ())]


def _span(values: _Values, *paths: str) -> tuple[datetime | None, datetime | None]:
    return report_values.span([report_values.moment(_first(values, path), None) for path in paths])


def _objects(text: str) -> Iterator[_Values]:
    """Yield each JSON object that stands in the text, as far as it can be read."""
    at = 0
    for _ in range(_MOST_OBJECTS):
        begin = _BEGIN.search(text, at)
        if not begin:
            return
        values, at = _object(text, begin.start())
        yield values


def _object(text: str, start: int) -> tuple[_Values, int]:
    """Read one object; return its values and where it ends."""
    values: _Values = {}
    around: list[tuple[str, str]] = []  # for each open bracket: the path, and the key, outside of it
    path = key = ""
    scalar: str | None = None
    end = len(text)
    for token in islice(_TOKEN.finditer(text, start), _MOST_TOKENS):
        sign = token[0]
        end = token.end()
        if sign == ":":
            key, scalar = (scalar or "")[:_MOST_STRING].lower(), None
        elif sign in {"{", "["}:
            around.append((path, key))
            if sign == "{" and len(around) <= _MOST_DEPTH:
                path = f"{path}{key}." if key else path
        elif sign in {",", "}", "]"}:
            if scalar is not None and len(around) <= _MOST_DEPTH:
                _add(values, path + key, scalar)
            scalar = None
            if sign != ",":
                path, key = around.pop()
            if not around:
                break
        else:
            scalar = _unescaped(token["string"]) if token["string"] is not None else sign
    return values, end


def _add(values: _Values, path: str, value: str) -> None:
    of_field = values.setdefault(path, [])
    if value != "null" and len(value) <= _MOST_STRING and len(of_field) < _MOST_VALUES:
        of_field.append(value)


def _unescaped(string: str) -> str:
    """Read the escapes of a string; one that is no JSON stays as it is."""
    if "\\" not in string or len(string) > _MOST_STRING:
        return string
    try:
        return str(json.loads(f'"{string}"', strict=False))
    except ValueError:
        return string
