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
from lambdas.domain.said import Said, said, several
from lambdas.domain.senders import ACTING_DESKS, addresses, domain_of, is_aws_domain, is_too_long, only_mailbox

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
    reason: Said
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
    sender = only_mailbox(header.first("from"))
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
    sender = only_mailbox(header.first("from"))
    domain = domain_of(sender)
    found = ses_authentication(header)
    vouched, how = _vouched(domain, found, verdicts)
    doubt: Said | None = None
    if checked and checked.raw == mail_to_check(raw, verdicts, trust):
        signer = _signer(checked)
        if isinstance(signer, str):
            by = None if is_aws_domain(domain) else said("proof:attached", sender=sender, how=how)
            signed = said("proof:signed", signer=signer)
            return _by_aws(header_of(checked.raw), several(signed, by, _warnings(found, verdicts)))
        doubt = said("proof:own_check", found=signer)
    if is_aws_domain(domain):
        return _claiming_aws(header, domain, vouched=vouched, how=several(how, doubt, _warnings(found, verdicts)))
    if vouched and carries_words_of_aws(open_mail(raw)):
        trusted = bool({sender, domain} & set(trust.forwarders))
        passed_on = (
            said("proof:passed_on_trusted", domain=domain, how=how)
            if trusted
            else said("proof:passed_on", domain=domain, how=how)
        )
        reason = several(passed_on, doubt, _warnings(found, verdicts))
        return Proof(ProofKind.FORWARDER, reason, trusted=trusted)
    if vouched:
        return Proof(ProofKind.NONE, said("proof:not_aws", domain=domain))
    return Proof(ProofKind.NONE, several(how, said("proof:from", domain=domain)))


def who_sent(raw: bytes, verdicts: Verdicts | None) -> tuple[str, bool, Said]:
    """The one address in From (empty where there is none or more), whether its domain vouches for the mail, and how."""
    header = header_of(raw)
    flaw = _flaw(header)
    if flaw:
        return "", False, flaw
    sender = only_mailbox(header.first("from"))
    vouched, how = _vouched(domain_of(sender), ses_authentication(header), verdicts)
    return sender, vouched, how


def proven_part(raw: bytes, proof: Proof, checked: Checked | None) -> bytes:
    """Return what to read of `raw` under this proof: of a mail that our own check proves, it alone."""
    return checked.raw if checked and proof.kind is ProofKind.AWS else raw


def _signer(checked: Checked) -> str | Said:
    """Return the domain of AWS whose signature proves the mail, or why none does."""
    header = header_of(checked.raw)
    flaw = _flaw(header)
    if flaw:
        return flaw
    domain = domain_of(only_mailbox(header.first("from")))
    reasons = []
    for signature in checked.signatures:
        if not (is_aws_domain(signature.domain) and is_aws_domain(domain) and _aligned(signature.domain, domain)):
            continue
        why_not = _why_not(signature, header)
        if not why_not:
            return signature.domain
        reasons.append(said("proof:does_not_count", signer=signature.domain, why=why_not))
    return several(*reasons[:2]) if reasons else said("proof:no_signature", domain=domain)


def _why_not(signature: Signature, header: Header) -> Said | None:
    open_fields = [name for name in _SINGLE if name in header and name not in signature.covers]
    if not signature.verified:
        return signature.reason
    if signature.partial:
        return said("proof:partial")
    return said("proof:uncovered", fields=[name.title() for name in open_fields]) if open_fields else None


def _claiming_aws(header: Header, domain: str, *, vouched: bool, how: Said) -> Proof:
    if not vouched:
        return Proof(ProofKind.NONE, said("proof:claims", domain=domain, how=how))
    cut = next((d for d in _signers_with_length(header) if is_aws_domain(d)), "")
    if cut:
        return Proof(ProofKind.NONE, said("proof:cut", signer=cut))
    owner = said("proof:topic") if domain == "sns.amazonaws.com" else None
    return _by_aws(header, several(said("proof:vouches", domain=domain, how=how), owner))


