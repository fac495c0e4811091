"""Reports as tables and logs: how many lines there are, and from when to when."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from lambdas.domain.intake.abuse_report import AbuseReport, ReportFormat
from lambdas.domain.reading import report_values
from lambdas.domain.reading.patterns import lazy_pattern

_MOST_ROWS = 2000
_MOST_HEADS = 5  # lines that may be the head of a table
_DELIMITERS = ("|", "\t", ";", ",")
_SOURCES = ("ip", "src_ip", "source_ip", "source ip", "src ip", "src", "ip address")
_TARGETS = ("dst_ip", "dest_ip", "destination_ip", "destination ip", "dst ip", "dst", "target")
_PORTS = ("port", "dst_port", "dest_port", "destination_port", "destination port", "dst port", "dpt")
_PROTOCOLS = ("protocol", "proto")

_LINE = lazy_pattern(
    # syslog, ISO 8601, nginx; in Apache's format the time stands behind the client
    r"\n[ \t>|*\"\[]{0,4}(?:\S{7,45} \S{1,60} \S{1,60} \[)?"
    r"([A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d"
    r"|(?:20\d\d[-/]\d\d[-/]\d\d[ T]|\d\d/[A-Z][a-z]{2}/20\d\d:)\d\d:\d\d:\d\d[^\n]{0,12})",
    re.ASCII,
)
_FIREWALL = lazy_pattern(r"\bDPT=(\d{1,5})\b", re.ASCII)  # of Netfilter
_FIREWALL_PROTOCOL = lazy_pattern(r"\bPROTO=([A-Z]{3,4})\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class QuotedLog:
    """The lines of a log that begin with a time."""

    lines: int
    first_at: datetime | None
    last_at: datetime | None
    ports: tuple[str, ...]
    protocol: str


def quoted_log(texts: Iterable[str], sent_at: datetime | None) -> QuotedLog:
    """Count the log's lines in all `texts`; the time of the first and the last of each text make the span."""
    lines, times, firewall = 0, [], ""
    for text in texts:
        stamps = _LINE.findall(f"\n{text}")
        lines += len(stamps)
        times += [report_values.moment(stamp, sent_at) for stamp in _outermost(stamps)]
        firewall = firewall or (text if "DPT=" in text else "")
    first_at, last_at = report_values.span(times)
    return QuotedLog(
        lines=lines,
        first_at=first_at,
        last_at=last_at,
        ports=report_values.ports(match[1] for match in islice(_FIREWALL.finditer(firewall), 100)),
        protocol=report_values.protocol(next((match[1] for match in _FIREWALL_PROTOCOL.finditer(firewall)), "")),
    )


def _outermost(stamps: Sequence[str]) -> tuple[str, ...]:
    """Return the first and the last of many times; read one by one they would take long."""
    if not stamps:
        return ()
    sortable = all(stamp[:2] == "20" for stamp in stamps)
    return (min(stamps), max(stamps)) if sortable else (stamps[0], stamps[-1])


def log_report(log: QuotedLog) -> AbuseReport | None:
    """Return what is known of a report of which only log lines can be read."""
    return AbuseReport(format=ReportFormat.LOG, ports=log.ports, protocol=log.protocol) if log.lines else None


def table_report(text: str, sent_at: datetime | None) -> AbuseReport | None:
    """Return what a table with a column "timestamp" and one of addresses says, such as `ASN | IP | Timestamp`."""
    table = next(_tables(text), None)
    if table is None:
        return None
    head, names, rows = table
    zone = " UTC" if "utc" in head.lower() else ""
    stamps = [f"{row[names.index('timestamp')]}{zone}" for row in rows]
    first_at, last_at = report_values.span([report_values.moment(stamp, sent_at) for stamp in _outermost(stamps)])
    return AbuseReport(
        format=ReportFormat.TABLE,
        sources=report_values.places(_column(rows, names, _SOURCES)),
        targets=report_values.places(_column(rows, names, _TARGETS)),
        ports=report_values.ports(_column(rows, names, _PORTS)),
        protocol=report_values.protocol(*_column(rows, names, _PROTOCOLS)[:1]),
        first_at=first_at,
        last_at=last_at,
        log_lines=len(rows),
    )


def _tables(text: str) -> Iterator[tuple[str, list[str], list[list[str]]]]:
    """Yield the head, the names of the columns and the rows of each table with a time and an address."""
    lower, at = text.lower(), 0
    for _ in range(_MOST_HEADS):
        at = lower.find("timestamp", at)
        if at < 0:
            return
        head, *lines = text[text.rfind("\n", 0, at) + 1 :].split("\n", _MOST_ROWS + 1)[: _MOST_ROWS + 1]
        delimiter = next((sign for sign in _DELIMITERS if sign in head), "")
        names = [_cell(name).lower().partition(" (")[0] for name in head.split(delimiter)] if delimiter else []
        if "timestamp" in names and set(names) & set(_SOURCES) and (rows := _rows(lines, delimiter, len(names))):
            yield head, names, rows
        at = max(lower.find("\n", at), at + 1)


def _rows(lines: Iterable[str], delimiter: str, columns: int) -> list[list[str]]:
    """Return the rows below a head; a line with other columns ends the table."""
    rows = []
    for line in lines:
        if not line.strip():
            continue
        row = [_cell(cell) for cell in line.split(delimiter, columns)]
        if len(row) != columns:
            break
        rows.append(row)
    return rows


def _cell(written: str) -> str:
    return written.strip(" \t\"'")


def _column(rows: Sequence[Sequence[str]], names: Sequence[str], spellings: Iterable[str]) -> list[str]:
    index = next((names.index(spelling) for spelling in spellings if spelling in names), None)
    return [] if index is None else list(dict.fromkeys(row[index] for row in rows))[:100]
