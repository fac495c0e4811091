"""The recipes of CONTRIBUTING.md: performed where that is quick, else compared with the code."""

import re
from pathlib import Path

import pytest

from lambdas import contain
from lambdas.domain.admins.roster import expected_subscriptions
from lambdas.domain.containment.outcome import STEPS
from lambdas.domain.language import en, ja
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.policy import decide
from lambdas.domain.reading import read_notice
from lambdas.domain.settings.settings import LANGUAGES
from tests.mails import notices, ways

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "CONTRIBUTING.md").read_text()
RECIPES = dict(re.findall(r"^### (.*?)\n(.*?)(?=^### |\Z)", TEXT, re.MULTILINE | re.DOTALL))
EXAMPLES = ("lambdas/domain/language/fr", "lambdas/contain/detach_volumes.py")  # what a contributor makes


def paths(recipe):
    return re.findall(r"`((?:lambdas|stacks|desk|docs|tests)/[^`*]+|README\.md)`", RECIPES[recipe])


def test_there_are_five():
    assert list(RECIPES) == ["A language", "A notice template", "A containment step", "A channel", "The policy"]


@pytest.mark.parametrize("recipe", RECIPES)
def test_every_file_that_a_recipe_names_exists(recipe):
    assert paths(recipe)
    assert [path for path in paths(recipe) if path not in EXAMPLES and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("target", sorted(set(re.findall(r"make ([a-z]+)", TEXT))))
def test_every_make_target_exists(target):
    assert re.search(rf"^{target}:", (ROOT / "Makefile").read_text(), re.MULTILINE)


def test_a_language_is_a_package_with_the_same_names():
    languages = {path.name for path in (ROOT / "lambdas/domain/language").iterdir() if (path / "__init__.py").exists()}
    assert languages == set(CATALOGUE) == set(LANGUAGES)
    assert set(ja.__all__) == set(en.__all__) - {"ABUSE"}  # the types of abuse are read from English only
    holds = {
        str(path.relative_to(ROOT))
        for path in (ROOT / "lambdas").rglob("*.py")
        if re.search(r'\bja\b|"ja"', path.read_text()) and "/ja/" not in str(path)
    }
    assert holds <= set(paths("A language")), "the recipe forgets a file"


def test_a_notice_template_is_a_specimen():
    """Performed: a template that is not among the specimens goes through each way, and is read as it says."""
    specimen = notices.Specimen(
        name="of-a-contributor",
        subject="Your AWS Abuse Report [12480031774] [AWS ID 552071934480]",
        sender=notices.TRUST,
        body="Hello,\n\nWe've received a report(s) that your AWS resource(s)\n\nAWS ID: 552071934480    "
        "Region: eu-west-1    EC2 Instance Id: i-0a7b1dd0e3f94c256\n\nhas been implicated in activity which resembles "
        "port scanning.\n\nRegards,\nAWS Trust & Safety\n",
        says={"case_numbers": ["12480031774"], "instance_ids": ["i-0a7b1dd0e3f94c256"]},
    )
    assert "tests/mails/notices.py" in paths("A notice template")
    for way in ways.INLINE:
        notice = read_notice(ways.mail(specimen, way, "8bit")[0])
        assert list(notice.case_numbers) == specimen.says["case_numbers"], way
        assert list(notice.instance_ids) == specimen.says["instance_ids"], way


def test_a_containment_step_stands_where_the_recipe_says():
    """Taken from a step that is there: each place that names it is in the recipe."""
    step = "Tag instance"
    assert step in STEPS
    assert step in contain.STEPS
    holds = {
        str(path.relative_to(ROOT))
        for folder in ("lambdas", "stacks")
        for path in (ROOT / folder).rglob("*.py")
        if f'"{step}"' in path.read_text() or f'"step:{step}"' in path.read_text()
    }
    assert holds <= set(paths("A containment step")), "the recipe forgets a file"


def test_a_channel_is_asked_for_and_published_where_the_recipe_says():
    assert expected_subscriptions.__module__.replace(".", "/") + ".py" in paths("A channel")
    holds = {
        str(path.relative_to(ROOT))
        for folder in ("lambdas/tell", "stacks")
        for path in (ROOT / folder).rglob("*.py")
        if re.search(r'"sms"[,)\]]', path.read_text())
    }
    assert holds - {"stacks/rights/subscribing.py"} <= set(paths("A channel"))


def test_the_policy_is_one_function():
    assert decide.__module__.replace(".", "/") + ".py" in paths("The policy")
