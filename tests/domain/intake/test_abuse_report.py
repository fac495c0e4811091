"""A report goes through the state machine and the case table unchanged."""

import json
from datetime import UTC, datetime

import pytest

from lambdas.domain.intake.abuse_report import AbuseReport, ReportFormat
from lambdas.domain.intake.notice import Notice
from tests.samples import notice

FULL = AbuseReport(
    format=ReportFormat.XARF_4,
    reporter="Example CERT",
    abuse_type="port_scanning",
    stated_type="scraping",
    sources=("203.0.113.77",),
    targets=("198.51.100.7", "198.51.100.8"),
    ports=("22", "1-1024"),
    protocol="TCP",
    first_at=datetime(2026, 11, 16, 2, 21, tzinfo=UTC),
    last_at=datetime(2026, 11, 16, 2, 40),  # noqa: DTZ001 - the reporter names no time zone
    count=412,
    log_lines=3,
)


@pytest.mark.parametrize("report", [FULL, AbuseReport(ReportFormat.LOG), None], ids=["full", "empty", "none"])
def test_a_notice_keeps_its_report(report):
    kept = Notice.from_json(json.loads(json.dumps(notice(report=report).to_json())))
    assert kept.report == report


def test_a_notice_in_the_case_table_may_be_older_than_reports():
    older = notice(report=FULL).to_json()
    del older["report"]
    assert Notice.from_json(older).report is None
