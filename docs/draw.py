"""Draw the state machines into docs/architecture.md and an admin's mail into README.md, from what the tests hold.

`make docs` runs this; a test fails while a page is out of date.
"""

import json
import re
import textwrap
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
# In the order in which the page describes them.
MACHINES = ("respond", "watch", "ask", "clock", "desk", "release", "roster")
DEFINITIONS = [ROOT / "tests" / "stacks" / "machines" / f"{machine}.asl.json" for machine in MACHINES]
PAGE = ROOT / "docs" / "architecture.md"
REPORT = ROOT / "tests" / "domain" / "messages" / "golden" / "report-contained.txt"
README = ROOT / "README.md"
BEGIN, END = "<!-- drawn by docs/draw.py: begin -->", "<!-- drawn by docs/draw.py: end -->"


def picture(definition: dict[str, Any]) -> str:
    """A Mermaid state diagram: https://mermaid.js.org/syntax/stateDiagram.html."""
    return "\n".join(["```mermaid", "stateDiagram-v2", *_level(definition, "    "), "```"])


def mail(golden: str) -> str:
    """The report as a reader of the README sees it: without the SMS, up to the commands that put everything back."""
    subject, _, rest = golden.partition("\n")
    body = rest.partition("\n\n")[2].partition("\n     aws ec2 modify")[0]
    wrapped = (
        textwrap.fill(line, 116, subsequent_indent=" " * (len(line) - len(line.lstrip()) + 2), break_on_hyphens=False)
        for line in (subject, "", *body.splitlines())
    )
    return "\n".join(["```text", *wrapped, "     …", "```"])


def with_drawn(page: str, *drawn: str) -> str:
    """The page with what is drawn between its marks, in their order."""
    before, *parts = page.split(BEGIN)
    if len(parts) != len(drawn) or not all(END in part for part in parts):
        raise ValueError(f"the page needs the lines {BEGIN!r} and {END!r}, {len(drawn)} times")
    return before + "".join(
        f"{BEGIN}\n{one}\n{END}{part.partition(END)[2]}" for one, part in zip(drawn, parts, strict=True)
    )


def _level(level: dict[str, Any], indent: str) -> Iterator[str]:
    for name, state in level["States"].items():
        inner = [*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else ())]
        if not inner:
            yield f'{indent}state "{name}" as {_id(name)}'
            continue
        yield f'{indent}state "{name}" as {_id(name)} {{'
        for n, one in enumerate(inner):
            if n:
                yield f"{indent}    --"  # side by side
            yield from _level(one, f"{indent}    ")
        yield f"{indent}}}"
    yield f"{indent}[*] --> {_id(level['StartAt'])}"
    for name, state in level["States"].items():
        for following, word in _ways(state):
            yield f"{indent}{_id(name)} --> {following}" + (f" : {word}" if word else "")


def _ways(state: dict[str, Any]) -> Iterator[tuple[str, str]]:
    caught = [one["Next"] for one in state.get("Catch", ())]
    for choice in state.get("Choices", ()):
        yield _id(choice["Next"]), _words(choice["Condition"])
    if "Default" in state:
        yield _id(state["Default"]), "otherwise"
    if "Next" in state:
        yield _id(state["Next"]), "done or failed" if state["Next"] in caught else ""
    for following in caught:
        if following != state.get("Next"):
            yield _id(following), "failed"
    if state.get("End") or state["Type"] in {"Succeed", "Fail"}:
        yield "[*]", ""


def _words(condition: str) -> str:
    """`{% $notice.kind = 'none' %}` as one reads it: notice kind = none."""
    return re.sub(r"\{%|%\}|\$(states\.input\.)?|'", "", condition).replace(".", " ").replace("_", " ").strip()


def _id(name: str) -> str:
    return re.sub(r"\W+", "_", name.lower()).strip("_")


if __name__ == "__main__":
    PAGE.write_text(with_drawn(PAGE.read_text(), *(picture(json.loads(one.read_text())) for one in DEFINITIONS)))
    README.write_text(with_drawn(README.read_text(), mail(REPORT.read_text())))
