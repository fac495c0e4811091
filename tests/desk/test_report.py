"""`desk report` writes the page of a case with its instances as they are now, or says why it cannot."""

import io
import json

import pytest

from desk.__main__ import main
from desk.report import report
from tests import rich_case as rich
from tests.domain.page.pages import Seen
from tests.samples import CASE, INSTANCE


@pytest.fixture
def fleet(responder):
    return responder.rich_case()


def test_the_page_shows_before_after_and_now(fleet, tmp_path):
    out, file = io.StringIO(), tmp_path / "case.html"
    assert report(CASE, file, out, rich.NOW, language="en", json=False) == 0
    assert str(file) in out.getvalue()
    text = Seen(file.read_text(encoding="utf-8")).text
    (group,) = fleet.carried().popitem()[1]
    for words in ("sg-ssh", "sg-q", f"{group} (abuse-responder-quarantine)", INSTANCE, rich.MANIFESTS[0].sha256):
        assert any(words in line for line in text), words
    assert any("Instances read from AWS at that moment" in line for line in text)


@pytest.mark.usefixtures("fleet")
def test_a_program_is_told_where_it_is(tmp_path, capsys):
    file = tmp_path / "case.html"
    assert main(["report", f"{CASE}-1", "--html", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"case": CASE, "file": str(file), "bytes": file.stat().st_size}


@pytest.mark.parametrize(
    ("name", "words"),
    [("", "it is a folder"), ("nowhere/case.html", "there is no folder"), ("full/case.html", "there is no folder")],
)
def test_a_file_that_cannot_be_written_is_said_before_aws_is_asked(tmp_path, capsys, name, words):
    (tmp_path / "full").write_text("a file")
    assert main(["report", CASE, "--html", str(tmp_path / name)]) == 2
    told = capsys.readouterr().err
    assert words in told
    assert "for example --html case.html" in told


@pytest.mark.usefixtures("fleet")
def test_a_disk_that_refuses_is_said(monkeypatch, tmp_path, capsys):
    def refuse(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("desk.report.Path.write_bytes", refuse)
    assert main(["report", CASE, "--html", str(tmp_path / "case.html")]) == 2
    assert "cannot be written: No space left on device" in capsys.readouterr().err


def test_an_unknown_language_is_said(tmp_path, capsys):
    assert main(["report", CASE, "--html", str(tmp_path / "case.html"), "--language", "tlh"]) == 2
    assert "there is no language tlh; choose one of en" in capsys.readouterr().err
