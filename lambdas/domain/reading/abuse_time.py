"""When the abuse was seen, according to AWS: an address may have changed hands since."""

import re
from datetime import UTC, datetime, timedelta

from lambdas.domain.reading.deadline import DATE, TIME, WEEKDAY, instant

_LABEL = re.compile(
    r"\b(?:abuse (?:date(?: ?[/&] ?time)?|time)|(?:date|time) of (?:the )?abuse|report(?:ed)? (?:begin|start) time)"
    r"\*?(?: ?\([^)\n]{1,30}\))? ?:[ \t]{0,8}\n?[ \t]{0,8}",
    re.ASCII,
)
_VALUE = re.compile(rf"{WEEKDAY}{DATE}(?:(?:,| at| @|t| ,)? ?{TIME})?", re.ASCII)
# asctime of 2012: "Fri Mar 02 03:33:33 UTC 2012" has its year at the end
_YEAR_AT_THE_END = re.compile(r"\b([a-z]{3}) (\d{1,2}) (\d{1,2}:\d\d:\d\d) ([a-z]{3,4}) (20\d\d)\b", re.ASCII)
_MOST_VALUE = 80  # characters
_CLOCK_SKEW = timedelta(hours=1)


def abuse_time(words: str, sent_at: datetime | None) -> datetime | None:
    """Return the earliest time behind a label of AWS's own `words`, in UTC; None where there is none to rely on.

    A day without a time counts from its beginning. A time after the mail's Date is misread or wrong, and would
    make today's holder of an address the one at the time of the abuse.
    """
    text = words.lower()
    values = (
        _VALUE.match(_YEAR_AT_THE_END.sub(r"\2 \1 \5 \3 \4", text[label.end() : label.end() + _MOST_VALUE]))
        for label in _LABEL.finditer(text)
    )
    times = [at for value in values if value and (at := _instant_of(value, sent_at))]
    return min((at for at in times if sent_at is None or at - _CLOCK_SKEW <= sent_at), default=None)


def _instant_of(match: re.Match[str], sent_at: datetime | None) -> datetime | None:
    has_year = any(match[name] for name in ("y1", "y2", "y3", "y4"))
    if sent_at is None and not has_year:
        return None
    try:
        at = instant(match, sent_at or datetime.max.replace(tzinfo=UTC))
        if at is None:
            return None
        if not match["hour"] and not match["hour12"]:
            at -= timedelta(days=1)  # a limit counts to the end of its day, this to the beginning
        if not has_year and sent_at and at - _CLOCK_SKEW > sent_at:
            at = at.replace(year=at.year - 1)  # a report of December in a mail of January
        return at.astimezone(UTC)
    except (OverflowError, ValueError):  # a Date header of the year 1 or 9999, the 29th of February
        return None
