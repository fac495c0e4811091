"""What a notice is about, as one slug. The first row that matches AWS's own words wins."""

import re
from collections.abc import Iterator
from itertools import takewhile

from lambdas.domain.reading.act import Sentence
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.statements import sentences_of
from lambdas.domain.reading.vocabulary import english
from lambdas.domain.reading.vocabulary.feature import Feature

F = Feature

_LABEL = lazy_pattern(
    r"\b(?:reported (?:activity|abuse)|abuse type|activity type|type of abuse)(?:\(s\))? ?: ?([^\n]{2,80})",
    re.IGNORECASE,
)
_CODE = lazy_pattern(r"\bAWS_(?:ABUSE_(?:EC2_)?|RISK_)[A-Z_]{3,60}")

_FIRST = ("model_policy", "vulnerability", "credential_exposure")
ABUSE_TYPES = (*_FIRST, *(slug for slug in english.HARM if slug not in _FIRST), "account_compromise")
"""All slugs. Where a text speaks of several, the first of these counts."""

_ADVICE = lazy_pattern(
    r"(?:technical questions|tips for|these references|if you're unaware|if you are unaware|in case none)",
    re.IGNORECASE,
)


def abuse_type_of(words: str, subject: str) -> str | None:
    """Return the slug for AWS's own `words`; None when neither they nor the subject say it.

    AWS's label comes first, then a code of a Health event, then the words, then the subject.
    """
    label = _LABEL.search(words)
    code = _CODE.search(words) if "AWS_" in words else None
    stated = (label[1] if label else "", code[0].replace("_", " ") if code else "", words, subject)
    return next((slug for text in stated if text and (slug := _slug(text))), None)


def _slug(text: str) -> str | None:
    """The type of a text, without the advice that every notice carries."""
    sentences = takewhile(lambda sentence: not _ADVICE.match(sentence.text), sentences_of(text))
    named = {slug for sentence in sentences if not sentence.is_footer for slug in _slugs(sentence)}
    return next((slug for slug in ABUSE_TYPES if slug in named), None)


def _slugs(sentence: Sentence) -> Iterator[str]:
    yield from sentence.harm
    if {F.KEY, F.EXPOSED} <= sentence.features:
        yield "credential_exposure"
    if F.COMPROMISED in sentence.features and sentence.features & {F.ACCOUNT, F.KEY, F.ACTIVITY}:
        yield "account_compromise"
