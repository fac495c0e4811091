"""The languages of the messages, by their ISO 639-1 codes."""

from collections.abc import Mapping
from typing import Final

from lambdas.domain.language import en, ja
from lambdas.domain.language.language import Language
from lambdas.domain.phrase import Phrase, combined

CATALOGUE: Final[Mapping[str, Language]] = {
    "en": Language(en.MESSAGES, en.PAGE, en.PHRASES, ascii_subject=True),
    "ja": Language(ja.MESSAGES, ja.PAGE, ja.PHRASES, ascii_subject=False),
}


def in_english(*parts: Phrase | None) -> str:
    """The phrases in English: for logs, the Step Functions console, the timeline, the event bus and the desk."""
    return CATALOGUE["en"].render(combined(*parts))
