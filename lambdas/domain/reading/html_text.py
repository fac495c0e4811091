"""HTML to the text a person sees.

A small tokenizer, since `html.parser` is quadratic on unfinished tags in our versions of Python (CVE-2025-6069).
"""

import html
import re
from collections.abc import Iterator

from lambdas.domain.reading.patterns import lazy_pattern

_TAG = lazy_pattern(r"<(/?)([a-z][a-z0-9:]{0,15})\b([^<>]{0,8000})>", re.IGNORECASE | re.ASCII)
_DOCTYPE = lazy_pattern(r"\s{0,99}<!doctype[^<>]{0,500}>", re.IGNORECASE | re.ASCII)
_BLANKS = lazy_pattern(r"[ \t\r\n\f]+")
_HUGE_ENTITY = lazy_pattern(r"&#[0-9]{8,}")  # int() refuses numbers of thousands of digits
_HIDDEN = lazy_pattern(
    r"display\s{0,3}:\s{0,3}none|visibility\s{0,3}:\s{0,3}hidden|mso-hide\s{0,3}:\s{0,3}all"
    r"|(?:font-size|opacity|max-height)\s{0,3}:\s{0,3}(?:0|0\.0\d{0,3}|1px)(?:px|pt|em|%)?\s{0,3}(?:[;\"'!]|$)|(?:^|\s)hidden(?:\s|=|/|$)",
    re.IGNORECASE | re.ASCII,
)
_QUOTE_BEGINS, _QUOTE_ENDS = "\x0e", "\x0f"
_KEEPS_LINES = lazy_pattern(r"white-space\s{0,3}:\s{0,3}(?:pre|break-spaces)", re.IGNORECASE | re.ASCII)
_TIGHT = lazy_pattern(r"MsoNormal|MsoPlainText|margin\s{0,3}:\s{0,3}0", re.IGNORECASE | re.ASCII)

_UNSEEN = frozenset({"head", "style", "script", "title", "template", "noscript", "select", "textarea"})
_MOST_QUOTES = 10
_VOID = frozenset({"br", "hr", "img", "input", "meta", "link", "col", "area", "base", "source", "wbr", "o:p"})
_LINE = frozenset({
    "address", "article", "aside", "blockquote", "br", "center", "dd", "div", "dl", "dt", "fieldset", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section",
    "table", "tbody", "tfoot", "thead", "tr", "ul",
})  # fmt: skip
_CELL = frozenset({"td", "th"})


def html_to_text(source: str) -> str:
    """Return the visible text: a line per block or table row, cells kept apart, inline tags and `<wbr>` joined."""
    output = _Output()
    position = 0
    source = _DOCTYPE.sub("", source[:600], count=1) + source[600:]
    source = _without_comments(source.replace(_QUOTE_BEGINS, "").replace(_QUOTE_ENDS, ""))
    for tag in _TAG.finditer(source):
        output.write(source[position : tag.start()])
        output.tag(tag[2].lower(), closing=bool(tag[1]), attributes=tag[3])
        position = tag.end()
    output.write(source[position:])
    return output.text()


def _without_comments(source: str) -> str:
    """Drop comments, Outlook's conditional ones too; an unfinished one hides the rest."""
    visible: list[str] = []
    position = 0
    while (start := source.find("<!--", position)) >= 0:
        visible.append(source[position:start])
        end = source.find("-->", start + 4)
        if end < 0:
            return "".join(visible)
        position = end + 3
    visible.append(source[position:])
    return "".join(visible)


class _Output:
    """The text so far, and which element hides or keeps what follows."""

    def __init__(self) -> None:
        self._pieces: list[str] = []
        self._at_line_start = True
        self._tight = False  # the paragraph has no margin: Word writes each line as one
        self._hidden_by = ""
        self._hidden_depth = 0
        self._kept_by = ""
        self._kept_depth = 0

    def write(self, text: str) -> None:
        if self._hidden_by or not text:
            return
        if not self._kept_by:
            text = _BLANKS.sub(" ", text)
            if self._at_line_start:
                text = text.lstrip(" ")
        if text:
            self._pieces.append(text)
            self._at_line_start = text.endswith("\n")

    def tag(self, name: str, *, closing: bool, attributes: str) -> None:
        if self._hidden_by:
            self._track_hidden(name, closing=closing)
        elif not closing and name not in _VOID and (name in _UNSEEN or (attributes and _HIDDEN.search(attributes))):
            if not attributes.endswith("/"):
                self._hidden_by, self._hidden_depth = name, 1
        else:
            self._track_kept(name, closing=closing, attributes=attributes)
            self._break(name, closing=closing)
            if name == "p" and not closing:
                self._tight = bool(_TIGHT.search(attributes))

    def _track_hidden(self, name: str, *, closing: bool) -> None:
        if name == self._hidden_by:
            self._hidden_depth += -1 if closing else 1
        if self._hidden_depth == 0 or (self._hidden_by == "head" and name == "body"):
            self._hidden_by = ""

    def _track_kept(self, name: str, *, closing: bool, attributes: str) -> None:
        if self._kept_by:
            if name == self._kept_by:
                self._kept_depth += -1 if closing else 1
            if self._kept_depth == 0:
                self._kept_by = ""
        elif not closing and name not in _VOID and (name == "pre" or (attributes and _KEEPS_LINES.search(attributes))):
            self._kept_by, self._kept_depth = name, 1

    def _break(self, name: str, *, closing: bool) -> None:
        if name in _CELL and not closing:
            if not self._at_line_start:
                self._pieces.append("\t")
        elif name in _LINE and (name == "br" or not self._at_line_start):
            self._pieces.append("\n\n" if name == "p" and closing and not self._tight else "\n")
            self._at_line_start = True
        if name == "blockquote":
            self._pieces.append(_QUOTE_ENDS if closing else _QUOTE_BEGINS)

    def text(self) -> str:
        return html.unescape(_HUGE_ENTITY.sub("&#0", "\n".join(_quoted("".join(self._pieces)))))


def _quoted(text: str) -> Iterator[str]:
    """Mark the lines of block quotations as plain text does."""
    if _QUOTE_BEGINS not in text:
        yield text
        return
    depth = 0
    for line in text.split("\n"):
        depth = max(0, depth + line.count(_QUOTE_BEGINS) - line.count(_QUOTE_ENDS))
        words = line.replace(_QUOTE_BEGINS, "").replace(_QUOTE_ENDS, "")
        yield "> " * min(depth, _MOST_QUOTES) + words if words.strip() else words
