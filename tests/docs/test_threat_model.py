"""Every row of docs/threat-model.md names a test that exists, and fails if its defence is taken away."""

import ast
import re
from functools import cache

import pytest

from tests.docs.defences import DEFENCES, ROOT, copied, fails_without

PAGE = (ROOT / "docs" / "threat-model.md").read_text()
PROVEN, DRILLS = PAGE.split("## Not proven without a real account")
# Some that are quick to run; `python -m tests.docs.defences` runs all.
SAMPLE = (
    "tests/domain/intake/test_arrival.py::test_nothing_but_a_hash_is_submitted",
    "tests/domain/test_policy.py::test_a_protected_instance_is_never_contained",
)


def rows(part):
    """The cells of each row of the tables in a part of the page."""
    lines = re.findall(r"^\| (.*) \|$", part, re.MULTILINE)
    return [line.split(" | ") for line in lines if not re.match(r"(attack|what) \||-", line)]


ROWS = rows(PROVEN)
TESTS = [cells[-1].strip("`") for cells in ROWS]


@cache
def functions(file):
    """The names of the test functions in a file."""
    return {node.name for node in ast.parse((ROOT / file).read_text()).body if isinstance(node, ast.FunctionDef)}


def test_there_are_rows_of_three_cells():
    assert len(ROWS) > 60
    assert [cells for cells in ROWS if len(cells) != 3] == []
    assert [cells for cells in rows(DRILLS) if len(cells) != 2] == []


@pytest.mark.parametrize("test", TESTS)
def test_every_row_names_a_test_that_exists(test):
    file, name = re.fullmatch(r"(tests/[\w/]+\.py)::(\w+)(?:\[.*\])?", test).groups()
    assert name in functions(file)


def test_every_row_has_a_defence_that_can_be_taken_away_and_the_other_way_round():
    assert sorted(TESTS) == sorted(defence.test for defence in DEFENCES)


@pytest.mark.parametrize("defence", DEFENCES, ids=lambda defence: defence.test)
def test_each_defence_stands_in_its_file_once(defence):
    """Otherwise the sweep could not take it away."""
    assert (ROOT / defence.file).read_text().count(defence.old) == 1
    assert defence.old != defence.new


@pytest.mark.slow
def test_without_a_defence_its_test_fails():
    with copied() as copy:
        sample = [defence for defence in DEFENCES if defence.test in SAMPLE]
        assert {defence.test: fails_without(defence, copy) for defence in sample} == dict.fromkeys(SAMPLE, "")
