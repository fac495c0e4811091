"""What Amazon SES found when it received a mail, from the header fields that it put on top.

SES prepends, topmost first: Return-Path, Received (by inbound-smtp.<region>.amazonaws.com), X-SES-Spam-Verdict,
X-SES-Virus-Verdict, Received-SPF, Authentication-Results (RFC 8601), X-SES-RECEIPT, X-SES-DKIM-SIGNATURE.
Everything below is the sender's, even fields of the same names. So only a block at the very top is read.
"""

import re
from dataclasses import dataclass

from lambdas.domain.reading.mail_parser import MailHeader
from lambdas.domain.reading.patterns import lazy_pattern

_BLOCK = frozenset({
    "return-path", "received", "x-ses-spam-verdict", "x-ses-virus-verdict", "received-spf",
    "authentication-results", "x-ses-receipt", "x-ses-dkim-signature",
})  # fmt: skip
_BY_SES = lazy_pattern(r"\bby inbound-smtp\.[a-z0-9-]{4,30}\.amazonaws\.com(?:\.cn)? ", re.IGNORECASE | re.ASCII)
_COMMENT = lazy_pattern(r"\([^()]{0,400}\)")
_METHOD = lazy_pattern(r"\s*(spf|dkim|dmarc)\s?=\s?([a-z]{2,12})\b(.{0,400})", re.IGNORECASE | re.ASCII | re.DOTALL)
_PROPERTY = lazy_pattern(r"\bheader\.(i|d|from)\s?=\s?([^\s;]{1,320})", re.IGNORECASE | re.ASCII)


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
    """Return SES's own results; None if the mail does not begin with SES's block."""
    block: dict[str, str] = {}
    for name, value in header.fields:
        if name not in _BLOCK or name in block:
            break
        if name == "received" and not _BY_SES.search(value):
            break
        block[name] = value
    if "received" not in block or "authentication-results" not in block:
        return None
    server, _, results = block["authentication-results"].partition(";")
    if server.strip().lower() != "amazonses.com":
        return None
    spam, virus = (block.get(f"x-ses-{check}-verdict", "").strip().upper() for check in ("spam", "virus"))
    return _results(results, spam, virus)


def _results(results: str, spam: str, virus: str) -> Authentication:
    """Read the clauses. There is one `dkim` clause for each signature, so a repeated method is no forgery."""
    spf = dmarc = dmarc_from = ""
    signatures: list[str] = []
    for clause in _COMMENT.sub(" ", results).split(";"):
        method = _METHOD.match(clause)
        if not method:
            continue
        name, result = method[1].lower(), method[2].lower()
        values = {key.lower(): value.lower() for key, value in _PROPERTY.findall(method[3])}
        if name == "spf":
            spf = spf or result
        elif name == "dmarc":
            if not dmarc:
                dmarc, dmarc_from = result, values.get("from", "").rstrip(".")
        elif result == "pass":
            signatures.append(values.get("i", values.get("d", "")).rpartition("@")[2].rstrip("."))
    return Authentication(spf, dmarc, dmarc_from, tuple(signatures), spam, virus)
