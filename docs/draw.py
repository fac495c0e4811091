"""Draw the state machine into docs/architecture.md, from the definition that is deployed.

`make docs` runs this; a test fails while the picture is out of date.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
DEFINITION = ROOT / "tests" / "stacks" / "respond.asl.json"
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- drawn by docs/draw.py: begin -->", "<!-- drawn by docs/draw.py: end -->"


def picture(definition: dict[str, Any]) -> str:
    """A Mermaid state diagram: https://mermaid.js.org/syntax/stateDiagram.html."""
    return "\n".join(["```mermaid", "stateDiagram-v2", *_level(definition, "    "), "```"])


def with_picture(page: str, definition: dict[str, Any]) -> str:
    """The page with the picture between its marks."""
    before, _, rest = page.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError(f"{PAGE.name} needs the lines {BEGIN!r} and {END!r}")
    return f"{before}{BEGIN}\n{picture(definition)}\n{END}{after}"


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
    PAGE.write_text(with_picture(PAGE.read_text(), json.loads(DEFINITION.read_text())))
