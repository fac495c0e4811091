"""Our public addresses in a notice: those AWS names as ours, else the source column of the quoted report.

The same tables list the other side's addresses. So the last word before an address that names a side decides: a
column's name, a label, "from" or "to".
"""

import re
from collections.abc import Iterator

from lambdas.domain.intake.public_ip import public_ip
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.text_match import TextMatch

_ADDRESS = lazy_pattern(
    r"(?<![\w.:-])(?:(?:\d{1,3}\.){3}\d{1,3}(?!\w|\.\d|/(?!32\b)\d)|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}(?![\w:]"
    r"|/(?!128\b)\d))",
    re.IGNORECASE | re.ASCII,
)
_TORN = lazy_pattern(r"(\[[\d.]{2,14})\n[ \t]{0,8}([\d.]{1,14}\])", re.ASCII)
_THEIRS = (
    r"\b(?:remote|peer|dest(?:ination)?|dst|target(?:s|ing|ed(?! by))?|victims?|scanned(?! by)|attacked(?! by)|against"
    r"|towards?|to|reporters?(?:'s)?"
    r"|(?:reported|detected|observed|seen|logged|recorded) by|complainants?|honeypot|listener"
    r"|version|openssh|openssl|resolvers? used|c&c|c2|command|ziel(?:e|host)?|opfer|cible|victime"
    r"|destino|víctima|destinazione)\b|being \w+|-{1,2}>"
    r"|攻撃先|宛先|목적지|피해|目标|目的|受害"
)
# Reports are written in the reporter's language.
_SOURCE_ELSEWHERE = r"angreifer|quelle?|attaquant|agresseur|atacante|origen|origine|origem|attaccante|sorgente"
_SOURCE_IN_CJK = r"攻撃元|送信元|공격자|출발지|발신|攻击(?:者|源)|来源|源(?= ?ip|地址)"
_OURS = (
    r"\b(?:source|src|attackers?(?:'s)?|attacking|affected|implicated|offending|offenders?|abusive|infected|compromised"
    r"|malicious|origin(?:ating|ated)?|your|yours|elastic|eip|public|scanners?|from|instances?|resources?"
    r"|(?:scanned|attacked|targeted|probed|hit|flooded|contacted|caused|sent) by"
    rf"|{_SOURCE_ELSEWHERE})\b|{_SOURCE_IN_CJK}"
)
_SIDE = lazy_pattern(rf"(?P<theirs>{_THEIRS})|(?P<ours>{_OURS})", re.IGNORECASE | re.ASCII)
_JOINED = lazy_pattern(r"(?<=[a-z])_(?=[a-z])|(?<=[a-z])(?=[A-Z][a-z])")  # dst_ip, remoteIp
_SOURCE_LABEL = lazy_pattern(
    rf"(?:{_SOURCE_IN_CJK}|\b(?:{_SOURCE_ELSEWHERE}|source|src|attackers?(?:'s)?|attacking|affected"
    r"|offending|offenders?|abusive|infected|compromised|malicious|originating|proxy))"
    r"(?:[ _-]?(?:ip|ipv4|ipv6|address|adresse|host|system|machine|identifier)(?:s|es|n)?)*"
    r"(?:アドレス|주소|地址)?"
    r"(?: address(?:es)?)?(?: \([^)]{0,40}\))? ?\*?[\"']? ?[:=]",
    re.IGNORECASE | re.ASCII,
)
_OTHER_LABEL = lazy_pattern(r"[\w\"')*\u3040-\ud7ff] ?[:=](?!//)")
_COLUMN = lazy_pattern(
    r"(?:\b(?P<side>[a-z]{3,11}(?:'s)?)[ _-]?)?\b(?:ips?|ipv[46]|ip_?addr(?:ess(?:es)?)?|address(?:es)?"
    r"|hosts?)\b(?P<being> being \w+)?",
    re.IGNORECASE | re.ASCII,
)
_UNDERSCORED = lazy_pattern(r"(?<=[a-z])_(?=ip|addr|host)", re.IGNORECASE)
_COLUMN_BREAK = lazy_pattern(r"\s{2,}|\t|\||,|\) ?\(|\bport\b", re.IGNORECASE)
_CLIENT = lazy_pattern(
    # Trace fields name mail servers, the reporter's too: a line that begins with "Received:" is none of a log.
    # sshd, PAM, nginx and a reporter's "from the IP address …"; in Apache's format the line begins with the client
    r"(?:(?<!reported )(?<!report )(?<!received: )\bfrom(?: the)?(?: ip)?(?: address)?|\bclient:|\brhost="
    r"|^(?=\S{7,45} \S{1,60} \S{1,60} \[\d))"
    r" ?\[?((?:\d{1,3}\.){3}\d{1,3}|(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4})(?![\w:./])",
    re.IGNORECASE | re.ASCII | re.MULTILINE,
)
_SUFFERED = lazy_pattern(
    # "192.0.2.1 and 192.0.2.2 were scanned by …"
    r"[\s,;()\[\]\d.andor]{0,160}\b(?:was|were|is|are|been|being) (?:\w{2,14} )?"
    r"(?:scanned|attacked|targeted|probed|flooded|hit)\b",
    re.IGNORECASE | re.ASCII,
)


