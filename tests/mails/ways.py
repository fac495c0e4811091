"""The ways a notice takes to the intake address, and the encodings on the way: specimen in, bytes out.

Every mail begins with the block that Amazon SES puts on top when it receives one.
"""

import base64
import quopri
import re
import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace
from email.utils import parseaddr

from tests.mails.notices import Specimen

FORWARDER = "Ana Lima <ana.lima@example.com>"
INTAKE = "abuse-intake@in.example.net"


def ses_block(mail_from: str, results: str, spam: str = "PASS") -> str:
    """Return the fields SES prepends (topmost first), with `results` as its Authentication-Results."""
    return (
        f"Return-Path: <{mail_from}>\n"
        "Received: from out.example.net (out.example.net [192.0.2.44])\n"
        " by inbound-smtp.eu-west-1.amazonaws.com with SMTP id k3j5h7\n"
        f" for {INTAKE};\n Tue, 10 Sep 2024 08:00:03 +0000 (UTC)\n"
        f"X-SES-Spam-Verdict: {spam}\nX-SES-Virus-Verdict: PASS\n"
        "Received-SPF: pass (spfCheck: domain designates 192.0.2.44 as permitted sender) client-ip=192.0.2.44;\n"
        f"Authentication-Results: amazonses.com;\n {results}\n"
        "X-SES-RECEIPT: AEFBQUFBQUFBQUE\nX-SES-DKIM-SIGNATURE: a=rsa-sha256; q=dns/txt; b=x; c=relaxed/simple;\n "
        "s=y; d=amazonses.com; t=1; v=1;\n"
    )


def passing(domain: str) -> str:
    """Return the results for a mail whose From domain vouches for it."""
    signed = f"dkim=pass header.i=@{domain};\n dkim=pass header.i=@amazonses.com;"
    return f"spf=pass (ok) client-ip=192.0.2.44;\n {signed}\n dmarc=pass header.from={domain};"


def failing(domain: str) -> str:
    """Return the results for a mail whose signature was broken, or never was."""
    return f"spf=pass (ok) client-ip=192.0.2.44;\n dkim=fail header.i=@{domain};\n dmarc=fail header.from={domain};"


def domain_of(sender: str) -> str:
    """Return the domain of a From value."""
    return parseaddr(sender)[1].rpartition("@")[2]


@dataclass(frozen=True)
class Sent:
    """What a way makes of a specimen: the header without the MIME fields, the text, and whether it proves AWS."""

    header: str
    text: str
    proven: bool


def direct(specimen: Specimen) -> Sent:
    """AWS writes to the intake address itself."""
    domain = domain_of(specimen.sender)
    header = ses_block("0100-000000@bounces.amazon.com", passing(domain)) + _own_fields(specimen, specimen.subject)
    return Sent(header, specimen.body, proven=True)


def gmail_filter(specimen: Specimen) -> Sent:
    """A filter of Gmail passes the mail on untouched; the signature survives."""
    domain = domain_of(specimen.sender)
    block = ses_block("root+caf_=abuse-intake=in.example.net@example.com", passing(domain))
    trace = (
        "X-Forwarded-To: abuse-intake@in.example.net\nX-Forwarded-For: root@example.com abuse-intake@in.example.net\n"
    )
    results = f"dkim=pass header.i=@{domain}; dmarc=pass header.from={domain}"
    arc = f"ARC-Authentication-Results: i=1; mx.google.com; {results}\n"
    return Sent(block + trace + arc + _own_fields(specimen, specimen.subject), specimen.body, proven=True)


def exchange_redirect(specimen: Specimen) -> Sent:
    """A rule of Microsoft 365 redirects it with a banner; the signature breaks though the mail is genuine."""
    block = ses_block("bounces+SRS=Ab3dE=XV@example.org", failing(domain_of(specimen.sender)))
    trace = "Resent-From: <aws-root@example.org>\nX-MS-Exchange-Generated-Message-Source: Mailbox Rules Agent\n"
    banner = "CAUTION: This email originated from outside of the organization.\n________________________________\n\n"
    return Sent(
        block + trace + _own_fields(specimen, f"[EXTERNAL] {specimen.subject}"), banner + specimen.body, proven=False
    )


def google_group(specimen: Specimen) -> Sent:
    """A group rewrites From and adds a footer."""
    name = parseaddr(specimen.sender)[0] or "AWS"
    block = ses_block("aws-root+bnc@example.org", passing("example.org"))
    header = (
        f"{block}Date: {specimen.date}\nFrom: \"'{name}' via AWS Root\" <aws-root@example.org>\nTo: {INTAKE}\n"
        f"Message-ID: <group-1@mail.example.org>\nSubject: [aws-root] {specimen.subject}\n"
        f"X-Original-From: {specimen.sender}\nReply-To: {specimen.sender}\nList-ID: <aws-root.example.org>\n"
        "Precedence: list\n"
    )
    footer = '\n-- \nYou received this message because you are subscribed to the group "AWS Root", 900000000001.\n'
    return Sent(header, specimen.body + footer, proven=False)


