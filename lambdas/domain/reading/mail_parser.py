"""A mail as bytes, taken apart: header fields, texts, attached mails.

It is tolerant like mail programs, and bounded: the work grows only with the bytes read. `email.parser` is not used for
the MIME tree (RFC 2046): it compares every line with every open boundary, so a mail could choose how long it takes.
Nothing here raises; `problems` lists what could not be read.
"""

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message
from email.parser import BytesHeaderParser

from lambdas.domain.phrase import Phrase, phrase
from lambdas.domain.reading.charsets import decode_text
from lambdas.domain.reading.html_text import html_to_text
from lambdas.domain.reading.transfer_encoding import decoded_words, from_base64

MOST_BYTES = 1 << 20  # a notice has some KB; the rest is attached evidence, kept in the bucket
MOST_TEXT = 256 << 10  # characters of one part
MOST_LINES = 6000  # of one part
MOST_HEADER_BYTES = 64 << 10
MOST_HEADER_FIELDS = 200
MOST_PARTS = 100
MOST_DEPTH = 10
NEXT_PART = "----- next part of the mail -----"
"""Stands between texts that are no two forms of one text. AWS's own words end here."""

_HEADER_END = re.compile(rb"\n[ \t]*\n")
_FIELD = re.compile(rb"([!-9;-~]{1,80})[ \t]*:")
_FOLD = re.compile(r"\r?\n(?=[ \t])")
_BASE64_ONLY = re.compile(rb"[A-Za-z0-9+/=\s]*\Z")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


