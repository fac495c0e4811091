"""The walls of the house: who may import whom, what the domain may not touch, and where each thing's test stands."""

import ast
import importlib
import inspect
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SOURCES = ("desk", "lambdas", "stacks")
FILES = sorted(path.relative_to(ROOT) for folder in SOURCES for path in (ROOT / folder).rglob("*.py"))
DOMAIN = [path for path in FILES if path.is_relative_to("lambdas/domain")]

# Beside the standard library: what Lambda's runtime brings, and what lambdas/requirements.txt pins.
IN_THE_ASSET = {"aws_lambda_powertools", "boto3", "botocore", "dkim", "dns", "urllib3"}
# The stacks take names from the domain, so that a setting, a tag or a state cannot drift; they run nothing of it.
NAMED_BY_STACKS = {
    "case.case",
    "case.case_event",
    "case.clock",
    "case.question",
    "case.table_keys",
    "case.timeline",
    "containment.credentials",
    "containment.outcome",
    "containment.quarantine",
    "containment.quarantine_check",
    "containment.snapshot",
    "errors",
    "intake.arrival",
    "instance.tags",
    "intake.notice",
    "policy",
    "release",
    "settings.function_config",
    "settings.member_roles",
    "settings.settings",
}
# What makes the same input give another answer tomorrow, or elsewhere.
IMPURE = {
    "asyncio",
    "logging",
    "os",
    "pathlib",
    "random",
    "secrets",
    "socket",
    "subprocess",
    "tempfile",
    "time",
    "uuid",
}
CLOCK = {"now", "today", "utcnow"}

# Modules that are tested through the one that everybody calls.
TESTED_WITH = {
    # The steps of a question are tested as the question goes, from the report to the answer or to silence.
    "lambdas/read/ask_admins.py": "tests/stacks/machines/test_ask.py",
    "lambdas/read/deliver_decision.py": "tests/stacks/machines/test_ask.py",
    "lambdas/read/record_missing_decision.py": "tests/stacks/machines/test_ask.py",
    "lambdas/tell/escalate.py": "tests/stacks/machines/test_ask.py",
    "lambdas/release_plan.py": "tests/lambdas/release/test_plan_release.py",
    "lambdas/tell/report_answer.py": "tests/lambdas/test_answer.py",  # with what is recorded before it
    "lambdas/domain/answer/gap.py": "tests/domain/answer/test_draft.py",
    "lambdas/domain/intake/notice.py": "tests/domain/reading/test_reader.py",
    "lambdas/domain/intake/mail_address.py": "tests/domain/reading/test_proof.py",
    "lambdas/domain/settings/settings_block.py": "tests/domain/settings/test_settings.py",
}

# What these make is one text or one reading, to which each of their modules adds.
TESTED_AS_A_WHOLE = {"language", "messages", "page", "reading", "release"}


def tree(path):
    return ast.parse((ROOT / path).read_text())