def gmail_forward(specimen: Specimen) -> Sent:
    """A person forwards it inline, with words and limits of her own."""
    block = (
        f"---------- Forwarded message ---------\nFrom: <{parseaddr(specimen.sender)[1]}>\nDate: Tue, Sep 10, 2024 "
        f"at 8:00 AM\n"
        f"Subject: {specimen.subject}\nTo: <root@example.com>\n\n\n"
    )
    above = "Hi team, please answer within 2 hours. Our ticket is 4155550199, machine i-0fedfedfedfedfed0.\n\nAna\n\n"
    below = "\n-- \nAna Lima | Finance | account 909090909090\n"
    return Sent(
        _forwarded_header(f"Fwd: {specimen.subject}", specimen.date),
        above + block + specimen.body + below,
        proven=False,
    )


def apple_forward(specimen: Specimen) -> Sent:
    """Apple Mail quotes everything it forwards."""
    block = (
        f"From: {specimen.sender}\nSubject: {specimen.subject}\n"
        "Date: 10. September 2024 at 08:00:00 GMT\nTo: root@example.com\n\n"
    )
    quoted = "".join(f"> {line}\n" for line in (block + specimen.body).split("\n"))
    above = "FYI, by noon please (i-0fedfedfedfedfed0)\n\n\nBegin forwarded message:\n\n"
    return Sent(
        _forwarded_header(f"Fwd: {specimen.subject}", specimen.date),
        above + quoted + "\nSent from my phone\n",
        proven=False,
    )


_OUTLOOK = {
    "outlook_english": ("FW", "From", "Sent", "To", "Subject", "please handle, within 4 hours"),
    "outlook_german": ("WG", "Von", "Gesendet", "An", "Betreff", "bitte bis 12 Uhr erledigen, Ticket 20240910123"),
    "outlook_french": ("TR", "De\u00a0", "Envoyé\u00a0", "À\u00a0", "Objet\u00a0", "merci de traiter sous 48 heures"),
    "outlook_spanish": ("RV", "De", "Enviado el", "Para", "Asunto", "por favor, en 12 horas"),
    "outlook_korean": ("전달", "보낸 사람", "보낸 날짜", "받는 사람", "제목", "2시간 이내에 처리 부탁드립니다"),
    "outlook_chinese": ("转发", "发件人", "发送时间", "收件人", "主题", "请在 3 小时内处理"),
    "outlook_japanese": ("FW", "差出人", "送信日時", "宛先", "件名", "6時間以内に対応をお願いします"),
}


def _outlook(language: str) -> Callable[[Specimen], Sent]:
    prefix, by, sent, to, about, above = _OUTLOOK[language]

    def way(specimen: Specimen) -> Sent:
        block = (
            f"{by}: {parseaddr(specimen.sender)[1]} <{parseaddr(specimen.sender)[1]}>\n{sent}: 10.09.2024 08:00\n"
            f"{to}: root@example.com\n{about}: {specimen.subject}\n\n"
        )
        header = (
            _forwarded_header(f"{prefix}: {specimen.subject}", specimen.date) + f"Thread-Topic: {specimen.subject}\n"
        )
        return Sent(header, f"{above}\n\n________________________________\n{block}{specimen.body}", proven=False)

    return way


def zendesk(specimen: Specimen) -> Sent:
    """A ticket system relays the mail as a comment, under numbers of its own."""
    above = (
        "##- Please type your reply above this line -##\n\nTicket #12345678 (case 00998877) was updated, answer "
        "within 8 hours.\n\n"
        f"{parseaddr(specimen.sender)[1]}\nSep 10, 2024, 08:00\n\n"
    )
    header = _forwarded_header(
        f"[Ticket #12345678] {specimen.subject}", specimen.date, "Support <support@desk.example.com>"
    )
    return Sent(header, above + specimen.body + "\n\nThis email is a service from Example Desk.\n", proven=False)


def jira(specimen: Specimen) -> Sent:
    """Jira quotes in wiki markup and escapes hyphens."""
    marked = re.sub(r"\b(i-[0-9a-f]{8,17})\b", r"{{\1}}", specimen.body)
    marked = re.sub(r"(?<=[a-z])-(?=\d\b)", r"\\-", marked)
    above = "Jo created SEC-4711:\n-------------------\n{quote}\n"
    header = _forwarded_header(
        f"[JIRA] (SEC-4711) {specimen.subject}", specimen.date, "Jira <jira@tracker.example.com>"
    )
    return Sent(header, above + marked + "\n{quote}\n", proven=False)


