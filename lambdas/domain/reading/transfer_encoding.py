"""Transfer encodings of bodies and header words, read as far as they go."""

import binascii
import re

from lambdas.domain.reading.charsets import decode_text
from lambdas.domain.reading.patterns import lazy_pattern

_ENCODED_WORD = lazy_pattern(
    r"=\?([\w.:-]{1,40})(?:\*[\w-]{0,20})?\?([bq])\?([^?\n]{0,2000})\?=", re.IGNORECASE | re.ASCII
)
_BETWEEN_WORDS = lazy_pattern(r"(?<=\?=)[ \t\n]{1,80}(?==\?)")
_NOT_BASE64 = re.compile(rb"[^A-Za-z0-9+/]")


def decoded_words(value: str) -> str:
    """Read encoded-words (RFC 2047). Neighbours are joined before decoding: senders cut inside a character."""
    if "=?" not in value:
        return value
    joined = _BETWEEN_WORDS.sub("", value)
    pieces: list[str] = []
    run, run_charset, last = b"", "", 0
    for word in _ENCODED_WORD.finditer(joined):
        charset, gap = word[1].lower(), joined[last : word.start()]
        if run and (gap or charset != run_charset):
            pieces.append(decode_text(run, run_charset))
            run = b""
        pieces.append(gap)
        run, run_charset, last = run + _word_bytes(word[2], word[3]), charset, word.end()
    pieces += [decode_text(run, run_charset), joined[last:]]
    return "".join(pieces)


def _word_bytes(encoding: str, text: str) -> bytes:
    data = text.encode("ascii", "replace")
    return from_base64(data) if encoding in "bB" else binascii.a2b_qp(data, header=True)


def from_base64(data: bytes) -> bytes:
    """Decode base64 that is there: stray characters are skipped, and a torn end loses at most two bytes."""
    letters = _NOT_BASE64.sub(b"", data)
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    return binascii.a2b_base64(letters + b"=" * (-len(letters) % 4))
