"""One spelling for text that has come through many mail programs.

After `normalise` a label is spelled as AWS spelled it: full-width letters, invisible characters, exotic hyphens and
blanks are gone. `split_lines` then takes the quoting off and keeps its depth, which tells newer text from older.
"""

import binascii
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lambdas.domain.reading.patterns import lazy_pattern

MOST_LINE = 2048  # characters; a longer line is broken, so that no pattern ever sees more of one

_HYPHENS = "\u2010\u2011\u2012\u2013\u2014\u2015\u2043\u2212\ufe58\ufe63\uff0d"
_APOSTROPHES = "\u2018\u2019\u201b\u02bc\u2032\u00b4"
_LINE_ENDS = "\u2028\u2029\u0085\x0b\x0c"
_INVISIBLE = (
    *(code for code in range(0x20) if chr(code) not in "\n\t\x0b\x0c"),
    *range(0x7F, 0xA0),
    0xAD,  # soft hyphen
    0x34F,  # combining grapheme joiner
    0x61C,  # Arabic letter mark
    0x180E,
    *range(0x200B, 0x2010),  # zero-width space and joiners, direction marks
    *range(0x202A, 0x202F),  # bidi embeddings and overrides
    *range(0x2060, 0x2070),  # word joiner, bidi isolates
    *range(0xFE00, 0xFE10),  # variation selectors
    0xFEFF,  # byte order mark
)
_ONE_SPELLING = {
    **dict.fromkeys(_INVISIBLE),
    **{ord(char): "-" for char in _HYPHENS},
    **{ord(char): "'" for char in _APOSTROPHES},
    **{ord(char): "\n" for char in _LINE_ENDS},
}

_ESCAPED = lazy_pattern(r"\\(?=[\\`*_{}\[\]()#+\-.!>~|:])")  # Markdown and wiki text: us-west\-2
_MONOSPACED = lazy_pattern(r"\{\{([^{}\n]{1,200})\}\}")
_WIKI_QUOTE = lazy_pattern(r"\s*\{(?:quote|noformat)(?::[^}]{0,40})?\}\s*")
_QUOTE = lazy_pattern(r"[ \t]{0,3}(?:>[ \t]?){1,30}")
_MARKER_OF_REPORT = lazy_pattern(r">{3}\s*\Z")  # AWS closes a reporter's log with >>>: no quoting
_PIECE = lazy_pattern(rf"[^\n]{{1,{MOST_LINE}}}(?:[ \t]|\Z)|[^\n]{{{MOST_LINE}}}")
_SOFT_BREAKS = lazy_pattern(r"(?:=\n[^\n]{20,75}){2}|=3D|=20\n")


@dataclass(frozen=True, slots=True)
class TextLine:
    """One line without its quote marks."""

    depth: int  # how many `>` stood before it
    text: str


def normalise(text: str) -> str:
    """Return `text` in one spelling: NFKC, one hyphen, one apostrophe, nothing invisible, LF line ends."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    return text if text.isascii() and text.replace("\n", "").replace("\t", "").isprintable() else _visible(text)


def _visible(text: str) -> str:
    return text.translate(_ONE_SPELLING)


def split_lines(text: str) -> list[TextLine]:
    """Cut normal `text` into lines, without quote marks, wiki markup and left-over quoted-printable."""
    if "=\n" in text and _SOFT_BREAKS.search(text) and text.isascii():
        # the source of a mail, pasted: its soft breaks would cut ids
        text = normalise(binascii.a2b_qp(text.encode("ascii")).decode("utf-8", "replace"))
    if "\\" in text:
        text = _ESCAPED.sub("", text)
    if "{" in text:
        text = _MONOSPACED.sub(r"\1", text)
    lines = [_line(piece) for line in text.split("\n") for piece in _pieces(line)]
    return list(_without_wiki_quotes(lines)) if "{quote" in text or "{noformat" in text else lines


def _without_wiki_quotes(lines: Iterable[TextLine]) -> Iterator[TextLine]:
    """Read the quotes of Jira, {quote} … {quote}, as one level more."""
    inside = 0
    for line in lines:
        if _WIKI_QUOTE.fullmatch(line.text):
            inside = 1 - inside
        else:
            yield TextLine(line.depth + inside, line.text)


def _line(line: str) -> TextLine:
    quote = _QUOTE.match(line) if ">" in line[:4] else None
    if not quote or _MARKER_OF_REPORT.match(line):
        return TextLine(0, line)
    return TextLine(quote[0].count(">"), line[quote.end() :])


def _pieces(line: str) -> list[str]:
    return [line] if len(line) <= MOST_LINE else [piece[0].rstrip() for piece in _PIECE.finditer(line)]


def flatten(text: str) -> str:
    """Return `text` as phrases are looked for: lower case, every run of blanks and line ends one blank."""
    return " ".join(text.lower().replace("*", " ").split())
