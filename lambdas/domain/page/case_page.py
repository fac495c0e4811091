"""A case as one page: it can be read anywhere, printed and kept, and it loads and runs nothing.

    page(record, now, language, manifests=…, live=…, draft=…)

All text of others goes through `markup.text`. Should something slip through all the same, the page's own policy lets
the browser load nothing and run nothing: the one style sheet is allowed by its hash.
https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Content-Security-Policy/style-src
"""

from base64 import b64encode
from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from types import MappingProxyType
from typing import Final

from lambdas.domain.language.language import Language
from lambdas.domain.page import sections
from lambdas.domain.page.case_record import CaseRecord, EvidenceManifest
from lambdas.domain.page.live_state import LiveState
from lambdas.domain.page.markup import line
from lambdas.domain.page.style import STYLE

_STYLE_HASH: Final = b64encode(sha256(STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"


def page(
    record: CaseRecord,
    now: datetime,
    language: Language,
    *,
    manifests: Sequence[EvidenceManifest] = (),
    live: Mapping[str, LiveState] = MappingProxyType({}),
    draft: str = "",
) -> str:
    """The page of a case as it stands `now` (UTC), in this language.

    `live` are the instances as they were read at that moment, none where nobody looked.
    """
    case = record.case
    body = [
        sections.head(record, now, language, live=bool(live)),
        sections.to_do(record, language),
        sections.timeline(case, now, language),
        sections.instances(record, live, now, language),
        sections.notices(record, language),
        sections.evidence(manifests, language),
        *([sections.draft(draft, case, language)] if draft else []),
    ]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{line(language.page["language"])}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{line(language.page['title'].format(case=case.id))}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            *body,
            "</main>",
            f"<footer>{line(language.page['footer'])}</footer>",
            "</body>",
            "</html>",
            "",
        ]
    )