def provider_japanese(specimen: Specimen) -> Sent:
    """A service provider in Japan passes it on between rules."""
    greeting = "お客様各位\n\n24時間以内にご対応ください。"
    above = f"{greeting}\n\n------ 以下 AWS からのメール ------\nSubject: {specimen.subject}\n\n"
    below = "\n------ ここまで ------\n\nお問い合わせ番号: 20240612-0031 (i-0fedfedfedfedfed0)\n"
    header = _forwarded_header("【重要】AWS Abuse Report のご連絡", specimen.date, "MSP <cs@msp.example.net>")
    return Sent(header, above + specimen.body + below, proven=False)


INLINE: dict[str, Callable[[Specimen], Sent]] = {
    "direct": direct,
    "gmail_filter": gmail_filter,
    "exchange_redirect": exchange_redirect,
    "google_group": google_group,
    "gmail_forward": gmail_forward,
    "apple_forward": apple_forward,
    "zendesk": zendesk,
    "jira": jira,
    "provider_japanese": provider_japanese,
    **{name: _outlook(name) for name in _OUTLOOK},
}


def attached(specimen: Specimen, *, as_file: bool = False, in_base64: bool = False) -> bytes:
    """Forward the whole mail as an attachment: message/rfc822, or a file named .eml."""
    inner = _own_fields(replace(specimen), specimen.subject).encode() + plain(specimen.body, "8bit")
    kind = 'application/octet-stream; name="notice.eml"' if as_file else "message/rfc822"
    body = base64.encodebytes(inner) if in_base64 else inner
    encoding = "base64" if in_base64 else "8bit"
    header = (
        _forwarded_header("please take care", specimen.date)
        + 'MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary="=_cut"\n\n'
    )
    note = "--=_cut\nContent-Type: text/plain; charset=utf-8\n\nsee attached, within 3 hours, Jo\n"
    part = f"--=_cut\nContent-Type: {kind}\nContent-Transfer-Encoding: {encoding}\nContent-Disposition: attachment\n\n"
    return (header + note + part).encode() + body + b"\n--=_cut--\n"


def _own_fields(specimen: Specimen, subject: str) -> str:
    return (
        f"Date: {specimen.date}\nFrom: {specimen.sender}\nTo: root@example.com\n"
        f"Message-ID: <0100-{specimen.name}@email.amazonses.com>\nSubject: {_worded(subject)}\n"
    )


def _forwarded_header(subject: str, date: str, sender: str = FORWARDER) -> str:
    domain = domain_of(sender)
    return ses_block(parseaddr(sender)[1], passing(domain)) + (
        f"Date: {date}\nFrom: {sender}\nTo: {INTAKE}\nMessage-ID: <fwd-1@{domain}>\nSubject: {_worded(subject)}\n"
    )


def _worded(subject: str) -> str:
    """Encode a subject that is not ASCII as the mail programs do, cut in the middle (RFC 2047)."""
    if subject.isascii():
        return subject
    data = subject.encode()
    return "\n ".join(f"=?utf-8?B?{base64.b64encode(data[at : at + 30]).decode()}?=" for at in range(0, len(data), 30))


# --- encodings: text in, MIME fields and body out ---------------------------------------------------------------


def plain(text: str, encoding: str, charset: str = "utf-8", label: str = "") -> bytes:
    """Return Content fields and the body in a transfer encoding and a charset, which `label` may misname."""
    data = text.encode(charset, "replace")
    body = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}.get(encoding, bytes)(data)
    kind = f"Content-Type: text/plain; charset={label or charset}\nContent-Transfer-Encoding: {encoding}\n\n"
    return f"MIME-Version: 1.0\n{kind}".encode() + body


