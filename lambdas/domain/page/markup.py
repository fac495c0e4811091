"""How foreign words get into a page: cleaned, then escaped, for text and for quoted attributes alike."""

from collections.abc import Iterable, Mapping
from html import escape

from lambdas.domain.clean import clean_text


def text(words: object) -> str:
    """Words as they may stand between tags or within quotes: no markup, no direction or control character, no link."""
    return escape(clean_text(str(words)), quote=True)


def line(words: object) -> str:
    """As `text`, on one line."""
    return escape(" ".join(clean_text(str(words)).split()), quote=True)


def unbroken(words: object) -> str:
    """As `line`, and never broken: an id or a time that is read as one."""
    return f'<span class="keep">{line(words)}</span>'


def outcome_html(outcome: str, words: Mapping[str, str]) -> str:
    """How a step ended, in a colour as well as in words; the words are given for each outcome there is."""
    tone = {"failed": "bad", "done": "good"}.get(outcome, "soft")
    return f'<span class="{tone}">{line(words[f"outcome:{outcome}"])}</span> '


def table(caption: str, heads: Iterable[str], rows: Iterable[Iterable[str]], *, kind: str = "") -> str:
    """A table of cells that are markup already. The first cell of each row is its header.

    It stands in a box that can be scrolled by keyboard where it is wider than the screen.
    """
    head = "".join(f'<th scope="col">{text(title)}</th>' for title in heads)
    body = "\n".join(_row(row) for row in rows)
    classed = f' class="{kind}"' if kind else ""
    return (
        f'<div class="wide" role="region" tabindex="0" aria-label="{line(caption)}">\n'
        f"<table{classed}>\n<caption>{text(caption)}</caption>\n"
        f"<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>\n</div>"
    )


def _row(cells: Iterable[str]) -> str:
    first, *rest = cells
    return f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'
