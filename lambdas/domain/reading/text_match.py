"""A value and where it stands in a text."""

from dataclasses import dataclass

BREAK = r"(?:=?[ \t]{0,3}\n[ \t]{0,8})?"
"""A line end inside a value: wrapped, flowed, or a left-over soft break of quoted-printable."""

_REACH = 60  # characters shown to each side


@dataclass(frozen=True, slots=True, order=True)
class TextMatch:
    """A value between two offsets of a text."""

    start: int
    end: int
    value: str


def context_of(text: str, match: TextMatch) -> str:
    """Return the words around a match, on one line, for a person who checks it."""
    return " ".join(text[max(0, match.start - _REACH) : match.end + _REACH].split())
