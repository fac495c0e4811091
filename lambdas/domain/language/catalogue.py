"""The languages of the messages, by their ISO 639-1 codes."""

from collections.abc import Mapping
from typing import Final

from lambdas.domain.language import en, ja
from lambdas.domain.language.language import Language
from lambdas.domain.phrase import Phrase, combined

CATALOGUE: Final[Mapping[str, Language]] = {
    "en": Language(en.WORDS, en.PAGE, en.SAID, ascii_subject=True),
    "ja": Language(ja.WORDS, ja.PAGE, ja.SAID, ascii_subject=False),
}


def in_english(*parts: Phrase | None) -> str:
    """The phrases in English: for logs, the Step Functions console, the timeline, the event bus and the desk."""
    return CATALOGUE["en"].in_words(combined(*parts))
