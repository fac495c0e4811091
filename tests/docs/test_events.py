"""The documented schema of events against all that the code sends. cfn-lint brings the validator."""

import json
import re
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
from cfnlint.jsonschema import StandardValidator

from lambdas.domain.case.case import CaseState, case_from_entries
from lambdas.domain.case.case_event import case_event
from lambdas.domain.case.timeline import RESPONDER, EntryKind, TimelineEntry
from lambdas.domain.intake.notice import NoticeKind
from tests.lambdas.test_publish import AT, NOTICE
from tests.permissions.policies import deployed
from tests.permissions.scenarios import (
    a_case_that_admins_act_upon,
    a_mail_that_an_admin_decides_about,
    an_instance_with_everything_contained_and_released,
    the_story,
)
from tests.permissions.scene import opened
from tests.samples import CASE
from tests.stacks.assembly import ROOT

SCHEMA = json.loads((ROOT / "docs" / "events" / "case-changed.schema.json").read_text())
ENTRY = SCHEMA["properties"]["entry"]["properties"]
INTEGRATIONS = (ROOT / "docs" / "integrations.md").read_text()
TEMPLATES = re.findall(r"^## (.+?)\n.*?^```yaml\n(.*?)^```", INTEGRATIONS, re.MULTILINE | re.DOTALL)
PLAYS = (
    the_story,
    a_case_that_admins_act_upon,
    a_mail_that_an_admin_decides_about,
    an_instance_with_everything_contained_and_released,
)


def wrong(detail):
    return [f"{list(error.path)}: {error.message}" for error in StandardValidator(SCHEMA).iter_errors(detail)]


def one_of(what):
    return (
        NOTICE
        if what is EntryKind.NOTICE
        else TimelineEntry(AT, what, RESPONDER, "why", "i-0a7b1dd0e3f94c256", {"any": [1]})
    )


@cache
def published(play):
    with opened(play.__name__, deployed("as it comes")) as scene:
        play(scene)
    return scene.published


def consts(schema):
    assert all(len(choice["description"]) > 5 for choice in schema["oneOf"])
    return {choice["const"] for choice in schema["oneOf"]}


def test_the_schema_names_all_that_can_happen_and_all_states():
    assert consts(ENTRY["kind"]) == set(EntryKind)
    assert consts(SCHEMA["properties"]["state"]) == {*CaseState, "unknown"}
    assert set(SCHEMA["definitions"]["notice"]["properties"]["kind"]["enum"]) == {
        kind for kind in NoticeKind if kind.is_notice
    }


@pytest.mark.parametrize("what", EntryKind)
def test_an_event_of_each_kind_is_as_described(what):
    entry = one_of(what)
    detail = case_event(CASE, "entry#x", entry, case_from_entries(CASE, [NOTICE, entry]))
    assert wrong(json.loads(json.dumps(detail))) == []


@pytest.mark.parametrize("play", PLAYS, ids=lambda play: play.__name__)
def test_what_executions_send_is_as_described(play):
    assert published(play)
    assert [mistake for detail in published(play) for mistake in wrong(detail)] == []


def test_executions_send_what_matters_most():
    sent = {detail["entry"]["kind"] for play in PLAYS for detail in published(play)}
    assert sent >= {"notice", "contained", "asked", "acknowledged", "answered", "released", "closed"}


@pytest.mark.parametrize("example", SCHEMA["examples"], ids=lambda example: example["id"])
def test_an_example_is_one(example):
    assert wrong(example) == []
    entry = TimelineEntry.from_json(example["entry"])
    case = case_from_entries(CASE, [NOTICE, entry])
    sort = "entry#" + example["id"].partition("/")[2]
    assert case_event(example["case"], sort, entry, case) == example


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("version",), "2"),
        (("state",), "lost"),
        (("entry", "kind"), "terminated"),
        (("entry", "words"), None),
        (("entry", "details"), {}),
        (("entry", "details", "deadline"), "soon"),
    ],
)
def test_what_is_not_so_is_refused(path, value):
    detail = json.loads(json.dumps(SCHEMA["examples"][0]))
    part = detail
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    assert wrong(detail)


@pytest.mark.parametrize(("name", "template"), TEMPLATES, ids=[name for name, _ in TEMPLATES])
def test_a_template_for_others_is_right(name, template, tmp_path):
    file = tmp_path / f"{name}.yaml"
    file.write_text(template)
    lint = [Path(sys.executable).with_name("cfn-lint"), "--regions", "eu-west-1", "--", file]
    done = subprocess.run(lint, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_there_are_templates_and_what_they_listen_for_can_happen():
    assert [name for name, _ in TEMPLATES] == ["A chat", "A ticket", "A pager"]
    heard = re.findall(r"kind: \[(.*?)\]", INTEGRATIONS)
    assert heard
    assert {what for kinds in heard for what in kinds.split(", ")} <= set(EntryKind)