def html_page(text: str) -> str:
    """Return the text as an HTML mail of Word: paragraphs, spans inside ids, blanks kept by &nbsp;."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    torn = re.sub(r"\b(i-[0-9a-f]{4})([0-9a-f]{4,13})\b", r"\1<span class=GramE>\2</span>", escaped)
    lines = "".join(f"<p class=MsoNormal>{line.replace('  ', '&nbsp; ')}</p>\n" for line in torn.split("\n"))
    hidden = "<div style='display:none'>i-0badbadbadbadbad0</div>"
    return f"<html><head><style>p {{margin:0}}</style></head><body>{lines}{hidden}</body></html>"


def only_html(text: str) -> bytes:
    """Return an HTML-only body in quoted-printable."""
    head = "MIME-Version: 1.0\nContent-Type: text/html; charset=utf-8\nContent-Transfer-Encoding: quoted-printable\n\n"
    return head.encode() + quopri.encodestring(html_page(text).encode())


def twins(text: str) -> bytes:
    """Return text and HTML of the same words."""
    start = 'MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary="=_twin"\n\n'
    text_part = plain(text, "quoted-printable").replace(b"MIME-Version: 1.0\n", b"")
    other = only_html(text).replace(b"MIME-Version: 1.0\n", b"")
    return start.encode() + b"--=_twin\n" + text_part + b"\n--=_twin\n" + other + b"\n--=_twin--\n"


def flowed(text: str) -> bytes:
    """Return format=flowed, delsp=yes (RFC 3676), which may cut inside an id."""
    lines = [piece for line in text.split("\n") for piece in _flow(line)]
    head = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8; format=flowed; delsp=yes\n\n"
    return head.encode() + "\n".join(lines).encode()


def _flow(line: str) -> list[str]:
    marks = "> " if line.startswith("> ") else ""
    words = line[len(marks) :].rstrip()
    pieces = [words[at : at + 61] for at in range(0, len(words), 61)] or [""]
    stuffed = [f" {piece}" if piece.startswith(" ") else piece for piece in pieces]
    return [*(f"{marks}{piece} " for piece in stuffed[:-1]), f"{marks}{stuffed[-1]}"]


def rewrapped(text: str) -> bytes:
    """Return text that a gateway wrapped: at blanks, at hyphens, and within ids."""
    lines = [piece for line in text.split("\n") for piece in _wrap(line)]
    return plain("\n".join(lines), "7bit" if text.isascii() else "8bit")


def _wrap(line: str) -> list[str]:
    marks = "> " if line.startswith("> ") else ""
    words = line[len(marks) :]
    if words.startswith(("{", "  ", "<<<")) or words == ">>>" or len(words) < 60:
        return [line]
    torn = re.sub(
        r"\b(i-[0-9a-f]{6})([0-9a-f]{2,11})\b",
        r"\1\n\2",
        words if "http" in words else re.sub(r"\b([a-z]{2}-[a-z]+-)(\d)\b", r"\1\n\2", words),
    )
    return [
        marks + piece
        for part in torn.split("\n")
        for piece in textwrap.wrap(part, 58, break_long_words=False, break_on_hyphens=False)
    ]


def full_width(text: str) -> bytes:
    """Return text whose digits and colons are full-width, as East Asian input methods leave them."""
    wide = str.maketrans({**{str(digit): chr(0xFF10 + digit) for digit in range(10)}, ":": chr(0xFF1A)})
    kept = re.split(r"(https?://\S+|\d\d:\d\d(?::\d\d)?)", text)
    return plain("".join(part if index % 2 else part.translate(wide) for index, part in enumerate(kept)), "base64")


def ornate(text: str) -> bytes:
    """Return text with exotic hyphens, zero-width characters inside ids and blanks that do not break."""
    odd = re.sub(r"\bi-([0-9a-f]{3})", "i\u2011\\1\u200b", text)
    odd = re.sub(r"(?<=[a-z])-(?=\d\b)", "\u2010", odd).replace("    ", "\u00a0\u00a0 \u00a0").replace("'", "\u2019")
    return plain(odd, "quoted-printable")


ENCODINGS: dict[str, Callable[[str], bytes]] = {
    "8bit": lambda text: plain(text, "8bit"),
    "quoted_printable": lambda text: plain(text, "quoted-printable"),
    "base64": lambda text: plain(text, "base64"),
    "utf16": lambda text: plain(text, "base64", "utf-16"),
    "mislabelled": lambda text: plain(text, "8bit", "utf-8", "iso-8859-1"),
    "latin_called_utf8": lambda text: plain(text, "8bit", "cp1252", "utf-8"),
    "iso_2022_jp": lambda text: plain(text, "7bit", "iso-2022-jp", "ISO-2022-JP"),
    "gb2312": lambda text: plain(text, "base64", "gb18030", "gb2312"),
    "ks_c_5601": lambda text: plain(text, "base64", "cp949", "ks_c_5601-1987"),
    "html": only_html,
    "twins": twins,
    "flowed": flowed,
    "rewrapped": rewrapped,
    "full_width": full_width,
    "ornate": ornate,
}


NARROW = {"latin_called_utf8": "cp1252", "iso_2022_jp": "iso-2022-jp", "gb2312": "gb18030", "ks_c_5601": "cp949"}


def fits(specimen: Specimen, way: str, encoding: str) -> bool:
    """Say whether an encoding holds all characters that the way puts around the specimen."""
    text = INLINE[way](specimen).text
    return text.encode(NARROW.get(encoding, "utf-8"), "ignore").decode(NARROW.get(encoding, "utf-8")) == text


def mail(specimen: Specimen, way: str, encoding: str) -> tuple[bytes, bool]:
    """Return the bytes of a specimen sent one way in one encoding, and whether they prove AWS."""
    sent = INLINE[way](specimen)
    return sent.header.encode() + ENCODINGS[encoding](sent.text), sent.proven
