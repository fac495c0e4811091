"""What Amazon SES found when it received a mail, from the header fields that it put on top.

SES prepends, topmost first: Return-Path, Received (by inbound-smtp.<region>.amazonaws.com), X-SES-Spam-Verdict,
X-SES-Virus-Verdict, Received-SPF, Authentication-Results (RFC 8601), X-SES-RECEIPT, X-SES-DKIM-SIGNATURE.
Everything below is the sender's, even fields of the same names. So a block counts only at the very top, in this order.
"""

import re
from dataclasses import dataclass

from lambdas.domain.reading.mail_parser import MailHeader
from lambdas.domain.reading.patterns import lazy_pattern

_BLOCK = (
    "return-path", "received", "x-ses-spam-verdict", "x-ses-virus-verdict", "received-spf",
    "authentication-results", "x-ses-receipt", "x-ses-dkim-signature",
)  # fmt: skip
_BY_SES = lazy_pattern(r"\bby inbound-smtp\.[a-z0-9-]{4,30}\.amazonaws\.com(?:\.cn)? ", re.IGNORECASE | re.ASCII)
_NAME_AND_VALUE = lazy_pattern(
    r'\s*([a-z0-9._-]{1,40})\s*=\s*((?:[^\s"]|"(?:[^"\\]|\\.)*")*)', re.IGNORECASE | re.ASCII | re.DOTALL
)
_PLAIN = lazy_pattern(r"[ -~\t]*")
_RESULT = lazy_pattern(r"[a-z]{2,20}")
_METHODS = frozenset({"spf", "dkim", "dmarc"})


@dataclass(frozen=True, slots=True)
class Authentication:
    """SES's results: one for each method in lower case, such as "pass", or empty."""

    spf: str = ""
    dmarc: str = ""
    dmarc_from: str = ""  # the domain that DMARC was checked for
    passing_signatures: tuple[str, ...] = ()  # the domains whose DKIM signatures pass
    spam: str = ""  # PASS, FAIL, GRAY, PROCESSING_FAILED, DISABLED
    virus: str = ""


def ses_authentication(header: MailHeader) -> Authentication | None:
    """Return SES's own results; None if the mail does not begin with SES's block, or its results are unclear."""
    block: dict[str, str] = {}
    left = list(_BLOCK)
    for name, value in header.fields:
        if name not in left or (name == "received" and not _BY_SES.search(value)):
            break
        del left[: left.index(name) + 1]
        block[name] = value
    if "received" not in block or "authentication-results" not in block:
        return None
    clauses = _clauses(block["authentication-results"])
    if not clauses or clauses[0].strip().lower() != "amazonses.com":
        return None
    spam, virus = (block.get(f"x-ses-{check}-verdict", "").strip().upper() for check in ("spam", "virus"))
    return _results(clauses[1:], spam, virus)


def has_second_block(header: MailHeader) -> bool:
    """Whether two fields claim to be SES's own. In a stored mail nothing shows which of them SES wrote.

    Under SES's notification the upper one is its own: what the sender writes stands below.
    """
    received = [value for value in header.all("received") if _BY_SES.search(value)]
    results = [
        value for value in header.all("authentication-results") if "amazonses.com" in value.partition(";")[0].lower()
    ]
    return len(received) > 1 or len(results) > 1


def _clauses(field: str) -> list[str] | None:
    """Split the field at its semicolons, without comments; None if it is not plain ASCII or a bracket or quoted string
    has no other end.

    A semicolon in a comment, which may be nested, or in a quoted string separates nothing: RFC 8601, section 2.2, and
    RFC 5322, section 3.2.
    """
    if not _PLAIN.fullmatch(field):
        return None
    clauses: list[list[str]] = [[]]
    depth, quoted, escaped = 0, False, False
    for char in field:
        if depth:
            depth += 0 if escaped else (char == "(") - (char == ")")
        elif char == "(" and not quoted:
            depth = 1
            clauses[-1].append(" ")
        elif char == ")" and not quoted:
            return None
        elif char == ";" and not quoted:
            clauses.append([])
        else:
            quoted ^= char == '"' and not escaped
            clauses[-1].append(char)
        escaped = char == "\\" and not escaped and (quoted or depth > 0)
    return None if depth or quoted else ["".join(clause) for clause in clauses]


def _results(clauses: list[str], spam: str, virus: str) -> Authentication | None:
    """Read the clauses; None unless every one has the form that SES writes, and at most one is DMARC's, about a domain.

    There is one `dkim` clause for each signature, so a repeated method is no forgery. SES writes properties of SPF as
    clauses of their own: `client-ip=…; envelope-from=…; helo=…;`. A sender chooses some of these values, so a second
    `dmarc` or `spf` clause could be the sender's.
    """
    results: dict[str, list[dict[str, str]]] = {}
    for clause in filter(str.strip, clauses):
        pairs = _pairs(clause)
        # Of two values of one name, another reader may take the other.
        if not pairs or len({name for name, _ in pairs}) < len(pairs):
            return None
        method, result = pairs[0]
        if method in _METHODS:
            if not _RESULT.fullmatch(result):
                return None
            results.setdefault(method, []).append({"result": result, **dict(pairs[1:])})
    if any(len(results.get(method, ())) > 1 for method in ("spf", "dmarc")):
        return None
    (spf,), (dmarc,) = (results.get(method, [{"result": ""}]) for method in ("spf", "dmarc"))
    signers = (
        signature.get("header.i", signature.get("header.d", "")).rpartition("@")[2].rstrip(".")
        for signature in results.get("dkim", ())
        if signature["result"] == "pass"
    )
    dmarc_from = dmarc.get("header.from", "").rstrip(".")
    if dmarc["result"] and not dmarc_from:
        return None  # a result about nobody
    return Authentication(spf["result"], dmarc["result"], dmarc_from, tuple(filter(None, signers)), spam, virus)


def _pairs(clause: str) -> list[tuple[str, str]]:
    """The `name=value` pairs of a clause in lower case; empty if it holds anything else."""
    pairs, end = [], 0
    while match := _NAME_AND_VALUE.match(clause, end):
        pairs.append((match[1].lower(), match[2].lower()))
        end = match.end()
    return [] if clause[end:].strip() else pairs
