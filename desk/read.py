"""`desk read`: what stored mails say, one JSON object a line."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from desk.errors import DeskError
from lambdas.domain.intake.notice import NoticeKind, ProofKind
from lambdas.domain.language.catalogue import in_english
from lambdas.domain.reading import read_notice
from lambdas.domain.reading.proof import prove


def read(paths: Sequence[str | Path], out: TextIO) -> int:
    """Print what each mail says and return 0. Raises `DeskError`, with nothing printed, unless all can be read."""
    for path in paths:
        readable(path)
    for path in paths:
        print(json.dumps(_answer(path, Path(path).read_bytes())), file=out)
    return 0


def readable(path: str | Path) -> Path:
    """The path of a file that can be read. Raises `DeskError`."""
    try:
        with Path(path).open("rb") as mail:
            mail.read(1)
    except OSError as error:
        raise DeskError(_complaint(path, error)) from error
    return Path(path)


def _complaint(path: str | Path, error: OSError) -> str:
    if Path(path).is_dir():
        return f"{path} is a folder; name the mails in it, for example {Path(path) / '*.eml'}"
    if isinstance(error, FileNotFoundError):
        return f"there is no file {path}; give the path of a mail stored as .eml"
    return f"{path} cannot be read ({error.strerror}); check its permissions"


def _answer(path: str | Path, raw: bytes) -> dict[str, object]:
    notice = read_notice(raw)
    proof = prove(raw, None)
    return {
        "file": str(path),
        "kind": notice.kind.value,
        "is_abuse_notice": notice.kind is not NoticeKind.NONE,
        "proven_from_aws": proof.kind is ProofKind.AWS,
        "may_contain": proof.may_contain,
        "case_numbers": notice.case_numbers,
        "account_ids": notice.account_ids,
        "regions": notice.regions,
        "instance_ids": notice.instance_ids,
        "ips": notice.ips,
        "urls": notice.urls,
        "abuse_type": notice.abuse_type,
        "deadline_hours": notice.deadline_hours,
        "report": notice.report.to_json() if notice.report else None,
        "reason": in_english(notice.reason),
        "proof": in_english(proof.reason),
        "problems": [in_english(problem) for problem in notice.problems],
    }
