"""What stands around the code: that the facts which are written in several of these files agree."""

import re
import tomllib
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
FORMS = sorted({*(ROOT / ".github/ISSUE_TEMPLATE").glob("*.yml")} - {ROOT / ".github/ISSUE_TEMPLATE/config.yml"})


def parsed(path):
    return yaml.safe_load((ROOT / path).read_text())


def supported():
    """The oldest and the newest supported Python, by their minor versions."""
    first, after = re.fullmatch(r">=3\.(\d+),<3\.(\d+)", PROJECT["project"]["requires-python"]).groups()
    return int(first), int(after) - 1


def test_the_oldest_and_the_newest_supported_python_are_the_same_everywhere():
    first, last = supported()
    (job,) = parsed(".github/workflows/test.yml")["jobs"].values()
    assert job["strategy"]["matrix"]["python"] == [f"3.{first}", f"3.{last}"]
    assert PROJECT["tool"]["mypy"]["python_version"] == f"3.{first}"
    assert PROJECT["tool"]["ruff"]["target-version"] == f"py3{first}"
    makefile = (ROOT / "Makefile").read_text()
    assert f"(3, {first}) <= sys.version_info < (3, {last + 1})" in makefile
    assert f"--universal --python-version 3.{first} " in makefile
    for words in (makefile, (ROOT / "README.md").read_text()):
        assert f"Python 3.{first} to 3.{last}" in words


def test_the_workflow_runs_what_a_contributor_runs():
    (job,) = parsed(".github/workflows/test.yml")["jobs"].values()
    assert [step["run"] for step in job["steps"] if "run" in step] == ["make test"]


def test_an_action_of_others_is_named_by_its_commit():
    (job,) = parsed(".github/workflows/test.yml")["jobs"].values()
    actions = [step["uses"] for step in job["steps"] if "uses" in step]
    assert actions
    assert [action for action in actions if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", action)] == []


def test_a_commit_is_checked_by_make_quick():
    (repository,) = parsed(".pre-commit-config.yaml")["repos"]
    (hook,) = repository["hooks"]
    assert (repository["repo"], hook["entry"], hook["pass_filenames"]) == ("local", "make quick", False)


def test_the_bot_looks_at_every_file_of_requirements():
    updates = {update["package-ecosystem"]: update for update in parsed(".github/dependabot.yml")["updates"]}
    assert set(updates) == {"pip", "npm", "github-actions"}
    folders = {"/", *(f"/{path.parent.relative_to(ROOT)}" for path in ROOT.glob("[!.n]*/**/requirements.in"))}
    assert set(updates["pip"]["directories"]) == folders


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.stem)
def test_an_issue_form_is_one_that_github_shows(form):
    """https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-issue-forms"""
    content = parsed(form)
    assert content.keys() == {"name", "description", "labels", "body"}
    fields = [field for field in content["body"] if field["type"] != "markdown"]
    assert fields
    assert {field["type"] for field in fields} <= {"checkboxes", "dropdown", "input", "textarea"}
    assert all(field["attributes"]["label"] for field in fields)
    assert len({field["id"] for field in fields}) == len(fields)
    assert all(field["attributes"]["value"] for field in content["body"] if field["type"] == "markdown")


def test_the_changelog_begins_with_the_version():
    newest = re.search(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[1]
    assert PROJECT["project"]["version"] in newest
    assert PROJECT["project"]["version"] in (ROOT / "docs" / "upgrading.md").read_text()
