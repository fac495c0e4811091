"""Who vouches for a mail: AWS, a forwarder, or nobody.

The verdicts of Amazon SES come with its SNS notification, out of band: no sender can write them. A file has only the
header fields that SES put on top of it. Either way the question is DMARC's (RFC 7489): did a domain of AWS, the one
in From, vouch for this mail? A passing signature of `amazonses.com` says only that it was sent through SES.

Of a notice that an admin attached to a mail of his own, or that is given as a file, SES says nothing. There our own
check of its signature (RFC 6376) counts, in three steps that hand over data: `mails_to_check` says which mail's bytes
it can be, the caller looks up keys and checks, `prove` judges the results. `proven_bytes` are then the
bytes to read: the notice comes from the very mail whose signature was checked, and from nothing around it.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from lambdas.domain.intake.arrival import SesVerdicts
from lambdas.domain.intake.mail_address import (
    ABUSE_DESKS,
    SenderRing,
    domain_of,
    is_aws_domain,
    is_too_long,
    is_topic_sender,
    only_mailbox,
    parse_addresses,
    ring_of,
)
from lambdas.domain.intake.notice import Proof, ProofKind
from lambdas.domain.phrase import Phrase, combined, phrase
from lambdas.domain.reading.authentication import Authentication, has_second_block, ses_authentication
from lambdas.domain.reading.forwarded import contains_aws_mail, find_aws_mails
from lambdas.domain.reading.group_original import restored_originals
from lambdas.domain.reading.mail_parser import MailHeader, parse_header, parse_mail

_SINGLE = ("from", "to", "subject", "date", "message-id", "content-type", "content-transfer-encoding")
"""Fields that RFC 5322, section 3.6, and RFC 2045 allow once. Of two, DKIM signs the lower and a reader sees the upper
one. A signature that does not cover one that is there lets anybody write it, and with it what the text is read as."""

_NEEDED = ("from", "date")
_LENGTH_TAG = re.compile(r"(?:^|;)\s*l\s*=\s*\d", re.IGNORECASE)
_SIGNER = re.compile(r"(?:^|;)\s*d\s*=\s*([^\s;]+)", re.IGNORECASE)
_COVERED = re.compile(r"(?:^|;)\s*h\s*=\s*([^;]+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class DkimSignature:
    """One DKIM-Signature (RFC 6376, section 3.5), with the result of our own check."""

    domain: str  # d=: who signed; empty if it is no name
    selector: str  # s=
    verified: bool
    reason: Phrase
    partial: bool  # l=: it covers only the beginning of the text
    covers: tuple[str, ...]  # h=: the header fields, in lower case
    signed_at: datetime | None  # t=


@dataclass(frozen=True, slots=True)
class CheckedMail:
    """A mail, as it was read, with all its signatures."""

    raw: bytes
    signatures: tuple[DkimSignature, ...]


@dataclass(frozen=True, slots=True)
class TrustedSenders:
    """Whom the settings trust, in lower case: admins' addresses, forwarders' domains or addresses, more abuse desks."""

    admins: tuple[str, ...] = ()
    forwarders: tuple[str, ...] = ()
    abuse_desks: tuple[str, ...] = ()


NO_TRUSTED_SENDERS = TrustedSenders()


def mails_to_check(
    raw: bytes, verdicts: SesVerdicts | None, trust: TrustedSenders = NO_TRUSTED_SENDERS
) -> tuple[bytes, ...]:
    """Return the mails whose signatures are to be checked, of which one may count; empty where none can.

    Only three kinds of mail are checked: a submitted file, the one notice attached to an admin's mail, and what a
    Google Group that the settings trust has rewritten.
    """
    header = parse_header(raw)
    if _flaw(header):
        return ()
    sender = only_mailbox(header.first("from"))
    ses = ses_authentication(header)
    if is_aws_domain(domain_of(sender)):
        if verdicts or ses:
            return ()
    elif not _vouched(domain_of(sender), ses, verdicts)[0]:
        return ()
    elif "x-original-from" in header and _is_trusted(sender, trust):
        return tuple(restored_originals(parse_mail(raw).raw))
    elif sender not in trust.admins:
        return ()
    notices = find_aws_mails(parse_mail(raw)).mails
    # With several notices each would have to be proven and fresh, so an admin decides.
    return (notices[0].letter.raw,) if len(notices) == 1 and notices[0].direct else ()


def prove(
    raw: bytes,
    verdicts: SesVerdicts | None,
    trust: TrustedSenders = NO_TRUSTED_SENDERS,
    checked: CheckedMail | None = None,
) -> Proof:
    """Say who vouches for the origin of the mail `raw`. Pure and total, like the reader.

    `verdicts` come from SES's notification about this very mail; None for a file.
    `checked` is one of the mails that `mails_to_check` returned, with its signatures; any other is ignored.
    """
    header = parse_header(raw)
    flaw = _flaw(header) or (phrase("proof:two_blocks") if not verdicts and has_second_block(header) else None)
    if flaw:
        return Proof(ProofKind.NONE, flaw)
    sender = only_mailbox(header.first("from"))
    domain = domain_of(sender)
    ses = ses_authentication(header)
    vouched, how = _vouched(domain, ses, verdicts)
    doubt: Phrase | None = None
    if checked and checked.raw in mails_to_check(raw, verdicts, trust):
        signer = _signer(checked)
        if isinstance(signer, str):
            by = None if is_aws_domain(domain) else phrase("proof:attached", sender=sender, how=how)
            if "x-original-from" in header:
                by = phrase("proof:restored", sender=sender, how=how)
            signed = phrase("proof:signed", signer=signer)
            return _by_aws(parse_header(checked.raw), combined(signed, by, _warnings(ses, verdicts)), trust, (signer,))
        doubt = phrase("proof:own_check", found=signer)
    if is_aws_domain(domain) and not (vouched and _passes_on_a_notice(raw, sender)):
        how = combined(how, doubt, _warnings(ses, verdicts))
        return (
            _claiming_aws(header, how, trust, _signers(ses, verdicts))
            if vouched
            else Proof(ProofKind.NONE, phrase("proof:claims", domain=domain, how=how))
        )
    if vouched and contains_aws_mail(parse_mail(raw)):
        trusted = _is_trusted(sender, trust)
        passed_on = (
            phrase("proof:passed_on_trusted", domain=domain, how=how)
            if trusted
            else phrase("proof:passed_on", domain=domain, how=how)
        )
        reason = combined(passed_on, doubt, _warnings(ses, verdicts))
        return Proof(ProofKind.FORWARDER, reason, trusted=trusted)
    if vouched:
        return Proof(ProofKind.NONE, phrase("proof:not_aws", domain=domain))
    return Proof(ProofKind.NONE, combined(how, phrase("proof:from", domain=domain)))


def authenticated_sender(raw: bytes, verdicts: SesVerdicts | None) -> tuple[str, bool, Phrase]:
    """The one address in From (empty where there is none or more), whether its domain vouches for the mail, and how."""
    header = parse_header(raw)
    flaw = _flaw(header)
    if flaw:
        return "", False, flaw
    sender = only_mailbox(header.first("from"))
    vouched, how = _vouched(domain_of(sender), ses_authentication(header), verdicts)
    return sender, vouched, how


def proven_bytes(raw: bytes, proof: Proof, checked: CheckedMail | None) -> bytes:
    """Return the bytes to read: where our own check proved a mail, that mail alone."""
    return checked.raw if checked and proof.kind is ProofKind.AWS else raw


def _signer(checked: CheckedMail) -> str | Phrase:
    """Return the domain of AWS whose signature proves the mail, or why none does."""
    header = parse_header(checked.raw)
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
        reasons.append(phrase("proof:does_not_count", signer=signature.domain, why=why_not))
    return combined(*reasons[:2]) if reasons else phrase("proof:no_signature", domain=domain)


def _why_not(signature: DkimSignature, header: MailHeader) -> Phrase | None:
    if not signature.verified:
        return signature.reason
    return phrase("proof:partial") if signature.partial else _uncovered(header, signature.covers)


def _uncovered(header: MailHeader, covered: Collection[str]) -> Phrase | None:
    """Say which field the signature leaves to anybody who sends the mail again: another Content-Type, another text."""
    uncovered = [name.title() for name in _SINGLE if name in header and name not in covered]
    return phrase("proof:uncovered", fields=uncovered) if uncovered else None


def _is_trusted(sender: str, trust: TrustedSenders) -> bool:
    return not {sender, domain_of(sender)}.isdisjoint(trust.forwarders)


def _passes_on_a_notice(raw: bytes, sender: str) -> bool:
    """Whether the notice is attached, or the text of a topic's owner: that Amazon sent the mail says nothing of it."""
    letter = parse_mail(raw)
    return any(mail.letter is not letter or is_topic_sender(sender) for mail in find_aws_mails(letter).mails)


