"""The locks: what `make lock` writes, and `make setup`, `make rehearse` and `make test` install."""

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
LOCKS = [
    ROOT / f"{part}.txt"
    for part in (
        "requirements-build",
        "requirements",
        "lambdas/requirements",
        "desk/rehearsal/requirements",
        "tests/requirements",
        "tests/older_sdk",
    )
]
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def normal(name):
    return re.sub(r"[-_.]+", "-", name).lower()


def pins(path):
    return {normal(name): version for name, version in PIN.findall(path.read_text())}


def inputs(path):
    """What people wrote into a requirements.in, and into those that it reads."""
    text = path.read_text()
    read = (path.parent / other for other in re.findall(r"^-r (\S+)$", text, re.MULTILINE))
    return {**pins(path), **{name: version for other in read for name, version in inputs(other).items()}}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_a_lock_follows_what_people_wrote(lock):
    """A version changed by hand, or by a bot, without `make lock`."""
    written = inputs(lock.with_suffix(".in"))
    assert written
    assert {name: pins(lock).get(name) for name in written} == written


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: str(lock.relative_to(ROOT)))
def test_each_package_has_a_hash_and_comes_from_wherever_its_installer_looks(lock):
    text = lock.read_text()
    packages = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(packages) == len(pins(lock))
    assert [package for package in packages if not re.search(r"--hash=sha256:[0-9a-f]{64}", package)] == []
    # Neither a registry's address nor a folder of whoever wrote the lock.
    assert re.findall(r"://|^--.*|(?<=\s)/\S+", text, re.MULTILINE) == []


def test_all_locks_agree_on_a_version():
    # The older SDK is older on purpose, and stands in a folder of its own.
    locks = [lock for lock in LOCKS if lock.stem != "older_sdk"]
    versions = {pin for lock in locks for pin in pins(lock).items()}
    assert len(versions) == len({name for name, _ in versions})


def test_nothing_is_installed_without_its_hash():
    lines = (ROOT / "Makefile").read_text().splitlines()
    installs = [line for line in lines if re.search(r"\b(pip|npm) (install|ci|i)\b", line)]
    assert installs
    # `npm ci` holds what it installs against the hashes of package-lock.json, where there is one.
    assert [line for line in installs if "--require-hashes" not in line and "npm ci" not in line] == []
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and not package.get("integrity")] == []
