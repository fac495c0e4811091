"""The values of a reporter's claim, cleaned and cut: a name, a type, places, ports, a protocol, a count, times."""

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta, timezone
from itertools import islice

from lambdas.domain.clean import one_line
from lambdas.domain.reading.deadline import MONTHS
from lambdas.domain.reading.patterns import lazy_pattern

_MOST_NAME = 80  # characters
_MOST_WORD = 40
_MOST_PLACES = 10  # of one side
_MOST_PORTS = 20
_MOST_PROTOCOLS = 2
_MOST_DIGITS = 12  # of a count
_MOST_VALUE = 300  # characters that are looked at

_TYPES = {
    # of XARF 3 and 4, X-ARF and ARF, and what people write into AWS's form, without blanks and signs
    **dict.fromkeys(("portscan", "portscans", "portscanning"), "port_scanning"),
    **dict.fromkeys(("loginattack", "authfailure", "bruteforce", "sshbruteforce", "sqlinjection", "exploit",
                     "intrusion", "intrusionattempt", "intrusionattempts"), "intrusion_attempt"),
    **dict.fromkeys(("dos", "ddos", "denialofservice", "dosattack", "ddosattack"), "dos"),
    "ddosamplification": "dos_reflector",
    "openproxy": "open_proxy",
    **dict.fromkeys(("open", "openservice", "cve", "misconfiguration", "vulnerability"), "vulnerability"),
    **dict.fromkeys(("spam", "emailspam", "bulkmessaging"), "email_spam"),
    "phishing": "phishing",
    **dict.fromkeys(("malware", "virus"), "malware"),
    "botnet": "botnet",
    **dict.fromkeys(("copyright", "trademark", "dmca", "p2p", "cyberlocker"), "copyright_dmca"),
    **dict.fromkeys(("csam", "csem", "childabuse", "illegalcontent"), "illegal_content"),
    "cryptomining": "crypto_mining",
}  # fmt: skip
_PROTOCOLS = {"1": "ICMP", "6": "TCP", "17": "UDP", "132": "SCTP"}  # the numbers of IANA

_SIGNS = lazy_pattern(r"[^a-z0-9]+")
_PLACE = lazy_pattern(r"[!-~]{2,80}")
_PORTS = lazy_pattern(r"(?<![\d.:])(\d{1,5})(?:-(\d{1,5}))?(?![\d.:])")
_PROTOCOL = lazy_pattern(r"\b(?:TCP|UDP|ICMP|SCTP|GRE|SMTP|HTTPS?)\b", re.ASCII)

_ZONES = {"utc": 0, "gmt": 0, "z": 0, "est": -5, "edt": -4, "pst": -8, "pdt": -7, "cet": 1, "mez": 1, "cest": 2,
          "mesz": 2, "jst": 9}  # fmt: skip
_CLOCK = r"(?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
_ZONE = (
    r"(?: ?\(?(?:utc|gmt)?(?P<offset>[+-]\d\d:?\d\d)\b"
    rf"| ?\(?(?P<zone>{'|'.join(_ZONES)})\b(?![+-]\d))?"
)
_NUMBERED = lazy_pattern(
    rf"\s{{0,3}}(?P<year>20\d\d)[-/.](?P<month>\d\d)[-/.](?P<day>\d\d)[T ]{{1,2}}{_CLOCK}{_ZONE}",
    re.IGNORECASE | re.ASCII,
)
_NAMED = lazy_pattern(
    # RFC 5322, Apache's log, asctime, syslog
    r"\s{0,3}(?:[a-z]{3},? {1,2})?(?:(?P<day>\d{1,2})[ /-](?P<month>[a-z]{3})[ /-](?P<year>20\d\d)"
    r"|(?P<month2>[a-z]{3}) {1,2}(?P<day2>\d{1,2})(?:,? (?P<year2>20\d\d))?)"
    rf"[ :T,]{{1,2}}{_CLOCK}{_ZONE}(?: (?P<year3>20\d\d)\b)?",
    re.IGNORECASE | re.ASCII,
)
_CLOCK_SKEW = timedelta(days=1)


