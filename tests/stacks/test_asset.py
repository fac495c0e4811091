"""The code asset: what is pinned, as it was installed, and nothing else."""

import re
import sys
from importlib import metadata
from pathlib import Path

import pytest

from stacks.asset import ROOT, assemble


def test_the_asset_is_our_code_and_what_is_pinned_for_it(tmp_path):
    assemble(tmp_path)
    ours = Path("lambdas", "domain", "policy.py")
    assert (tmp_path / ours).read_bytes() == (ROOT / ours).read_bytes()
    pinned = set(re.findall(r"^(\S+)==(\S+)", (ROOT / "lambdas" / "requirements.txt").read_text(), re.MULTILINE))
    shipped = metadata.distributions(path=[str(tmp_path)])
    assert {(found.name.replace("_", "-"), found.version) for found in shipped} == pinned


@pytest.fixture
def copied(tmp_path, monkeypatch):
    """One distribution, installed a second time where a test may edit it."""
    installed = tmp_path / "installed"
    distribution = metadata.distribution("jmespath")
    for file in distribution.files:
        if ".." not in file.parts and file.suffix != ".pyc":
            target = installed / file
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(file.read_binary())
    monkeypatch.setattr(sys, "path", [str(installed), *sys.path])
    return installed


def test_a_file_that_was_edited_after_its_installation_is_not_shipped(copied, tmp_path):
    (copied / "jmespath" / "lexer.py").write_text("import os\n")
    with pytest.raises(RuntimeError, match=r"jmespath/lexer\.py was changed after it was installed.*make setup"):
        assemble(tmp_path / "asset")


def test_a_file_without_a_recorded_hash_is_not_shipped(copied, tmp_path):
    record = next(copied.glob("*.dist-info/RECORD"))
    record.write_text(re.sub(r"^jmespath/lexer\.py,.*$", "jmespath/lexer.py,,", record.read_text(), flags=re.MULTILINE))
    with pytest.raises(RuntimeError, match=r"jmespath/lexer\.py"):
        assemble(tmp_path / "asset")


def test_another_version_than_the_pinned_one_is_not_shipped(copied, tmp_path):
    metadata_file = next(copied.glob("*.dist-info/METADATA"))
    metadata_file.write_text(metadata_file.read_text().replace("Version: 1.1.0", "Version: 1.0.9"))
    with pytest.raises(RuntimeError, match=r"pins jmespath==1\.1\.0, installed is 1\.0\.9: run `make setup`"):
        assemble(tmp_path / "asset")


def test_a_compiled_distribution_is_not_shipped(copied, tmp_path):
    wheel = next(copied.glob("*.dist-info/WHEEL"))
    wheel.write_text(wheel.read_text().replace("Root-Is-Purelib: true", "Root-Is-Purelib: false"))
    with pytest.raises(RuntimeError, match="jmespath is not pure Python"):
        assemble(tmp_path / "asset")
