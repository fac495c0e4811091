"""Who vouches for a mail: AWS, the one who passed it on, or nobody.

The verdicts of Amazon SES come with its SNS notification, out of band: no sender can write them. A file has only the
header fields that SES put on top of it. Either way the question is DMARC's (RFC 7489): did a domain of AWS, the one
in From, vouch for this mail? A passing signature of `amazonses.com` says only that it was sent through SES.
"""

import re

from lambdas.domain.arrival import Verdicts
from lambdas.domain.notice import Proof, ProofKind
from lambdas.domain.reading.authentication import Authentication, ses_authentication
from lambdas.domain.reading.carried import carries_words_of_aws
from lambdas.domain.reading.mail import Header, header_of, open_mail
from lambdas.domain.senders import addresses, domain_of, is_aws_domain

_SINGLE = ("from", "to", "subject", "date", "message-id", "content-type")
"""Fields that RFC 5322, section 3.6, allows once. Of two, DKIM signs the lower and a reader sees the upper one."""

_NEEDED = ("from", "date")
_LENGTH_TAG = re.compile(r"(?:^|;)\s*l\s*=\s*\d", re.IGNORECASE)
_SIGNER = re.compile(r"(?:^|;)\s*d\s*=\s*([^\s;]+)", re.IGNORECASE)


def prove(raw: bytes, verdicts: Verdicts | None) -> Proof:
    """Say who vouches for the origin of the mail `raw`. Pure and total, like the reader.

    `verdicts` are those of the notification by which SES announced this very mail; None for a mere file.
    """
    header = header_of(raw)
    flaw = _flaw(header)
    if flaw:
        return Proof(ProofKind.NONE, flaw)
    domain = domain_of(addresses(header.first("from"))[0])
    found = ses_authentication(header)
    vouched, how = _vouched(domain, found, verdicts)
    if is_aws_domain(domain):
        return _of_aws(header, domain, vouched=vouched, how=how + _warnings(found, verdicts))
    if vouched and carries_words_of_aws(open_mail(raw)):
        return Proof(
            ProofKind.FORWARDER,
            f"passed on by {domain}, {how}; that AWS wrote it is not shown" + _warnings(found, verdicts),
        )
    return Proof(ProofKind.NONE, f"From is {domain}, which is not AWS" if vouched else f"{how}; From is {domain}")


def _of_aws(header: Header, domain: str, *, vouched: bool, how: str) -> Proof:
    if not vouched:
        return Proof(ProofKind.NONE, f"From says {domain}, but {how}")
    cut = next((d for d in _signers_with_length(header) if is_aws_domain(d)), "")
    if cut:
        return Proof(ProofKind.NONE, f"the signature of {cut} covers only a part of the text (tag l=)")
    owner = "; Amazon SNS sends it for whoever owns the topic" if domain == "sns.amazonaws.com" else ""
    return Proof(ProofKind.AWS, f"{domain} vouches for it: {how}{owner}")


def _flaw(header: Header) -> str:
    """Say what makes the header untrustworthy whatever the signatures say; empty if nothing does."""
    if not header.fields:
        return "it is no mail: there is no header"
    for name in _SINGLE:
        if len(header.all(name)) > 1:
            return f"the field {name.title()} stands in it more than once"
    for name in _NEEDED:
        if name not in header:
            return f"the field {name.title()} is missing"
    written = addresses(header.first("from"))
    if len(written) != 1:
        return "From names no address" if not written else "From names more than one address"
    return ""


def _vouched(domain: str, found: Authentication | None, verdicts: Verdicts | None) -> tuple[bool, str]:
    """Say whether the From domain was authenticated, and how in words."""
    if verdicts:
        passed = verdicts.dmarc.upper() == "PASS"
        return (
            passed,
            f"DMARC {'passes' if passed else 'does not pass'} by the verdict of SES ({verdicts.dmarc or 'none'})",
        )
    if not found:
        return False, "no result of Amazon SES stands on top of it"
    if found.dmarc:
        matches = not found.dmarc_from or _aligned(found.dmarc_from, domain)
        passed = found.dmarc == "pass" and matches
        return passed, f"DMARC {'passes' if passed else 'does not pass'} in the header of SES ({found.dmarc})"
    if any(_aligned(signer, domain) for signer in found.passing_signatures):
        return True, "its own signature passes in the header of SES, which has no DMARC result"
    return False, "no signature of its own domain passes in the header of SES"


def _aligned(signer: str, domain: str) -> bool:
    """Relaxed alignment (RFC 7489, section 3.1): the same organisational domain. Without a public suffix list only
    AWS's domains are known as such; any other must be the same or stand below."""
    if is_aws_domain(signer) and is_aws_domain(domain):
        return signer.split(".")[-2:] == domain.split(".")[-2:]
    return signer == domain or signer.endswith("." + domain) or (domain.endswith("." + signer) and "." in signer)


def _signers_with_length(header: Header) -> list[str]:
    signatures = [value for value in header.all("dkim-signature") if _LENGTH_TAG.search(value)]
    return [signer[1].lower() for value in signatures if (signer := _SIGNER.search(value))]


def _warnings(found: Authentication | None, verdicts: Verdicts | None) -> str:
    """A spam or virus verdict does not unmake the origin: notices quote what filters look for."""
    spam, virus = (verdicts.spam, verdicts.virus) if verdicts else (found.spam, found.virus) if found else ("", "")
    failed = [name for name, verdict in (("spam", spam), ("a virus", virus)) if verdict.upper() == "FAIL"]
    return f"; SES takes it for {' and '.join(failed)}" if failed else ""