def name(written: str) -> str:
    """Return a name on one short line, without links."""
    return one_line(written[:_MOST_VALUE], _MOST_NAME)


def abuse_type(*written: str) -> tuple[str | None, str]:
    """Return our type of abuse by the first of the reporter's words that has one; else None, and the first word."""
    ours = (_TYPES.get(_SIGNS.sub("", word[:_MOST_WORD].lower())) for word in written)
    if slug := next(filter(None, ours), None):
        return slug, ""
    return None, one_line(written[0][:_MOST_VALUE].replace("_", " "), _MOST_WORD) if written else ""


def places(written: Iterable[str]) -> tuple[str, ...]:
    """Return addresses, hosts and URLs, each once; a list in one value may have commas or blanks."""
    words = (word.strip(",;\"'()") for value in written for word in value[:_MOST_VALUE].replace(",", " ").split())
    cleaned = (
        word if word.replace(".", "").isdigit() else one_line(word, _MOST_NAME)
        for word in words
        if _PLACE.fullmatch(word)
    )
    return tuple(islice(dict.fromkeys(islice(filter(None, cleaned), 100)), _MOST_PLACES))


def ports(written: Iterable[str]) -> tuple[str, ...]:
    """Return ports and ranges of ports, each once: "22/TCP, 1-1024" has two."""
    found = (
        match[0]
        for value in islice(written, 100)
        for match in _PORTS.finditer(value[:_MOST_VALUE])
        if all(0 < int(port) < 1 << 16 for port in match.groups() if port)
    )
    return tuple(islice(dict.fromkeys(found), _MOST_PORTS))


def protocol(*written: str) -> str:
    """Return the protocols that the values name, "TCP" or "TCP, UDP"; empty without one."""
    named = (
        _PROTOCOLS.get(value.strip())
        or ", ".join([*dict.fromkeys(_PROTOCOL.findall(value[:_MOST_VALUE].upper()))][:_MOST_PROTOCOLS])
        for value in written
    )
    return next(filter(None, named), "")


def count(written: str) -> int | None:
    """Return a number of events; None for what is none."""
    digits = written.strip()
    return int(digits) if digits.isascii() and digits.isdigit() and len(digits) <= _MOST_DIGITS else None


def moment(written: str, sent_at: datetime | None) -> datetime | None:
    """Return the time at the beginning of `written`, in UTC, or without a time zone where none is named.

    Without a year it is the last such day before the mail was sent. None for anything else, also for a bare day.
    """
    match = _NUMBERED.match(written) or _NAMED.match(written)
    if not match:
        return None
    part = match.groupdict()
    month = part["month"] or part["month2"]
    year = part["year"] or part.get("year2") or part.get("year3")
    if not year and not sent_at:
        return None
    try:
        at = datetime(
            int(year or (sent_at.year if sent_at else 0)),
            MONTHS.get(month.lower()) or int(month),
            int(part["day"] or part["day2"]),
            int(part["hour"]),
            int(part["minute"]),
            int(part["second"] or 0),
            tzinfo=UTC,
        )
        if not year and sent_at and at > sent_at + _CLOCK_SKEW:
            at = at.replace(year=at.year - 1)
    except (OverflowError, ValueError):
        return None
    # A Date field may name the year 1 or 9999, where no other time zone can be reckoned.
    if not 2000 <= at.year < 2100:
        return None
    zone = _zone(part["offset"] or part["zone"] or "")
    return at.replace(tzinfo=zone).astimezone(UTC) if zone else at.replace(tzinfo=None)


def _zone(written: str) -> timezone | None:
    if written[:1] in {"+", "-"} and (digits := written[1:].replace(":", "")).isdigit() and len(digits) == 4:
        ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
        return timezone(-ahead if written[0] == "-" else ahead) if ahead < timedelta(days=1) else None
    hours = _ZONES.get(written.lower())
    return None if hours is None else timezone(timedelta(hours=hours))


def span(times: Sequence[datetime | None]) -> tuple[datetime | None, datetime | None]:
    """Return the first and the last time; those without a time zone count only where none has one."""
    known = [at for at in times if at]
    zoned = [at for at in known if at.tzinfo]
    return min(zoned or known, default=None), max(zoned or known, default=None)
