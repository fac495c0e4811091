"""File case report: the page of a case as it stands, among its evidence, where nobody can overwrite it."""

from datetime import UTC, datetime
from typing import Any

from lambdas import casebook, evidence
from lambdas.domain.dossier import Manifest, dossier_from
from lambdas.domain.messages import CATALOGUE
from lambdas.domain.page import page
from lambdas.domain.reply import draft
from lambdas.tell.admins import audiences


def file_case_report(event: dict[str, Any]) -> dict[str, Any]:
    """Write the page of the case once for the moment `at`, in ISO 8601, in the first language that an admin reads.

    A second try finds what the first one wrote. Should two executions file at the very same moment, the first page
    holds what both of them have done: each has noted it before.
    """
    case = event["case"]["id"]
    dossier = dossier_from(case, casebook.items(case))
    if dossier is None:
        return {"outcome": "skipped", "words": f"no notice has joined case {case}"}
    manifests = [_manifest(key, recorded) for key, recorded in dossier.collected]
    words = CATALOGUE[audiences()[0][0]].page
    now = datetime.now(UTC)
    html = page(dossier, now, words, manifests=manifests, draft=draft(dossier, {}, now).text)
    key = f"cases/{case}/reports/{event['at']}.html"
    evidence.write_once(key, html.encode(), content_type="text/html; charset=utf-8")
    return {"outcome": "done", "words": evidence.address(key), "key": key}


def _manifest(key: str, recorded: str) -> Manifest:
    found = evidence.find(key)
    return Manifest(key, recorded, found.body) if found else Manifest(key, recorded, None, "S3 shows none")