@dataclass(frozen=True, slots=True)
class MailHeader:
    """The header fields of one mail from top to bottom: names in lower case, values unfolded and undecoded."""

    fields: tuple[tuple[str, str], ...]

    def all(self, name: str) -> tuple[str, ...]:
        """Return every value of the field, topmost first."""
        return tuple(value for field_name, value in self.fields if field_name == name)

    def first(self, name: str) -> str:
        """Return the topmost value, undecoded; empty if there is none."""
        return next((value for field_name, value in self.fields if field_name == name), "")

    def text(self, name: str) -> str:
        """Return the topmost value with its encoded-words (RFC 2047) read."""
        return decoded_words(self.first(name))

    def __contains__(self, name: str) -> bool:
        """Whether the header has the field."""
        return any(field_name == name for field_name, _ in self.fields)


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One mail: its header, its own texts and the mails attached to it.

    `plain` and `html` are two forms of the same text; `evidence` holds attached text files.
    """

    header: MailHeader
    plain: str
    html: str
    evidence: tuple[str, ...]
    attached: tuple["ParsedMail", ...]
    is_report: bool  # multipart/report (RFC 6522): a bounce, a receipt or a feedback report
    problems: tuple[Phrase, ...] = ()
    raw: bytes = b""  # the bytes that were read, cut, with LF line ends: a signature must cover them


@dataclass(slots=True)
class _ParserState:
    """Counts and problems of a whole mail."""

    parts: int = 0
    problems: dict[Phrase, None] = field(default_factory=dict)  # a set that keeps its order


@dataclass(slots=True)
class _TextForms:
    """One text of a letter, in the forms that its multipart/alternative has (RFC 2046, 5.1.4)."""

    plain: str = ""
    html: str = ""


@dataclass(slots=True)
class _MailTexts:
    """The texts of one letter so far."""

    texts: list[_TextForms] = field(default_factory=list)
    in_alternative: bool = False
    evidence: list[str] = field(default_factory=list)
    attached: list[ParsedMail] = field(default_factory=list)

    def add(self, text: str, *, is_html: bool) -> None:
        """Add a text: a second form of the last one, or one of its own."""
        if not text.strip():
            return
        last = self.texts[-1] if self.texts and self.in_alternative else None
        if last is None or (last.html if is_html else last.plain):
            last = _TextForms()
            self.texts.append(last)
        if is_html:
            last.html = text
        else:
            last.plain = text

    def in_form(self, *, is_html: bool) -> str:
        """Return the whole text in one form, as far as it has that form; empty if its first text has not."""
        texts = [text for text in self.texts if text.plain or text.html]
        if not texts or not (texts[0].html if is_html else texts[0].plain):
            return ""
        forms = ((text.html or text.plain) if is_html else (text.plain or text.html) for text in texts)
        return f"\n{NEXT_PART}\n".join(forms)


def parse_mail(raw: bytes) -> ParsedMail:
    """Take `raw` apart. Reads the first MiB only."""
    reading = _ParserState()
    if len(raw) > MOST_BYTES:
        reading.problems[phrase("unread:rest", most=MOST_BYTES >> 10, size=len(raw) >> 10)] = None
    return _letter(raw[:MOST_BYTES], reading, depth=0)


def parse_header(raw: bytes) -> MailHeader:
    """Read only the header of `raw`."""
    return _fields(_parsed(_split(_with_lf(raw[: MOST_HEADER_BYTES + 2]), _ParserState())[0]))


def _with_lf(data: bytes) -> bytes:
    """Use LF line ends. A decoded attachment has CRLF of its own."""
    return data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")


def _letter(data: bytes, reading: _ParserState, depth: int) -> ParsedMail:
    header_bytes, body = _split(_with_lf(data), reading)
    message = _parsed(header_bytes)
    texts = _MailTexts()
    _read_part(message, body, texts, reading, depth)
    return ParsedMail(
        header=_fields(message),
        plain=texts.in_form(is_html=False),
        html=texts.in_form(is_html=True),
        evidence=tuple(texts.evidence),
        attached=tuple(texts.attached),
        is_report=_content_type(message) == "multipart/report",
        problems=tuple(reading.problems) if depth == 0 else (),
        raw=header_bytes + b"\n\n" + body,
    )


def _split(data: bytes, reading: _ParserState) -> tuple[bytes, bytes]:
    """Cut between header and body; without a header line everything is body."""
    if data.startswith((b"From ", b">From ")):  # the envelope line of an mbox file
        data = data.partition(b"\n")[2]
    data = data.lstrip(b"\n")
    if not _FIELD.match(data):
        reading.problems[phrase("unread:no_header")] = None
        return b"", data
    end = _HEADER_END.search(data, 0, MOST_HEADER_BYTES)
    header, body = (data[: end.start()], data[end.end() :]) if end else (data, b"")
    if len(header) > MOST_HEADER_BYTES:
        reading.problems[phrase("unread:header", most=MOST_HEADER_BYTES >> 10)] = None
        header = header[:MOST_HEADER_BYTES].rpartition(b"\n")[0]
    return header, body


def _parsed(header: bytes) -> Message:
    """Read the fields; the first 200 count."""
    starts = [match.start() for match in re.finditer(rb"^[^ \t\n]", header, re.MULTILINE)]
    if len(starts) > MOST_HEADER_FIELDS:
        header = header[: starts[MOST_HEADER_FIELDS]]
    return BytesHeaderParser().parsebytes(header + b"\n\n")


def _fields(message: Message) -> MailHeader:
    return MailHeader(tuple((name.lower(), _unfolded(value)) for name, value in message.raw_items()))


def _unfolded(value: object) -> str:
    """Join folded lines (RFC 5322, section 2.2.3); read raw 8-bit bytes, which compat32 keeps as surrogates."""
    text = str(value)
    text = (_FOLD.sub("", text) if "\n" in text else text).strip()
    return text if text.isascii() else decode_text(text.encode("utf-8", "surrogateescape"))


def _read_part(message: Message, body: bytes, texts: _MailTexts, reading: _ParserState, depth: int) -> None:
    reading.parts += 1
    if reading.parts > MOST_PARTS or depth > MOST_DEPTH:
        many = reading.parts > MOST_PARTS
        problem = phrase("unread:parts", most=MOST_PARTS) if many else phrase("unread:levels", most=MOST_DEPTH)
        reading.problems[problem] = None
        return
    kind = _content_type(message)
    if kind.startswith("multipart/"):
        _read_multipart(message, body, texts, reading, depth)
    elif kind in {"message/rfc822", "message/global"} or _is_mail_file(message, kind):
        texts.attached.append(_letter(_decoded(message, body, reading), reading, depth + 1))
    elif kind.startswith("text/") or kind in {"message/feedback-report", "application/json"}:
        _read_text(message, kind, _decoded(message, body, reading), texts, reading)


def _read_multipart(message: Message, body: bytes, texts: _MailTexts, reading: _ParserState, depth: int) -> None:
    boundary = _parameter(message, "boundary").encode("ascii", "replace").rstrip()
    parts = _cut(body, boundary) if boundary else None
    if parts is None:
        reading.problems[phrase("unread:boundary")] = None
        texts.add(_bounded(decode_text(body), reading), is_html=False)
        return
    inside = texts.in_alternative
    if _content_type(message) == "multipart/alternative" and not inside:
        texts.texts.append(_TextForms())
        texts.in_alternative = True
    default = "message/rfc822" if _content_type(message) == "multipart/digest" else "text/plain"
    for part in parts:
        if reading.parts >= MOST_PARTS:
            reading.problems[phrase("unread:parts", most=MOST_PARTS)] = None
            break
        inner_header, inner_body = _part_split(part)
        inner = _parsed(inner_header)
        if "content-type" not in inner:
            inner["Content-Type"] = default
        _read_part(inner, inner_body, texts, reading, depth + 1)
    texts.in_alternative = inside


def _part_split(part: bytes) -> tuple[bytes, bytes]:
    """Cut a body part; unlike a mail it may begin with the blank line, with no header at all (RFC 2046, 5.1)."""
    if part.startswith(b"\n"):
        return b"", part[1:]
    if not _FIELD.match(part):
        return b"", part
    end = _HEADER_END.search(part, 0, MOST_HEADER_BYTES)
    return (part[: end.start()], part[end.end() :]) if end else (part[:MOST_HEADER_BYTES], b"")


def _cut(body: bytes, boundary: bytes) -> Iterator[bytes] | None:
    """Return the parts between the boundary lines; None if there is no such line. A missing last line is forgiven."""
    lines = re.compile(rb"^--" + re.escape(boundary) + rb"(--)?[ \t]*$", re.MULTILINE)
    first = lines.search(body)
    return _between(body, first, lines) if first else None


def _between(body: bytes, mark: re.Match[bytes] | None, lines: re.Pattern[bytes]) -> Iterator[bytes]:
    while mark and not mark[1]:
        start = mark.end() + 1
        mark = lines.search(body, start)
        yield body[start : mark.start() if mark else len(body)]


def _read_text(message: Message, kind: str, data: bytes, texts: _MailTexts, reading: _ParserState) -> None:
    text = _bounded(decode_text(data, _parameter(message, "charset")), reading)
    attached = str(message.get("content-disposition", "")).lower().startswith("attachment")
    if attached or kind not in {"text/plain", "text/html"}:
        texts.evidence.append(text)
    elif kind == "text/html":
        texts.add(_bounded(html_to_text(text), reading), is_html=True)
    else:
        flowed = _parameter(message, "format").lower() == "flowed"
        texts.add(_flowed(text, message) if flowed else text, is_html=False)


def _bounded(text: str, reading: _ParserState) -> str:
    """Cut a text that is longer than any notice; the whole mail stays in the bucket."""
    lines = text.split("\n", MOST_LINES)
    cut = "\n".join(lines[:MOST_LINES])[:MOST_TEXT]
    if len(cut) < len(text):
        reading.problems[phrase("unread:text", most=MOST_TEXT >> 10, lines=MOST_LINES)] = None
    return cut


def _flowed(text: str, message: Message) -> str:
    """Join format=flowed lines (RFC 3676): a line that ends with a blank continues in the next of the same depth."""
    keep_blank = _parameter(message, "delsp").lower() != "yes"
    lines: list[str] = []
    open_quote: str | None = None
    for line in text.split("\n"):
        words = line.lstrip(">")
        quote = line[: len(line) - len(words)]
        content = words.removeprefix(" ")
        if open_quote == quote and lines:
            lines[-1] += content
        else:
            lines.append(f"{quote} {content}" if quote else content)
        flows = content.endswith(" ") and content != "-- "
        open_quote = quote if flows else None
        if flows and not keep_blank:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _decoded(message: Message, body: bytes, reading: _ParserState) -> bytes:
    """Undo the transfer encoding; a wrongly labelled body stays unchanged."""
    encoding = str(message.get("content-transfer-encoding", "")).strip().lower()
    if encoding == "quoted-printable":
        return binascii.a2b_qp(body)
    if encoding != "base64":
        return body
    if not _BASE64_ONLY.match(body[: 1 << 12]):
        reading.problems[phrase("unread:not_base64")] = None
        return body
    if len(_NOT_BASE64.sub(b"", body)) % 4 and not body.rstrip().endswith(b"="):
        reading.problems[phrase("unread:cut_base64")] = None
    return from_base64(body)


def _content_type(message: Message) -> str:
    try:
        return message.get_content_type()
    except (ValueError, IndexError, TypeError):  # a broken parameter list, see cpython gh-151857
        return "text/plain"


def _parameter(message: Message, name: str) -> str:
    try:
        value = message.get_param(name)
    except (ValueError, IndexError, TypeError):
        return ""
    return (value[2] if isinstance(value, tuple) else value) or ""


def _is_mail_file(message: Message, kind: str) -> bool:
    if not kind.startswith("application/"):
        return False
    try:
        name = message.get_filename() or ""
    except (ValueError, IndexError, TypeError):
        return False
    return name.lower().rstrip('" ').endswith(".eml")