def _signers(ses: Authentication | None, verdicts: SesVerdicts | None) -> tuple[str, ...]:
    """The domains whose DKIM signatures pass according to SES's block, as far as they can let us act.

    SES's notification has one DKIM verdict for all signatures and does not say whose passed, so both must agree, and
    the block must name the domain that DMARC was checked for.
    """
    if not (ses and ses.dmarc_from) or (verdicts and verdicts.dkim.upper() != "PASS"):
        return ()
    return ses.passing_signatures


def _claiming_aws(header: MailHeader, how: Phrase, trust: TrustedSenders, signers: Collection[str]) -> Proof:
    """The proof of a mail that a domain of AWS vouches for, if its signature covers all that the reader looks at."""
    domain = domain_of(only_mailbox(header.first("from")))
    for signature in header.all("dkim-signature"):
        signer = (_SIGNER.search(signature) or ("", ""))[1].lower()
        if not _is_checked_for(signer, domain):
            continue
        if _LENGTH_TAG.search(signature):
            return Proof(ProofKind.NONE, phrase("proof:cut", signer=signer))
        covered = {name.strip().lower() for name in (_COVERED.search(signature) or ("", ""))[1].split(":")}
        if why := _uncovered(header, covered):
            return Proof(ProofKind.NONE, phrase("proof:does_not_count", signer=signer, why=why))
    return _by_aws(header, phrase("proof:vouches", domain=domain, how=how), trust, signers)