def imports(path):
    """Every module that a file imports, with the names it takes: `("lambdas.domain.policy", "Verdict")`."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            yield from ((alias.name, None) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides which wall it crosses"
            yield from ((node.module, alias.name) for alias in node.names)


def outside(path, *allowed):
    """What a file imports beside the standard library and the allowed packages."""
    own = {module for module, _ in imports(path) if module.split(".")[0] not in sys.stdlib_module_names}
    return {module for module in own if not any(module == one or module.startswith(f"{one}.") for one in allowed)}


@pytest.mark.parametrize("path", DOMAIN, ids=str)
def test_the_domain_imports_itself_and_the_standard_library(path):
    assert outside(path, "lambdas.domain") == set()


def test_no_room_of_the_domain_needs_a_room_that_needs_it():
    """The rooms stand on floors: of two rooms at most one imports from the other, also by way of further rooms."""

    def room(module):
        return module.removeprefix("lambdas.domain.").split(".")[0]

    rooms = {}
    for path in DOMAIN:
        own = room(".".join(path.with_suffix("").parts))
        needed = {
            room(module if module != "lambdas.domain" else f"lambdas.domain.{name}")
            for module, name in imports(path)
            if module.startswith("lambdas.domain")
        }
        rooms.setdefault(own, set()).update(needed - {own})
    floors = tuple(TopologicalSorter(rooms).static_order())  # raises CycleError
    assert floors.index("intake") < floors.index("reading") < floors.index("policy") < floors.index("messages")


@pytest.mark.parametrize("path", DOMAIN, ids=str)
def test_the_domain_knows_no_clock_no_environment_and_no_log(path):
    assert {module.split(".")[0] for module, _ in imports(path)} & IMPURE == set()
    asked = {
        node.func.attr
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK
    }
    assert asked == set()
    called = {node.func.id for node in ast.walk(tree(path)) if isinstance(node, ast.Call) and hasattr(node.func, "id")}
    assert called & {"open", "print", "input"} == set()


@pytest.mark.parametrize("path", [path for path in FILES if path.is_relative_to("lambdas")], ids=str)
def test_what_runs_imports_what_is_in_its_asset(path):
    assert outside(path, "lambdas", *IN_THE_ASSET) == set()


@pytest.mark.parametrize("path", [*(path for path in FILES if path.is_relative_to("stacks")), Path("app.py")], ids=str)
def test_the_stacks_take_only_names_from_the_domain(path):
    allowed = [f"lambdas.domain.{module}" for module in NAMED_BY_STACKS]
    assert outside(path, "aws_cdk", "cdk_nag", "constructs", "jsii", "stacks", *allowed) == set()
    for module, name in imports(path):
        if module.startswith("lambdas."):
            assert name, f"{path}: import the name, not the module"
            assert not inspect.isfunction(getattr(importlib.import_module(module), name)), f"{path} runs {name}"


@pytest.mark.parametrize("path", [path for path in FILES if path.is_relative_to("desk")], ids=str)
def test_the_desk_takes_only_the_domain_of_what_runs(path):
    houses = {module for module, _ in imports(path) if module.split(".")[0] in {"lambdas", "stacks", "aws_cdk", "app"}}
    # A signature is checked in one way only, and an instance is read in one way only: the two modules make no client
    # of AWS and know no environment of a function.
    allowed = ("lambdas.domain", "lambdas.signatures", "lambdas.instance_reader")
    assert {module for module in houses if not module.startswith(allowed)} == set()


def test_the_instance_reader_makes_no_client():
    path = Path("lambdas/instance_reader.py")
    assert outside(path, "lambdas.domain", "botocore") == set()
    assert {module for module, _ in imports(path)} & IMPURE == set()


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_file_is_named_by_what_it_does(path):
    assert path.stem not in {"utils", "util", "common", "helpers", "helper", "misc", "shared"}


def handlers():
    """Each Lambda handler, and each function that a handler calls for a step."""
    for path in FILES:
        if path.is_relative_to("lambdas") and not path.is_relative_to("lambdas/domain"):
            for node in tree(path).body:
                if isinstance(node, ast.FunctionDef) and node.name in {"handler", path.stem}:
                    yield pytest.param(node, id=f"{path}:{node.name}")


@pytest.mark.parametrize("handler", list(handlers()))
def test_a_handler_is_short(handler):
    """It reads, asks the domain, acts and returns; what is longer hides a decision that belongs into the domain."""
    assert handler.end_lineno - handler.lineno < 40


def where_tested(path):
    """Where a module's tests stand: the same path under tests/. Some rooms of the domain are tested as a whole."""
    if str(path) in TESTED_WITH:
        return [ROOT / TESTED_WITH[str(path)]]
    if path.is_relative_to("lambdas/domain"):
        below = path.relative_to("lambdas")
        if below.parts[1] in TESTED_AS_A_WHOLE:
            return sorted((ROOT / "tests" / Path(*below.parts[:2])).glob("test_*.py"))
        return sorted((ROOT / "tests" / below.parent).glob(f"test_{path.stem}.py"))
    return [ROOT / "tests" / path.parent / f"test_{path.stem}.py"]


def to_be_tested():
    """Every module of the domain that does anything, every handler and every step."""
    for path in FILES:
        functions = {node.name for node in ast.walk(tree(path)) if isinstance(node, ast.FunctionDef)}
        runs = functions if path.is_relative_to("lambdas/domain") else functions & {"handler", path.stem}
        if path.is_relative_to("lambdas") and path.name != "__init__.py" and runs:
            yield path


@pytest.mark.parametrize("path", list(to_be_tested()), ids=str)
def test_a_module_has_a_test_of_its_name(path):
    tests = where_tested(path)
    assert tests, f"no test of {path}"
    assert [test for test in tests if not test.is_file()] == []


@pytest.mark.parametrize("path", FILES, ids=str)
def test_no_code_knows_of_the_emulators_but_the_rehearsal(path):
    """Another emulator, or a real account, is only another set of endpoints in the environment."""
    if not path.is_relative_to("desk/rehearsal"):
        names = {node.id for node in ast.walk(tree(path)) if isinstance(node, ast.Name)}
        words = {node.arg for node in ast.walk(tree(path)) if isinstance(node, ast.keyword)}
        assert (names | words) & {"endpoint_url", "localhost"} == set()
        assert {module.split(".")[0] for module, _ in imports(path)} & {"ministack", "moto"} == set()


@pytest.mark.parametrize("path", [path for path in FILES if path.is_relative_to("lambdas")], ids=str)
def test_one_module_reads_the_environment(path):
    reads = [node for node in ast.walk(tree(path)) if getattr(node, "attr", "") in {"environ", "getenv"}]
    assert bool(reads) == (path == Path("lambdas/load_config.py"))
    assert ("os", "environ") not in imports(path)