def _by_aws(header: Header, reason: Said) -> Proof:
    """The proof of a mail that AWS vouches for: only its abuse desks' words can act without an admin."""
    sender = only_mailbox(header.first("from"))
    if sender in ACTING_DESKS:
        return Proof(ProofKind.AWS, reason, may_contain=True)
    return Proof(ProofKind.AWS, several(reason, said("proof:other_sender", sender=sender)))


def _flaw(header: Header) -> Said | None:
    """Say what makes the header untrustworthy whatever the signatures say; None if nothing does."""
    if not header.fields:
        return said("proof:no_header")
    for name in _SINGLE:
        if len(header.all(name)) > 1:
            return said("proof:twice", name=name.title())
    for name in _NEEDED:
        if name not in header:
            return said("proof:missing", name=name.title())
    field = header.first("from")
    if is_too_long(field):
        return said("proof:from_long")
    written = addresses(field)
    if len(written) != 1:
        return said("proof:from_several") if written else said("proof:from_nobody")
    return None if only_mailbox(field) else said("proof:from_unclear")


def _vouched(domain: str, found: Authentication | None, verdicts: Verdicts | None) -> tuple[bool, Said]:
    """Say whether the From domain was authenticated, and how."""
    if found and found.dmarc_from and not _is_checked_for(found.dmarc_from, domain):
        return False, said("proof:other_domain", checked=found.dmarc_from, domain=domain)
    if verdicts:
        passed = verdicts.dmarc.upper() == "PASS"
        verdict = verdicts.dmarc or "none"
        how = said("proof:dmarc_passes", verdict=verdict) if passed else said("proof:dmarc_fails", verdict=verdict)
        return passed, how
    return _vouched_by_header(domain, found) if found else (False, said("proof:no_result"))


def _vouched_by_header(domain: str, found: Authentication) -> tuple[bool, Said]:
    if found.dmarc == "pass":
        return True, said("proof:header_passes", verdict=found.dmarc)
    if found.dmarc:
        return False, said("proof:header_fails", verdict=found.dmarc)
    if any(_aligned(signer, domain) for signer in found.passing_signatures):
        return True, said("proof:own_signature")
    return False, said("proof:no_own_signature")


def _is_checked_for(checked: str, domain: str) -> bool:
    """Whether a DMARC check of `checked` is about From's `domain`: it itself, or the organisational domain above it.

    Without a public suffix list only AWS's domains are known as such; of others the next one above counts.
    """
    above = ".".join(domain.split(".")[-2:]) if is_aws_domain(domain) else domain.partition(".")[2]
    return checked == domain or (checked == above and "." in checked)


def _aligned(signer: str, domain: str) -> bool:
    """Relaxed alignment (RFC 7489, section 3.1): the same organisational domain. Without a public suffix list only
    AWS's domains are known as such; any other must be the same or stand below."""
    if is_aws_domain(signer) and is_aws_domain(domain):
        return signer.split(".")[-2:] == domain.split(".")[-2:]
    return signer == domain or signer.endswith("." + domain) or (domain.endswith("." + signer) and "." in signer)


def _signers_with_length(header: Header) -> list[str]:
    signatures = [value for value in header.all("dkim-signature") if _LENGTH_TAG.search(value)]
    return [signer[1].lower() for value in signatures if (signer := _SIGNER.search(value))]


def _warnings(found: Authentication | None, verdicts: Verdicts | None) -> Said | None:
    """A spam or virus verdict does not unmake the origin: notices quote what filters look for."""
    spam, virus = (verdicts.spam, verdicts.virus) if verdicts else (found.spam, found.virus) if found else ("", "")
    is_spam, is_virus = spam.upper() == "FAIL", virus.upper() == "FAIL"
    if is_spam and is_virus:
        return said("proof:spam_and_virus")
    return said("proof:spam") if is_spam else said("proof:virus") if is_virus else None
