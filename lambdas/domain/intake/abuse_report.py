"""What the report claims that a notice quotes. Anybody can file one: it is shown and kept, and never acted on."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any


class ReportFormat(StrEnum):
    """The formats of reports that are read."""

    XARF_4 = "xarf_v4"  # JSON: https://github.com/xarf/xarf-spec
    XARF_3 = "xarf_v3"  # JSON: https://github.com/abusix/xarf
    X_ARF = "x-arf_v0.2"  # lines of YAML, since 2010
    ARF = "arf"  # RFC 5965, about mail
    AWS_FORM = "aws_form"  # the form in which AWS takes reports about EC2
    TABLE = "table"  # rows of addresses and times, as CERTs send them
    LOG = "log"  # lines of a log and nothing else that can be read


@dataclass(frozen=True, slots=True)
class AbuseReport:
    """The claims of one reporter. Everything is the reporter's, cleaned and short; what is not claimed is empty.

    A time is in UTC, or has no time zone where the report names none.
    """

    format: ReportFormat
    reporter: str = ""
    abuse_type: str | None = None  # one of ours, as in `Notice.abuse_type`
    stated_type: str = ""  # in the reporter's word, where it is none of ours
    sources: tuple[str, ...] = ()  # addresses, hosts or URLs
    targets: tuple[str, ...] = ()
    ports: tuple[str, ...] = ()  # "22" or "1-1024": those attacked, or the open ones of a vulnerability
    protocol: str = ""  # "TCP"
    first_at: datetime | None = None
    last_at: datetime | None = None
    count: int | None = None  # events, as the reporter counts them
    log_lines: int = 0  # lines of a log, or rows of a table, that stand in the report with a time

    def to_json(self) -> dict[str, Any]:
        """JSON for the state machine, the case table and the desk."""
        times = {name: at.isoformat() if (at := getattr(self, name)) else None for name in _TIMES}
        return {**asdict(self), **times}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "AbuseReport":
        """Read `to_json`."""
        times = {name: datetime.fromisoformat(data[name]) if data[name] else None for name in _TIMES}
        tuples = {name: tuple(data[name]) for name in _TUPLES}
        return cls(**{**data, **times, **tuples, "format": ReportFormat(data["format"])})


_TIMES = ("first_at", "last_at")
_TUPLES = ("sources", "targets", "ports")
