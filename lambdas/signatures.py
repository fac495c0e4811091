"""Our own check of a mail's DKIM signatures (RFC 6376), for mails that no verdict of SES speaks of.

Only signatures of AWS's domains are looked into: another one proves nothing, and its owner need not learn that we
hold the mail, nor choose the key that we calculate with.
"""

import logging
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime
from functools import lru_cache

from lambdas.domain.intake.mail_address import is_aws_domain
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.domain.reading.mail_parser import parse_header
from lambdas.domain.reading.proof import CheckedMail, DkimSignature

Lookup = Callable[[str], bytes]
"""The TXT record at a name. Raises `NoDnsRecord` if there is none or DNS does not say."""

MOST_SIGNATURES = 5  # a mail of AWS has one of AWS's, or two
DNS_SECONDS = 2.0
LEAST_KEY_BITS = 1024  # RFC 8301, section 3.2

# dkimpy's patterns take quadratic time on a run of blanks.
_MOST_SIGNATURE = 4096
_LONGEST_BLANK = 100

_NAME = re.compile(r"[a-z0-9_](?:[a-z0-9._-]{0,251}[a-z0-9])?", re.ASCII)
_FIELD_NAME = re.compile(r"[!-9;-~]{1,80}")
_WORDS = {
    "body hash mismatch": phrase("signature:text"),
    "x= value is past": phrase("signature:expired"),
    "t= value is in the future": phrase("signature:future"),
}
_QUIET = logging.Logger("dkim", level=logging.CRITICAL + 1)  # dkimpy would log words of the mail


class _InvalidSignature(Exception):
    """The signature was checked and is not good; `why` says it."""

    def __init__(self, why: Phrase) -> None:
        super().__init__(why.key)
        self.why = why


class NoDnsRecord(_InvalidSignature):
    """DNS has no TXT record for us."""


@lru_cache(maxsize=64)
def txt_record(name: str) -> bytes:
    """The TXT record at `name`, kept for the life of the process; that there is none is asked again each time."""
    import dns.exception  # noqa: PLC0415  slow to import, and few mails need it
    import dns.resolver  # noqa: PLC0415

    try:
        answer = dns.resolver.resolve(name, "TXT", lifetime=DNS_SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer) as nothing:
        raise NoDnsRecord(phrase("signature:no_key")) from nothing
    except (dns.exception.DNSException, OSError) as failure:
        raise NoDnsRecord(phrase("signature:no_answer", error=type(failure).__name__)) from failure
    return b"".join(next(iter(answer)).strings)


def verified_signatures(raw: bytes, lookup: Lookup = txt_record) -> tuple[DkimSignature, ...]:
    """Check each DKIM-Signature of a mail by itself, topmost first. Never raises: a failure is a reason in words."""
    signatures = []
    looked_into = 0
    for index, value in enumerate(parse_header(raw).all("dkim-signature")):
        signature = _read(value)
        if is_aws_domain(signature.domain):
            looked_into += 1
            signature = _checked(raw, index, signature, lookup if looked_into <= MOST_SIGNATURES else None)
        signatures.append(signature)
    return tuple(signatures)


def checked_mail(mails: Iterable[bytes], lookup: Lookup = txt_record) -> CheckedMail | None:
    """The first mail with a signature that verifies; otherwise the last, with the reasons. None if there is no mail."""
    checked = None
    for mail in mails:
        checked = CheckedMail(mail, verified_signatures(mail, lookup))
        if any(signature.verified for signature in checked.signatures):
            break
    return checked


def _read(value: str) -> DkimSignature:
    """Read what a signature says of itself (RFC 6376, section 3.5)."""
    tags: dict[str, str] = {}
    for tag in value.split(";"):
        name, _, content = tag.partition("=")
        tags.setdefault(name.strip(), content.strip())
    covers = [name.strip().lower() for name in tags.get("h", "").split(":")]
    domain, selector = tags.get("d", "").lower(), tags.get("s", "").lower()
    return DkimSignature(
        domain=domain if _NAME.fullmatch(domain) else "",
        selector=selector if _NAME.fullmatch(selector) else "",
        verified=False,
        reason=phrase("signature:not_aws"),
        partial="l" in tags,
        covers=tuple(name for name in covers if _FIELD_NAME.fullmatch(name)),
        signed_at=_moment(tags.get("t", "")),
    )


def _moment(seconds: str) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(seconds[:12]), UTC) if seconds.isdecimal() else None
    except (ValueError, OverflowError, OSError):
        return None


def _checked(raw: bytes, index: int, signature: DkimSignature, lookup: Lookup | None) -> DkimSignature:
    if lookup is None:
        return replace(signature, reason=phrase("signature:too_many", most=MOST_SIGNATURES))
    try:
        _verify(raw, index, signature, lookup)
    except _InvalidSignature as failure:
        return replace(signature, reason=failure.why)
    # dkimpy lets through whatever its parsing meets: IndexError, KeyError, binascii.Error, NameError.
    except Exception as failure:  # noqa: BLE001
        # What stands in dkimpy's brackets are words of the mail.
        words = " ".join(str(failure).partition(" (")[0].split())[:100]
        error = verbatim(f"{type(failure).__name__}: {words}")
        return replace(signature, reason=_WORDS.get(words, phrase("signature:cannot", error=error)))
    return replace(signature, verified=True, reason=phrase("signature:verifies"))


def _verify(raw: bytes, index: int, signature: DkimSignature, lookup: Lookup) -> None:
    """Return if the signature is good; raise whatever else."""
    import dkim  # noqa: PLC0415  it takes longer than reading a mail, and few mails need it

    if b" " * _LONGEST_BLANK in raw.replace(b"\t", b" "):
        raise _InvalidSignature(phrase("signature:blanks", count=_LONGEST_BLANK))
    mail = dkim.DKIM(raw, logger=_QUIET, minkey=LEAST_KEY_BITS)
    if [name.decode("ascii").lower() for name, _ in mail.headers] != [name for name, _ in parse_header(raw).fields]:
        raise _InvalidSignature(phrase("signature:ambiguous"))
    found = [value for name, value in mail.headers if name.lower() == b"dkim-signature"]
    if len(found[index]) > _MOST_SIGNATURE:
        raise _InvalidSignature(phrase("signature:long", most=_MOST_SIGNATURE))
    tags, *_ = mail.verify_headerprep(index)
    if tags[b"a"] == b"rsa-sha1":
        raise _InvalidSignature(phrase("signature:weak"))
    if not signature.selector:
        raise _InvalidSignature(phrase("signature:no_name"))
    # What dkimpy says of a key goes into its log only: so the key is read here first.
    name = f"{signature.selector}._domainkey.{signature.domain}."
    key = lookup(name)
    dkim.evaluate_pk(name, key)
    if not mail.verify(index, dnsfunc=lambda *_, **__: key):
        raise _InvalidSignature(phrase("signature:header"))
