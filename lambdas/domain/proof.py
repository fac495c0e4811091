"""Who vouches for a mail: AWS, the one who passed it on, or nobody.

The verdicts of Amazon SES come with its SNS notification, out of band: no sender can write them. A file has only the
header fields that SES put on top of it. Either way the question is DMARC's (RFC 7489): did a domain of AWS, the one
in From, vouch for this mail? A passing signature of `amazonses.com` says only that it was sent through SES.

Of a notice that an admin attached to a mail of his own, or that is given as a file, SES says nothing. There our own
check of its signature (RFC 6376) counts, in three steps that hand over data: `mail_to_check` says which mail's
bytes it must be, the caller looks up keys and checks, `prove` judges what was found. `proven_part` are then the bytes
to read: the notice comes from the very mail whose signature was checked, and from nothing around it.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from lambdas.domain.arrival import Verdicts
from lambdas.domain.notice import Proof, ProofKind
from lambdas.domain.reading.authentication import Authentication, ses_authentication
from lambdas.domain.reading.carried import carried_mails, carries_words_of_aws
from lambdas.domain.reading.mail import Header, header_of, open_mail
from lambdas.domain.senders import addresses, domain_of, is_aws_domain

_SINGLE = ("from", "to", "subject", "date", "message-id", "content-type", "content-transfer-encoding")
"""Fields that RFC 5322, section 3.6, and RFC 2045 allow once. Of two, DKIM signs the lower and a reader sees the upper
one. A signature that does not cover one that is there lets anybody write it, and with it what the text is read as."""

_NEEDED = ("from", "date")
_LENGTH_TAG = re.compile(r"(?:^|;)\s*l\s*=\s*\d", re.IGNORECASE)
_SIGNER = re.compile(r"(?:^|;)\s*d\s*=\s*([^\s;]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Signature:
    """One DKIM-Signature (RFC 6376, section 3.5), with what our own check found and why."""

    domain: str  # d=: who signed; empty if it is no name
    selector: str  # s=
    verified: bool
    reason: str
    partial: bool  # l=: it covers only the beginning of the text
    covers: tuple[str, ...]  # h=: the header fields, in lower case
    signed_at: datetime | None  # t=


@dataclass(frozen=True, slots=True)
class Checked:
    """A mail, as it was read, with all its signatures."""

    raw: bytes
    signatures: tuple[Signature, ...]


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom the settings believe beside AWS, in lower case: the admins' addresses, forwarders' domains or addresses."""

    admins: tuple[str, ...] = ()
    forwarders: tuple[str, ...] = ()


NOBODY = Trust()


def mail_to_check(raw: bytes, verdicts: Verdicts | None, trust: Trust = NOBODY) -> bytes | None:
    """Return the mail, in `raw` or `raw` itself, whose signatures are to be checked; None where they cannot count.

    Only what somebody we know hands in is looked into: a file, or the one notice attached to a mail of an admin.
    """
    header = header_of(raw)
    if _flaw(header):
        return None
    sender = addresses(header.first("from"))[0]
    found = ses_authentication(header)
    if is_aws_domain(domain_of(sender)):
        if verdicts or found:
            return None
    elif sender not in trust.admins or not _vouched(domain_of(sender), found, verdicts)[0]:
        return None
    notices = carried_mails(open_mail(raw)).mails
    # Of several notices each would have to be proven and fresh: then an admin decides.
    if len(notices) != 1 or not notices[0].direct:
        return None
    return notices[0].letter.raw


def prove(raw: bytes, verdicts: Verdicts | None, trust: Trust = NOBODY, checked: Checked | None = None) -> Proof:
    """Say who vouches for the origin of the mail `raw`. Pure and total, like the reader.

    `verdicts` are those of the notification by which SES announced this very mail; None for a mere file.
    `checked` is the mail that `mail_to_check` names, with its signatures; another one counts for nothing.
    """
    header = header_of(raw)
    flaw = _flaw(header)
    if flaw:
        return Proof(ProofKind.NONE, flaw)
    sender = addresses(header.first("from"))[0]
    domain = domain_of(sender)
    found = ses_authentication(header)
    vouched, how = _vouched(domain, found, verdicts)
    doubt = ""
    if checked and checked.raw == mail_to_check(raw, verdicts, trust):
        signer, words = _signer(checked)
        if signer:
            by = "" if is_aws_domain(domain) else f"; {sender}, an admin, attached it, {how}"
            return Proof(ProofKind.AWS, f"{signer} signed it, by our own check{by}{_warnings(found, verdicts)}")
        doubt = f"; by our own check {words}"
    if is_aws_domain(domain):
        return _of_aws(header, domain, vouched=vouched, how=how + doubt + _warnings(found, verdicts))
    if vouched and carries_words_of_aws(open_mail(raw)):
        trusted = bool({sender, domain} & set(trust.forwarders))
        whom = f"{domain}, which the settings trust" if trusted else domain
        return Proof(
            ProofKind.FORWARDER,
            f"passed on by {whom}, {how}; that AWS wrote it is not shown{doubt}{_warnings(found, verdicts)}",
            trusted=trusted,
        )
    return Proof(ProofKind.NONE, f"From is {domain}, which is not AWS" if vouched else f"{how}; From is {domain}")


def who_sent(raw: bytes, verdicts: Verdicts | None) -> tuple[str, bool, str]:
    """The one address in From (empty where there is none or more), whether its domain vouches for the mail, and how."""
    header = header_of(raw)
    flaw = _flaw(header)
    if flaw:
        return "", False, flaw
    (sender,) = addresses(header.first("from"))
    vouched, how = _vouched(domain_of(sender), ses_authentication(header), verdicts)
    return sender, vouched, how


def proven_part(raw: bytes, proof: Proof, checked: Checked | None) -> bytes:
    """Return what to read of `raw` under this proof: of a mail that our own check proves, it alone."""
    return checked.raw if checked and proof.kind is ProofKind.AWS else raw


def _signer(checked: Checked) -> tuple[str, str]:
    """Return the domain of AWS whose signature proves the mail, or why none does, in words."""
    header = header_of(checked.raw)
    flaw = _flaw(header)
    if flaw:
        return "", flaw
    domain = domain_of(addresses(header.first("from"))[0])
    reasons = []
    for signature in checked.signatures:
        if not (is_aws_domain(signature.domain) and is_aws_domain(domain) and _aligned(signature.domain, domain)):
            continue
        why_not = _why_not(signature, header)
        if not why_not:
            return signature.domain, ""
        reasons.append(f"the signature of {signature.domain} does not count: {why_not}")
    return "", "; ".join(reasons[:2]) or f"no signature of {domain} is on it"


def _why_not(signature: Signature, header: Header) -> str:
    open_fields = [name for name in _SINGLE if name in header and name not in signature.covers]
    if not signature.verified:
        return signature.reason
    if signature.partial:
        return "it covers only a part of the text (tag l=)"
    return f"it does not cover {', '.join(name.title() for name in open_fields)}" if open_fields else ""


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