def _by_aws(header: MailHeader, reason: Phrase, trust: TrustedSenders, signers: Collection[str]) -> Proof:
    """The proof by the sender's ring. `signers` are the domains whose DKIM signatures pass.

    Without a signature of From's domain, or the organisational domain above it, nothing contains without an admin.
    """
    sender = only_mailbox(header.first("from"))
    domain, ring = domain_of(sender), ring_of(sender, ABUSE_DESKS.union(trust.abuse_desks))
    if ring is SenderRing.ABUSE_DESK:
        if any(_is_checked_for(signer, domain) for signer in signers):
            return Proof(ProofKind.AWS, reason, may_contain=True, ring=ring)
        return Proof(ProofKind.AWS, combined(reason, phrase("proof:unsigned")), ring=SenderRing.NOTIFIER)
    if ring is SenderRing.UNKNOWN_AWS:
        if domain in signers:
            return Proof(ProofKind.AWS, combined(reason, phrase("proof:unknown_sender", sender=sender)), ring=ring)
        ring = SenderRing.OTHER_AMAZON
    warning = phrase("proof:topic") if is_topic_sender(sender) else phrase("proof:other_sender", sender=sender)
    return Proof(ProofKind.AWS, combined(reason, warning), ring=ring)


def _flaw(header: MailHeader) -> Phrase | None:
    """Say what makes the header untrustworthy whatever the signatures say; None if nothing does."""
    if not header.fields:
        return phrase("proof:no_header")
    for name in _SINGLE:
        if len(header.all(name)) > 1:
            return phrase("proof:twice", name=name.title())
    for name in _NEEDED:
        if name not in header:
            return phrase("proof:missing", name=name.title())
    field = header.first("from")
    if is_too_long(field):
        return phrase("proof:from_long")
    written = parse_addresses(field)
    if len(written) != 1:
        return phrase("proof:from_several") if written else phrase("proof:from_nobody")
    return None if only_mailbox(field) else phrase("proof:from_unclear")


def _vouched(domain: str, ses: Authentication | None, verdicts: SesVerdicts | None) -> tuple[bool, Phrase]:
    """Say whether the From domain was authenticated, and how. SES's block must name the domain that SES checked."""
    if ses is None:
        return False, phrase("proof:no_result")
    if why_not := _why_not_vouched(domain, ses, verdicts):
        return False, why_not
    if verdicts:
        return True, phrase("proof:dmarc_passes", verdict=verdicts.dmarc)
    return True, phrase("proof:header_passes", verdict=ses.dmarc) if ses.dmarc else phrase("proof:own_signature")


def _why_not_vouched(domain: str, ses: Authentication, verdicts: SesVerdicts | None) -> Phrase | None:
    if ses.dmarc_from and not _is_checked_for(ses.dmarc_from, domain):
        return phrase("proof:other_domain", checked=ses.dmarc_from, domain=domain)
    if verdicts and verdicts.dmarc.upper() != "PASS":
        return phrase("proof:dmarc_fails", verdict=verdicts.dmarc or "none")
    if ses.dmarc not in {"", "pass"}:
        return phrase("proof:header_fails", verdict=ses.dmarc)
    if not ses.dmarc_from and not any(_is_checked_for(signer, domain) for signer in ses.passing_signatures):
        return phrase("proof:no_own_signature")
    return None


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


def _warnings(ses: Authentication | None, verdicts: SesVerdicts | None) -> Phrase | None:
    """A spam or virus verdict says nothing about the origin: notices quote what filters look for."""
    spam, virus = (verdicts.spam, verdicts.virus) if verdicts else (ses.spam, ses.virus) if ses else ("", "")
    is_spam, is_virus = spam.upper() == "FAIL", virus.upper() == "FAIL"
    if is_spam and is_virus:
        return phrase("proof:spam_and_virus")
    return phrase("proof:spam") if is_spam else phrase("proof:virus") if is_virus else None
