"""What the documents point to is there: files, pages, sections, and the functions that are deployed."""

import re
from pathlib import Path

import pytest

from tests.stacks.assembly import synthesised

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md")]
PAGES += sorted((ROOT / "docs").rglob("*.md"))
MADE_BY_A_CONTRIBUTOR = {"lambdas/domain/language/fr", "lambdas/contain/detach_volumes.py"}
LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
PATH = re.compile(r"`((?:lambdas|stacks|desk|docs|tests)/[\w./-]+?)/?`")


def anchors(page):
    headings = re.findall(r"^#+ (.*)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_and_every_path_leads_somewhere(page):
    for target, anchor in LINK.findall(page.read_text()):
        there = (page.parent / target).resolve() if target else page
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), f"{target}#{anchor}"
    paths = {path for path in PATH.findall(page.read_text()) if path not in MADE_BY_A_CONTRIBUTOR}
    assert [path for path in sorted(paths) if not (ROOT / path).exists()] == []


@pytest.mark.slow
def test_the_architecture_page_lists_the_functions_that_are_deployed():
    page = (ROOT / "docs/architecture.md").read_text()
    section = page.split("## The functions and their permissions")[1].split("\n## ")[0]
    listed = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    handlers = {
        function["Handler"]
        for template in (synthesised().responder, synthesised().mail)
        for function in template.properties("AWS::Lambda::Function").values()
        if function["Handler"].startswith("lambdas.")
    }
    assert sorted(listed) == sorted(re.sub(r"^lambdas\.(\w+)\.handler$", r"\1", handler) for handler in handlers)
