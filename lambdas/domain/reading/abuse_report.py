"""The report that a notice quotes, as far as it has a format that is known.

Anybody can file a report with AWS, and it may quote anything. So what is read here is shown and kept as the reporter's
claim, and decides nothing. It never raises, and only the beginning of each text is looked at.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from itertools import islice

from lambdas.domain.intake.abuse_report import AbuseReport
from lambdas.domain.reading.report_forms import arf_report, aws_form, x_arf_report
from lambdas.domain.reading.report_logs import log_report, quoted_log, table_report
from lambdas.domain.reading.xarf import xarf_report

_MOST_TEXTS = 8
_MOST_TEXT = 64 << 10  # characters of one text

_FORMATS = (x_arf_report, arf_report, aws_form, table_report)


def abuse_report(words: str, quoted: Iterable[str], sent_at: datetime | None) -> AbuseReport | None:
    """Return what the report claims that stands in the `quoted` texts; None where they have no format that is known.

    In AWS's own `words` only XARF counts: no other format is sure to be none of AWS's own lines.
    """
    texts = [text[:_MOST_TEXT] for text in islice(filter(None, quoted), _MOST_TEXTS)]
    xarf = next(filter(None, map(xarf_report, (*texts, words))), None)
    if xarf:
        return xarf  # its own times and counts are the better ones
    log = quoted_log(texts, sent_at)
    claims = (read(text, sent_at) for read in _FORMATS for text in texts)
    report = next(filter(None, claims), None) or log_report(log)
    if report is None or not log.lines or report.log_lines:
        return report
    timed = report.first_at is not None
    return replace(
        report,
        log_lines=log.lines,
        ports=report.ports or log.ports,
        protocol=report.protocol or log.protocol,
        first_at=report.first_at if timed else log.first_at,
        last_at=report.last_at if timed else log.last_at,
    )
