"""What AWS's sentences say: who does what, to what, and whether it is a fact.

Each verb of the vocabulary becomes an `Act`, judged by verb, object, who and negation. So "we have closed the case",
"you told us that the case is closed" and "once you have closed the port" are three different things.
"""

from collections.abc import Iterator
from functools import lru_cache
from itertools import islice

from lambdas.domain.reading.act import Sentence
from lambdas.domain.reading.lexicon import (
    NO_FEATURES,
    RUNNING,
    Features,
    english_lexicon,
    fold,
    language_of,
    latin_lexicon,
)
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.running_sentence import running_sentence
from lambdas.domain.reading.spaced_sentence import spaced_sentence
from lambdas.domain.reading.vocabulary import german

_MOST_SENTENCES = 400
_MOST_SENTENCE = 1200  # characters; no sentence of AWS is longer
_LABEL_LINE = lazy_pattern(r"[ \t*|\u2022-]{0,9}[^\W\d_][\w ()/.-]{1,40}\s?:(?:[ \t]|\Z|\S)")
_BULLET = lazy_pattern(r"[ \t]{0,9}(?:[*\u2022\u30fb-]|\(?\d{1,2}[.)])[ \t]")
_LINK = lazy_pattern(r"https?://[^\s\u3000-\u9fff]{1,1900}")
_END = lazy_pattern(
    # "9. September" is no end. Chinese and Japanese write no blank behind a sentence.
    rf"(?<=[.!?;])[\"'*)\]]{{0,3}}\s+(?!(?:{german.MONTHS})\b)|(?<=[\u3002\uff01\uff1f\uff1b])\s{{0,9}}"
    r"|(?<=[!?])(?=[\u3040-\u30ff])"
)


@lru_cache(maxsize=8)
def sentences_of(words: str, language: str | None = None) -> tuple[Sentence, ...]:
    """Read AWS's own `words`, sentence by sentence, in their own language unless one is given. Takes linear time."""
    main = language or language_of(fold(words))
    return tuple(_sentence(text, main) for text in islice(_split(words), _MOST_SENTENCES))


def features_of(words: str, language: str | None = None) -> Features:
    """Return the features of all sentences together; none where nothing is left of `words` but links and signs."""
    return NO_FEATURES.union(*(sentence.features for sentence in sentences_of(words, language)))


def _split(words: str) -> Iterator[str]:
    """Yield sentences: wrapped lines are joined; labels, list items and paragraphs stand alone."""
    paragraph: list[str] = []
    for line in [*words.split("\n"), ""]:
        label = _LABEL_LINE.match(line)
        if paragraph and (label or not line.strip() or _BULLET.match(line)):
            yield from _cut(" ".join(paragraph))
            paragraph = []
        if label:
            yield from _cut(line)
        elif line.strip():
            paragraph.append(line)


def _cut(paragraph: str) -> Iterator[str]:
    if "://" in paragraph:
        paragraph = _LINK.sub(" ", paragraph)  # their paths hold words: "abuse-detection"
    for sentence in _END.split(paragraph):
        if text := " ".join(sentence.replace("*", " ").split()):
            yield text[:_MOST_SENTENCE]


def _sentence(text: str, main: str) -> Sentence:
    folded = fold(text)
    language = _language(folded, main)
    if language in RUNNING:
        return running_sentence(text, folded, language)
    lexicon = english_lexicon() if language == "english" else latin_lexicon(language)
    return spaced_sentence(text, folded, lexicon, language)


def _language(folded: str, main: str) -> str:
    """The language of one sentence in a text that is mainly in `main`."""
    if main == "english":
        return main
    if folded.isascii():
        return "english" if main in RUNNING else language_of(folded)
    return main if main in RUNNING else language_of(folded)
