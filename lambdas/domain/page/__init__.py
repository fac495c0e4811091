"""A case as one page: it can be read anywhere, printed and kept, and it loads and runs nothing.

    page(dossier, now, words, manifests=…, live=…, draft=…)

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

from lambdas.domain.dossier import Dossier, Manifest
from lambdas.domain.live import Live
from lambdas.domain.page import sections
from lambdas.domain.page.markup import line
from lambdas.domain.page.sections import clock, short
from lambdas.domain.page.style import STYLE

__all__ = ["clock", "page", "short"]

_STYLE_HASH: Final = b64encode(sha256(STYLE.encode()).digest()).decode()
_POLICY: Final = f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none'"


def page(
    dossier: Dossier,
    now: datetime,
    words: Mapping[str, str],
    *,
    manifests: Sequence[Manifest] = (),
    live: Mapping[str, Live] = MappingProxyType({}),
    draft: str = "",
) -> str:
    """The page of a case as it stands `now` (UTC), in the language of `words`.

    `live` are the instances as they were read at that moment, none where nobody looked.
    """
    case = dossier.case
    body = [
        sections.head(dossier, now, words, live=bool(live)),
        sections.to_do(dossier, words),
        sections.timeline(case, now, words),
        sections.instances(dossier, live, now, words),
        sections.notices(dossier, words),
        sections.evidence(manifests, words),
        *([sections.draft(draft, case, words)] if draft else []),
    ]
    return "\n".join(
        [
            "<!DOCTYPE html>",
            f'<html lang="{line(words["language"])}">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            '<meta name="referrer" content="no-referrer">',
            f"<title>{line(words['title'].format(case=case.id))}</title>",
            f"<style>{STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            *body,
            "</main>",
            f"<footer>{line(words['footer'])}</footer>",
            "</body>",
            "</html>",
            "",
        ]
    )