def addresses_named_by_aws(words: str) -> list[TextMatch]:
    """Return the addresses in AWS's own words, without those of the other side."""
    return [address for address, ours in _judged(words, default=True) if ours]


def in_source_column(report: str) -> list[TextMatch]:
    """Return the addresses that a report lists as the source. Evidence only: look them up before acting."""
    return [address for address, ours in _judged(report, default=False) if ours] or _client_of_log(report)


def _client_of_log(report: str) -> list[TextMatch]:
    """Return a log's client address, if every line names the same one."""
    addresses = [
        TextMatch(match.start(1), match.end(1), address)
        for match in _CLIENT.finditer(report)
        if (address := public_ip(match[1]))
    ]
    return addresses[:1] if len({address.value for address in addresses}) == 1 else []


def _judged(text: str, *, default: bool) -> Iterator[tuple[TextMatch, bool]]:
    """Yield each public address and whether it is ours; `default` where nothing shows it."""
    text = _TORN.sub(r"\1\2", text)
    columns: list[bool | None] = []
    carried: bool | None = None  # the side of a label alone on the line above
    begun = ended = False  # rows began; a blank line came after them
    offset = 0
    for line in text.split("\n"):
        ips = list(_public(line, offset))
        if ips:
            sides = _sides(line, ips, offset, columns, carried, strict=not default)
            yield from ((ip, default if side is None else side) for ip, side in zip(ips, sides, strict=True))
            begun, ended = True, False
        elif not line.strip():
            ended = begun  # a blank line below the rows ends a table, unless more rows follow
        elif not line.strip().startswith(("<<<", "---", "===")):
            if ended:
                columns, carried, begun, ended = [], None, False, False
            named = _columns(line)
            if named or line.rstrip(" *").endswith(":"):
                columns, begun = named, False
                carried = _side_of_label(line, strict=not default)
        offset += len(line) + 1


def _public(line: str, offset: int) -> Iterator[TextMatch]:
    if "." not in line and ":" not in line:
        return
    for match in _ADDRESS.finditer(line):
        ip = public_ip(match[0])
        if ip:
            yield TextMatch(offset + match.start(), offset + match.end(), ip)


def _sides(
    line: str,
    ips: list[TextMatch],
    offset: int,
    columns: list[bool | None],
    carried: bool | None,
    *,
    strict: bool,
) -> list[bool | None]:
    if columns and len(ips) <= len(columns):
        return columns[: len(ips)]
    sides: list[bool | None] = []
    side, start = carried, 0
    for ip in ips:
        before = line[start : ip.start - offset]
        side = _side_before(before, side, strict=strict)
        if _SUFFERED.match(line, ip.end - offset):
            side = False
        sides.append(side)
        start = ip.end - offset
    return sides


def _side_before(before: str, side: bool | None, *, strict: bool) -> bool | None:
    """Judge by the words before an address; in a comma list the first address decides."""
    if strict:
        labels = list(_OTHER_LABEL.finditer(before))
        if not labels:
            return side if not before.strip(" ,;\t[]()\"'&") else None
        sources = list(_SOURCE_LABEL.finditer(before))
        return bool(sources) and sources[-1].end() >= labels[-1].end()
    last_side = None
    for match in _SIDE.finditer(_JOINED.sub(" ", before)):
        last_side = match.lastgroup == "ours"
    return last_side if last_side is not None else side


def _side_of_label(line: str, *, strict: bool) -> bool | None:
    """Judge a line such as "Remote IPs:" for the lines below it."""
    if not line.rstrip(" *").endswith(":"):
        return None
    return _side_before(line, None, strict=strict)


def _columns(line: str) -> list[bool | None]:
    """Return the side of each address column if the line is the head of a table."""
    if line.rstrip().endswith((".", ":")) or not _COLUMN_BREAK.search(line.strip()):
        return []
    columns: list[bool | None] = []
    for match in _COLUMN.finditer(_UNDERSCORED.sub(" ", line)):
        side_word = _SIDE.search(match["side"] or "")
        columns.append(False if match["being"] else side_word.lastgroup == "ours" if side_word else None)
    return columns
