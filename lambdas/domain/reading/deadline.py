"""AWS's own time limit, in hours after the mail's Date."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone

from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.vocabulary import german

_WORDS = {
    "a": 1, "an": 1,
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10,
    "twelve": 12, "fourteen": 14, "fifteen": 15, "twenty": 20, "thirty": 30, "twenty-four": 24, "twenty four": 24,
    "thirty-six": 36, "forty-eight": 48, "forty eight": 48, "seventy-two": 72, "seventy two": 72,
}  # fmt: skip
_HOURS = {"hour": 1, "hr": 1, "h": 1, "day": 24, "week": 168, "minute": 1 / 60}
_COUNT = "|".join(sorted((word.replace(" ", r"\s") for word in _WORDS), key=len, reverse=True))

_RELATIVE = lazy_pattern(
    rf"\b(?:within|in|before|after|over|have|(?:no|not) later than)(?: the)?(?: next)?"
    rf"(?: a period of)? (?:(?P<word>{_COUNT})|(?P<digits>\d{{1,3}}))"
    rf"(?: ?\((?:(?P<again>\d{{1,3}})|(?:{_COUNT}))\))?[ -]?(?:full |calendar |business |working |consecutive )?"
    r"(?P<unit>hours?|hrs?|h|days?|weeks?|minutes?)\b",
    re.ASCII,
)
_OTHER_LANGUAGES = (
    # AWS's support cases are written in the customer's language too.
    (lazy_pattern(r"(\d{1,3}) ?時間以内"), 1),
    (lazy_pattern(r"(\d{1,3}) ?日以内"), 24),
    (lazy_pattern(r"(\d{1,3}) ?小[时時](?:之?[内內])"), 1),
    (lazy_pattern(r"(\d{1,3}) ?天(?:之?[内內])"), 24),
    (lazy_pattern(r"(\d{1,3}) ?시간 ?(?:이내|내|안)"), 1),
    (lazy_pattern(r"(\d{1,3}) ?일 ?(?:이내|내|안)"), 24),
    (lazy_pattern(r"\b(?:innerhalb von|innerhalb der nächsten|binnen|in den nächsten) (\d{1,3}) stunden"), 1),
    (lazy_pattern(r"\b(?:innerhalb von|innerhalb der nächsten|binnen|in den nächsten) (\d{1,3}) (?:\w+ )?tagen?"), 24),
    (lazy_pattern(r"\b(?:sous|dans un délai de|dans les|d'ici) (\d{1,3}) ?(?:heures|h\b)"), 1),
    (lazy_pattern(r"\b(?:sous|dans un délai de|dans les|d'ici) (\d{1,3}) jours"), 24),
    (lazy_pattern(r"\b(?:en|dentro de|plazo (?:máximo )?de) (?:las )?(?:próximas )?(\d{1,3}) horas"), 1),
    (lazy_pattern(r"\b(?:en|dentro de|plazo (?:máximo )?de) (?:los )?(?:próximos )?(\d{1,3}) días"), 24),
    (lazy_pattern(r"\b(?:em|dentro de|prazo (?:máximo )?de|nas próximas|em até) (?:até )?(\d{1,3}) horas"), 1),
    (lazy_pattern(r"\b(?:em|dentro de|prazo (?:máximo )?de|nos próximos|em até) (?:até )?(\d{1,3}) dias"), 24),
    (lazy_pattern(r"\bentro (?:le prossime )?(\d{1,3}) ore"), 1),
    (lazy_pattern(r"\bentro (?:i prossimi )?(\d{1,3}) giorni"), 24),
)
_WEEKDAY_ELSEWHERE = r"(?:\w{3,14}(?:-feira)?,? (?:dem |den |día |dia )?)"
_MONTHS_ELSEWHERE = {
    month: number
    for number, months in enumerate(
        ("januar janvier gennaio janeiro enero", "februar février febbraio fevereiro febrero",
         "märz mars marzo março", "avril aprile abril", "mai maggio maio mayo", "juni juin giugno junho junio",
         "juli juillet luglio julho julio", "août agosto", "septembre settembre setembro septiembre",
         "oktober octobre ottobre outubro octubre", "novembre novembro noviembre",
         "dezember décembre dicembre dezembro diciembre"), 1)
    for month in months.split()
} | {"april": 4, "august": 8, "september": 9, "november": 11}  # fmt: skip
_DATE_ELSEWHERE = (
    r"(?:(?P<y1>20\d\d)(?:[-/.]|[年년] ?)(?P<m1>\d{1,2})(?:[-/.]|[月월] ?)(?P<d1>\d{1,2})[日일]?"
    r"|(?P<m2>\d{1,2}) ?[月월] ?(?P<d2>\d{1,2}) ?[日일]|(?P<d3>\d{1,2})[./](?P<m3>\d{1,2})[./](?P<y3>20\d\d)"
    rf"|(?P<d4>\d{{1,2}})(?:\.|er)? (?:de )?(?P<mon4>{'|'.join(_MONTHS_ELSEWHERE)})(?:,? (?:de |del )?(?P<y4>20\d\d))?)"
)
_ABSOLUTE_ELSEWHERE = (
    lazy_pattern(
        r"\b(?:bis (?:zum |spätestens |einschließlich )*|spätestens (?:am |bis (?:zum )?)?|avant le |avant la fin du "
        r"|d'ici (?:le|au) |(?:au plus tard|jusqu'au) (?:le )?|antes del? (?:final del (?:día )?)?(?:día )?"
        r"|hasta (?:el )?(?:día )?|a más tardar el |até (?:o )?(?:final do )?(?:dia )?"
        r"|entro (?:e non oltre )?(?:il )?(?:giorno )?|prima del |fino al )"
        rf"(?:{_WEEKDAY_ELSEWHERE})?{_DATE_ELSEWHERE}"
    ),
    lazy_pattern(
        rf"{_DATE_ELSEWHERE}(?: ?\([^)]{{1,12}}\))? ?(?:\d{{1,2}}[:時时시]\d{{0,2}}分?)? ?(?:\(?(?:utc|jst|kst)\)?)?"
        r" ?(?:中)?(?:までに?|以前|之前|前|까지)"
    ),
)
"""A date in another language with what makes it a limit, before it or behind it; its end, in UTC, is meant."""

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan january", "feb february", "mar march", "apr april", "may", "jun june", "jul july", "aug august",
         "sep sept september", "oct october", "nov november", "dec december"), 1)
    for name in names.split()
}  # fmt: skip
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
DATE = (
    r"(?:(?P<y1>20\d\d)[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2})"
    r"|(?P<m5>0?[1-9]|1[0-2])/(?P<d5>\d{1,2})/(?P<y5>20\d\d)"
    rf"|(?P<mon2>{_MONTH})\.? (?P<d2>\d{{1,2}})(?:st|nd|rd|th)?,?(?: (?P<y2>20\d\d))?"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ -](?P<mon3>{_MONTH})\.?,?(?:[ -](?P<y3>20\d\d))?"
    r"|(?P<y4>20\d\d)年(?P<m4>\d{1,2})月(?P<d4>\d{1,2})日)"
)
TIME = (
    r"(?:(?P<hour>\d{1,2})[:.](?P<minute>\d\d)(?::(?P<second>\d\d))?|(?P<hour12>\d{1,2})(?= ?[ap]\.?m))"
    r"(?: ?(?P<half>[ap])\.?m\.?)?"
    r"(?: ?\(?(?P<zone>utc|gmt|z|p[sd]?t|pacific|e[sd]?t|eastern|c[sd]t|m[sd]t|ces?t|bst|jst|kst"
    r"|ist)\b\)?)?(?: ?(?P<offset>[+-]\d{1,2}(?::?\d\d)?)\b)?"
)
WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? )?"
_ABSOLUTE = lazy_pattern(
    rf"\b(?:by|before|until|no later than|not later than|on or before|prior to|effective"
    rf"|deadline(?: (?:for|to|of) [a-z ]{{1,40}}?)?(?: is)?:?"
    rf"|due(?: date)?:?|later than|期限:?)"
    rf" (?:the end of )?(?:{TIME},?(?: on| of)? )?{WEEKDAY}{DATE}(?:(?:,| at| @|t"
    rf"| ,)? ?{TIME.replace('?P<', '?P<late_')})?",
    re.ASCII,
)
_US_ZONES = {"pt": -8, "pacific": -8, "et": -5, "eastern": -5}  # without "standard" or "daylight"
_ZONES = {
    "utc": 0, "gmt": 0, "z": 0, "pst": -8, "pdt": -7, "est": -5, "edt": -4, "cst": -6, "cdt": -5, "mst": -7, "mdt": -6,
    "cet": 1, "cest": 2, "bst": 1, "jst": 9, "kst": 9, "ist": 5.5,
}  # fmt: skip

# Checked first: few sentences contain one, and the patterns above are slow.
_UNITS = ("hour", "hr", "day", "week", "minute", "h ", "h.")
_LATIN_UNITS = ("stunden", "tage", "heures", "jours", "horas", "días", "dias", "ore", "giorni")
_BEFORE_ELSEWHERE = (
    "bis ", "spätestens", "avant", "d'ici", "plus tard", "jusqu'au", "antes de", "hasta", "más tardar", "até", "entro",
    "prima del", "fino al", "まで", "以前", "之前", "前", "까지",
)  # fmt: skip
_BEFORE_DATE = ("by ", "before", "until", "later than", "prior to", "effective", "deadline", "due", "期限")

_LABEL_LINE = lazy_pattern(
    # "Reported Activity: …" is no part of the sentence in the line below.
    r"^([ \t*\u2022-]{0,9}[A-Z][\w ()/]{1,40}:[^\n]{1,80}\n)(?=[A-Z])",
    re.ASCII | re.MULTILINE,
)
_NOON = lazy_pattern(r"\b(?:12(?::00)? )?noon\b")
_MIDNIGHT = lazy_pattern(r"\b(?:12(?::00)? |0:00 |00:00 )?midnight\b")
_MOST_SENTENCE = 2000  # characters
_SENTENCE_END = lazy_pattern(
    rf"(?<=[.!?])\s+(?=[A-Z\"'(\[])(?!(?:{german.MONTHS})\b)|\n\s*\n|(?<=[\u3002\uff01\uff1f])"
)
_CONDITION = lazy_pattern(
    r"\b(?:if|should|in case|once|unless|whenever|in the event|were|when|upon"
    r"|after)\b(?P<clause>.*)",
    re.DOTALL | re.ASCII,
)
_OF_OUR_SILENCE = lazy_pattern(
    r"\b(?:not|n't|no|fail\w*|without|unless)\b.{0,60}\b(?:respon\w+|repl\w+|receiv\w+|hear\w*|contact\w*|answer\w*"
    r"|remediat\w+|address\w*"
    r"|act(?:ion|ed)?|complet\w+|resolv\w+|remov\w+|secur\w+|correct\w*|update)\b",
    re.ASCII,
)
_WE_ACT = lazy_pattern(
    r"\b(?:we|our team|aws|support)(?:'ll| will| shall| aim| try| usually| typically| normally| can| are going"
    r"| expect) "
    r"(?!(?:give|grant|allow|extend|need|require|ask|be forced|have to"
    r"|isolate|suspend|block|terminate|take|stop|limit|restrict|proceed"
    r"|disable|begin)\b)"
    r"|\byou (?:will|should|can expect to|may) (?:receive|hear|get|expect)\b|\b(?:can|may|might) take up to\b"
    r"|\b(?:we|our team|aws|support) (?:repl(?:y|ies)|answers?|responds?) "
    r"|\btakes? effect\b|\bexpires?\b"
)
_PAST = lazy_pattern(
    r"\b(?:last|past|previous|ago|observed|detected|occurred|blocked|since|were seen|was seen|reported)\b[^.]{0,40}\Z"
)


_VAGUE = frozenset({"in", "after", "over", "have", "before"})
_HOURS_OR_DAYS = lazy_pattern(r"hour|hr|day")
_ARTICLE = lazy_pattern(r" an? (?!period)")
_TOLD_TO = r"\byou (?:must|need to|have to|are (?:required|asked|requested) to)\b"


def deadline_hours(words: str, sent_at: datetime | None) -> float | None:
    """Return the first limit AWS sets in its own `words`, in hours after `sent_at`; None where it sets none.

    A date without a time means its end in UTC. Conditional limits, and AWS's limits for itself, do not count.
    """
    limits = [hours for sentence in _sentences(words) for hours in _limits(sentence, sent_at)]
    return min(limits, default=None)


def _sentences(words: str) -> Iterator[str]:
    for sentence in _SENTENCE_END.split(_LABEL_LINE.sub(r"\1\n", words)):
        plain = " ".join(sentence.lower().replace("*", "").split())[:_MOST_SENTENCE]
        if "noon" in plain or "midnight" in plain:
            plain = _MIDNIGHT.sub("23:59", _NOON.sub("12:00", plain))
        yield plain


def _limits(sentence: str, sent_at: datetime | None) -> Iterator[float]:
    if any(unit in sentence for unit in _UNITS):
        for match in _RELATIVE.finditer(sentence):
            if _is_ours(sentence, match):
                count = float(match["again"] or match["digits"] or _WORDS[match["word"]])
                yield count * _HOURS[match["unit"].rstrip("s") if match["unit"] != "h" else "h"]
    if not sentence.isascii() or any(unit in sentence for unit in _LATIN_UNITS):
        for pattern, hours in _OTHER_LANGUAGES:
            yield from (float(match[1]) * hours for match in pattern.finditer(sentence))
    if sent_at is None:
        return
    for pattern in _ABSOLUTE_ELSEWHERE if any(sign in sentence for sign in _BEFORE_ELSEWHERE) else ():
        for match in pattern.finditer(sentence):
            if limit := _day(match, sent_at):
                yield round((limit - sent_at).total_seconds() / 3600, 2)
    if not any(word in sentence for word in _BEFORE_DATE):
        return
    for match in _ABSOLUTE.finditer(sentence):
        limit = instant(match, sent_at)
        if limit and _is_ours(sentence, match):
            yield round((limit - sent_at).total_seconds() / 3600, 2)


def _day(match: re.Match[str], sent_at: datetime) -> datetime | None:
    """The end of the day that a match of `_DATE_ELSEWHERE` names."""
    part = match.groupdict()
    month = part["m1"] or part["m2"] or part["m3"] or _MONTHS_ELSEWHERE.get(part["mon4"] or "")
    year = part["y1"] or part["y3"] or part["y4"]
    try:
        date = datetime(int(year or sent_at.year), int(month or 0),
                        int(part["d1"] or part["d2"] or part["d3"] or part["d4"]), tzinfo=UTC)  # fmt: skip
        if not year and date < sent_at - timedelta(days=180):
            date = date.replace(year=date.year + 1)
    except ValueError:  # also where the year after has no 29 February
        return None
    return date + timedelta(days=1)


def _is_ours(sentence: str, limit: re.Match[str]) -> bool:
    """Whether the limit is for our answer: not for AWS itself, not past, under no other condition."""
    before, after = sentence[: limit.start()], sentence[limit.end() :]
    head = limit[0].split()[0]
    if head in _VAGUE and not _HOURS_OR_DAYS.search(limit[0]):
        return head == "before"
    if head != "within" and _ARTICLE.search(limit[0]):
        return False  # "over a day", "in an hour or so"
    if _PAST.search(before[-60:]) or re.match(r" (?:ago|prior|before the|earlier)", after):
        return False
    if _WE_ACT.search(before) and not re.search(rf"{_TOLD_TO}|\bplease\b", before):
        return False
    condition = _CONDITION.search(before)
    return (
        not condition
        or bool(_OF_OUR_SILENCE.search(condition[0]))
        or bool(re.search(rf"{_TOLD_TO}|\bplease\b", condition["clause"]) and not re.search(r"\bif\b", condition[0]))
    )


def instant(match: re.Match[str], sent_at: datetime) -> datetime | None:
    """Return the moment that a match of `DATE` with an optional `TIME` names; a day without a time means its end."""
    part = match.groupdict()
    month = part["m1"] or part["m4"] or part["m5"] or MONTHS.get(part["mon2"] or part["mon3"] or "")
    day = part["d1"] or part["d2"] or part["d3"] or part["d4"] or part["d5"]
    written_year = part["y1"] or part["y2"] or part["y3"] or part["y4"] or part["y5"]
    clock = "late_" if part.get("late_hour") or part.get("late_hour12") else ""
    hour = part[f"{clock}hour"] or part[f"{clock}hour12"]
    try:
        date = datetime(int(written_year or sent_at.year), int(month or 0), int(day or 0), tzinfo=UTC)
        if not written_year and date < sent_at - timedelta(days=180):
            date = date.replace(year=date.year + 1)
        if hour is None:
            return date + timedelta(days=1)
        hours = int(hour) % 12 + (12 if part[f"{clock}half"] == "p" else 0) if part[f"{clock}half"] else int(hour)
        zone = _zone(part[f"{clock}zone"] or "utc", part[f"{clock}offset"], date)
        minutes, seconds = int(part[f"{clock}minute"] or 0), int(part[f"{clock}second"] or 0)
        return date.replace(hour=hours, minute=minutes, second=seconds, tzinfo=zone)
    except ValueError:
        return None


def _is_us_summer(date: datetime) -> bool:
    """Whether daylight saving holds in the USA: from the second Sunday of March to the first of November, to the day.

    https://www.law.cornell.edu/uscode/text/15/260a
    """
    begin, end = (datetime(date.year, month, first, tzinfo=UTC) for month, first in ((3, 8), (11, 1)))
    return _next_sunday(begin) <= date < _next_sunday(end)


def _next_sunday(day: datetime) -> datetime:
    return day + timedelta(days=6 - day.weekday())


def _zone(name: str, offset: str | None, date: datetime) -> timezone:
    if offset:
        sign, digits = offset[0], offset[1:].replace(":", "")
        hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
        return timezone(timedelta(hours=hours, minutes=minutes) * (-1 if sign == "-" else 1))
    if name in _US_ZONES:
        return timezone(timedelta(hours=_US_ZONES[name] + _is_us_summer(date)))
    return timezone(timedelta(hours=_ZONES[name]))
