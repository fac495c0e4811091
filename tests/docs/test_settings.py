"""docs/settings.md against the keys and defaults that the parser of the settings knows."""

import json
import re

import pytest

from lambdas.domain.settings.settings import InvalidSettings, Settings
from tests.stacks.assembly import ROOT

ROWS = re.findall(r"^\| `(\w+)` \| (.+?) \| .+ \|$", (ROOT / "docs" / "settings.md").read_text(), re.MULTILINE)
DEFAULTS = {key: default.strip("`") for key, default in ROWS}
REQUIRED = {
    "recipient": "abuse@in.example.com",
    "admins": [{"name": "Ada", "email": "ada@example.com", "language": "en"}],
}


def mistakes(block):
    with pytest.raises(InvalidSettings) as refused:
        Settings.parse(block, {})
    return refused.value.mistakes


def default_of(key):
    try:
        value = json.loads(DEFAULTS[key])
    except ValueError:
        value = DEFAULTS[key]
    return {"activation": value} if key == "rule_set" else value


def test_the_page_lists_each_key_once_and_no_other():
    (mistake,) = mistakes({**REQUIRED, "zzzzzzzz": 1})
    known = mistake.partition("known are ")[2].split(", ")
    assert sorted(key for key, _ in ROWS) == sorted(known)


def test_the_page_says_what_must_be_set():
    missing = {mistake.partition(":")[0] for mistake in mistakes({})}
    assert missing == {f"responder.{key}" for key, default in DEFAULTS.items() if default == "none"}


@pytest.mark.parametrize("key", [key for key, default in DEFAULTS.items() if default != "none"])
def test_a_default_of_the_page_is_the_parsers(key):
    assert Settings.parse({**REQUIRED, key: default_of(key)}, {}) == Settings.parse(REQUIRED, {})
