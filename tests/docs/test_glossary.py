"""docs/glossary.md and the names of the code: one word for one thing, one thing for one word."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GLOSSARY, RULED_OUT = (ROOT / "docs/glossary.md").read_text().split("## Words that the code does not use")
ROW = re.compile(r"^\| ([^|]+?) \| [^|]+ \|$", re.MULTILINE)
SOURCES = [path for folder in ("lambdas", "desk", "stacks") for path in sorted((ROOT / folder).rglob("*.py"))]
DOMAIN = [path for path in SOURCES if path.is_relative_to(ROOT / "lambdas/domain")]


def words(table):
    return [word.strip() for cell in ROW.findall(table)[1:] if not cell.startswith("-") for word in cell.split(",")]


def public_names(path):
    """The names that other modules see: functions, classes, constants, fields and methods."""
    tree = ast.parse(path.read_text())
    for body in (tree.body, *(node.body for node in tree.body if isinstance(node, ast.ClassDef))):
        for node in body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef):
                yield node.name
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                yield node.target.id
            elif isinstance(node, ast.Assign):
                yield from (target.id for target in node.targets if isinstance(target, ast.Name))


def parts(name):
    """`has_detached` and `HasDetached` are of the words "has" and "detached"."""
    return re.findall(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+", name)


def ruled_out(name, phrases):
    said = " ".join(parts(name)).lower()
    return [phrase for phrase in phrases if re.search(rf"\b{phrase}\b", said)]


def test_each_word_of_the_glossary_stands_once_and_in_order():
    found = [word.lower() for word in ROW.findall(GLOSSARY)[1:] if not word.startswith("-")]
    assert len(found) > 40
    assert [word for word, count in Counter(found).items() if count > 1] == []
    assert found == sorted(found)


def test_no_class_name_is_used_twice():
    classes = Counter(
        node.name
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in classes.items() if count > 1] == []


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_public_name_of_the_domain_says_a_word_that_is_ruled_out(path):
    phrases = words(RULED_OUT)
    assert len(phrases) > 10
    names = {name for name in public_names(path) if not name.startswith("_")}
    assert {name: bad for name in names if (bad := ruled_out(name, phrases))} == {}


def test_a_ruled_out_word_is_found_in_any_spelling():
    assert ruled_out("take_detached_astray", ["astray"]) == ["astray"]
    assert ruled_out("TakenBack", ["taken back"]) == ["taken back"]
    assert ruled_out("TAKEN_BACK", ["taken back"]) == ["taken back"]
    assert ruled_out("reminded", ["minded"]) == []
