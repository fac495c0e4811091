"""`desk report CASE --html FILE`: the case as one page to read, print and keep."""

from datetime import datetime
from pathlib import Path
from typing import TextIO

from desk.case_reader import CaseReader, as_json
from desk.deployed import explain_aws_errors, intake_address
from desk.errors import DeskError
from desk.live_instances import read_live_states
from lambdas.domain.answer.draft import draft_answer
from lambdas.domain.language.catalogue import CATALOGUE
from lambdas.domain.page.case_page import page


def report(case: str, file: Path, out: TextIO, now: datetime, *, language: str, json: bool) -> int:
    """Write the page. Raises DeskError, with nothing written, if AWS refuses or FILE cannot be written."""
    _check(file, language)
    with explain_aws_errors("Look"):
        reader = CaseReader()
        record = reader.case_record(case)
        manifests, live = reader.manifests(record), read_live_states(record)
        draft = draft_answer(record, live, now, cc=intake_address()).text
    html = page(record, now, CATALOGUE[language], manifests=manifests, live=live, draft=draft).encode()
    try:
        file.write_bytes(html)
    except OSError as error:
        raise _no_place(file, error.strerror or str(error)) from error
    if json:
        print(as_json({"case": record.case.id, "file": str(file), "bytes": len(html)}), file=out)
    else:
        print(f"case {record.case.id} as of now: {file}", file=out)
    return 0


def _check(file: Path, language: str) -> None:
    """Before any call to AWS: a mistyped name should fail at once."""
    if language not in CATALOGUE:
        raise DeskError(f"there is no language {language}; choose one of {', '.join(CATALOGUE)}")
    if file.is_dir():
        raise _no_place(file, "it is a folder")
    if not file.absolute().parent.is_dir():
        raise _no_place(file, f"there is no folder {file.parent}")


def _no_place(file: Path, why: str) -> DeskError:
    return DeskError(f"{file} cannot be written: {why}. Name a file that you can write, for example --html case.html")
