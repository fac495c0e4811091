"""`desk read`: one JSON object a line, or one clear sentence and nothing else."""

import io
import json

import pytest

from desk.errors import DeskError
from desk.read import read
from tests.mails import notices, ways


def test_each_mail_is_one_line_of_json(tmp_path):
    mail = tmp_path / "a.eml"
    mail.write_bytes(ways.mail(notices.SPECIMENS[0], "direct", "8bit")[0])
    other = tmp_path / "b.eml"
    other.write_bytes(b"hello")
    out = io.StringIO()

    assert read([str(mail), other], out) == 0

    first, second = (json.loads(line) for line in out.getvalue().splitlines())
    assert first["file"] == str(mail)
    assert first["instance_ids"] == ["i-0a1b2c3d4e5f60718"]
    assert first["proven_from_aws"] is True
    assert first["may_contain"] is True
    assert first["report"]["format"] == "aws_form"
    assert first["report"]["targets"] == ["198.51.100.7"]
    assert second["report"] is None
    assert second["may_contain"] is False
    assert second["kind"] == "none"
    assert "no header" in second["reason"]


@pytest.mark.parametrize(("name", "said"), [("missing.eml", "there is no file"), (".", "is a folder")])
def test_a_path_that_cannot_be_read_stops_before_anything_is_printed(tmp_path, name, said):
    mail = tmp_path / "a.eml"
    mail.write_bytes(b"From: a@b.example\n\nhello")
    out = io.StringIO()

    with pytest.raises(DeskError, match=said) as raised:
        read([mail, tmp_path / name], out)

    assert str(tmp_path / name) in str(raised.value)
    assert out.getvalue() == ""
