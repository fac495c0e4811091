"""The commands of the runbook that can be run here do what they promise."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from lambdas.domain.containment.evidence import MANIFEST, EvidenceFile, UncollectedFile, manifest
from lambdas.domain.phrase import verbatim

RUNBOOK = (Path(__file__).parents[2] / "docs" / "runbook.md").read_text()
FILES = [
    EvidenceFile(f"{name}.json", "ec2:Describe", "2026-11-16T07:42:13+00:00", name.encode()) for name in ("a", "b")
]
NOTHING = UncollectedFile("before-state.json", "the case", verbatim("the case keeps none"), optional=True)


@pytest.mark.skipif(not (shutil.which("jq") and shutil.which("sha256sum")), reason="jq or sha256sum is not here")
def test_the_manifest_checks_the_files(tmp_path):
    (command,) = re.findall(r"^jq .* sha256sum --check$", RUNBOOK, re.MULTILINE)
    (tmp_path / MANIFEST).write_bytes(manifest({}, FILES, NOTHING))
    for file in FILES:
        (tmp_path / file.name).write_bytes(file.body)

    def check():
        return subprocess.run(["/bin/bash", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)

    assert (check().returncode, check().stdout) == (0, "a.json: OK\nb.json: OK\n")
    (tmp_path / "b.json").write_bytes(b"changed")
    assert check().returncode != 0
    assert "b.json: FAILED" in check().stdout
