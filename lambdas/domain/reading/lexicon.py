"""The vocabulary compiled for looking words up, one lexicon for each language."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache

from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.vocabulary import (
    chinese,
    english,
    french,
    german,
    italian,
    japanese,
    korean,
    portuguese,
    shared_harm,
    spanish,
)
from lambdas.domain.reading.vocabulary.feature import Feature, Rows

Features = frozenset[Feature]
RUNNING = frozenset(("japanese", "chinese", "korean"))
"""The languages that do not separate their words."""
NO_FEATURES: Features = frozenset()

_WORDS = lazy_pattern(r"[a-z0-9]+(?:[-&'][a-z0-9]+)*(?:\(s\))?|[,:;()?]")
_INSTANCE = lazy_pattern(r"i-[0-9a-f]{8,17}")
_CONTRACTIONS = (
    ("can't", "can not"), ("won't", "will not"), ("n't", " not"), ("'ve", " have"), ("'re", " are"), ("'ll", " will"),
    ("'m ", " am "), ("it's", "it is"), ("cannot", "can not"), ("e-mail", "email"),
)  # fmt: skip


class Lexicon:
    """Looks up the terms of one language that separates its words."""

    def __init__(self, rows: Mapping[Feature, Iterable[str]], harm: Mapping[str, str]) -> None:
        self.harm: dict[str, str] = {}
        self._exact: dict[str, set[Feature]] = {}
        self._stems: dict[str, set[Feature]] = {}
        self._phrases: dict[str, list[tuple[tuple[str, ...], set[Feature]]]] = {}
        self._known: dict[str, Features] = {}
        for feature, terms in rows.items():
            for term in terms:
                self._add(term, {feature})
        for slug, terms_of_slug in harm.items():
            for term in terms_of_slug.split():
                self._add(term, {Feature.HARM})
                self.harm.setdefault(term.rstrip("*").replace("_", " "), slug)

    def add_verb(self, base: str, features: Iterable[Feature]) -> None:
        """Add the forms of an English verb, each with the feature of the form."""
        first, _, rest = base.partition("_")
        for form, words in _forms(first):
            for word in words:
                self._add(f"{word}_{rest}" if rest else word, {*features, form})

    def _add(self, term: str, features: set[Feature]) -> None:
        words = tuple(term.split("_"))
        if len(words) > 1:
            phrases = self._phrases.setdefault(words[0], [])
            known = next((known for rest, known in phrases if rest == words[1:]), None)
            if known is None:
                phrases.append((words[1:], set(features)))
                phrases.sort(key=lambda phrase: -len(phrase[0]))
            else:
                known |= features
        elif term.endswith("*"):
            self._stems.setdefault(term[:-1], set()).update(features)
        else:
            self._exact.setdefault(term, set()).update(features)

    def words(self, sentence: str) -> list[tuple[str, Features]]:
        """Cut a folded sentence into terms, each with its features. Punctuation is kept."""
        words = _WORDS.findall(sentence)
        found: list[tuple[str, Features]] = []
        index = 0
        while index < len(words):
            word = words[index]
            index += 1
            for rest, features in self._phrases.get(word, ()):
                if tuple(words[index : index + len(rest)]) == rest:
                    index += len(rest)
                    found.append((" ".join((word, *rest)), frozenset(features)))
                    break
            else:
                found.append((word, self._features(word)))
        return found

    def _features(self, word: str) -> Features:
        known = self._known.get(word)
        if known is None:
            known = frozenset(self._exact.get(word, ())) or self._by_stem(word)
            if len(self._known) < 5000:  # a hostile mail has any number of words
                self._known[word] = known
        return known

    def _by_stem(self, word: str) -> Features:
        if _INSTANCE.fullmatch(word):
            return frozenset((Feature.RESOURCE,))
        return frozenset(
            feature for stem, features in self._stems.items() if word.startswith(stem) for feature in features
        )

    def harm_of(self, term: str) -> str | None:
        """Return the abuse type of a term with the feature HARM."""
        slug = self.harm.get(term)
        return slug or next((slug for stem, slug in self.harm.items() if term.startswith(stem)), None)


class RunningLexicon:
    """Looks up the terms of one language that does not separate its words."""

    def __init__(self, rows: Rows, harm: Mapping[str, str]) -> None:
        self.harm: dict[str, str] = {}
        self._terms: dict[str, dict[str, set[Feature]]] = {}  # by their first character
        for feature, terms in rows.items():
            for term in terms.split():
                self._add(term, feature)
        for slug, terms in harm.items():
            for term in terms.split():
                self._add(term, Feature.HARM)
                self.harm.setdefault(term.replace("_", ""), slug)
        self._longest = {first: sorted(terms, key=len, reverse=True) for first, terms in self._terms.items()}

    def _add(self, term: str, feature: Feature) -> None:
        plain = term.replace("_", "").rstrip("*")
        self._terms.setdefault(plain[0], {}).setdefault(plain, set()).add(feature)

    def words(self, clause: str) -> list[tuple[int, str, Features]]:
        """Find the terms of a folded clause without blanks, each with its offset; the longest at each place."""
        found: list[tuple[int, str, Features]] = []
        index = 0
        while index < len(clause):
            for term in self._longest.get(clause[index], ()):
                if clause.startswith(term, index):
                    found.append((index, term, frozenset(self._terms[term[0]][term])))
                    index += len(term)
                    break
            else:
                index += 1
        return found

    def harm_of(self, term: str) -> str | None:
        """Return the abuse type of a term with the feature HARM."""
        return self.harm.get(term)


def _forms(verb: str) -> list[tuple[Feature, tuple[str, ...]]]:
    done = english.IRREGULAR.get(verb)
    doubled = verb + verb[-1] if verb in english.DOUBLED else verb
    stem = doubled.removesuffix("e") if not verb.endswith("ee") else verb
    past = f"{verb[:-1]}ied" if re.search(r"[^aeiou]y\Z", verb) else f"{stem}ed"
    return [
        (Feature.BASE, (verb,)),
        (Feature.ING, (f"{stem}ing",)),
        (Feature.DONE, tuple(done.split()) if done else (past,)),
    ]


@cache
def english_lexicon() -> Lexicon:
    """The English one."""
    lexicon = Lexicon({feature: terms.split() for feature, terms in english.WORDS.items()}, english.HARM)
    verbs: dict[str, set[Feature]] = {}
    for feature, bases in english.VERBS.items():
        for base in bases.split():
            verbs.setdefault(base, set()).add(feature)
    for base, features in verbs.items():
        lexicon.add_verb(base, features)
    return lexicon


_LATIN = {"german": german, "french": french, "italian": italian, "portuguese": portuguese, "spanish": spanish}
_RUNNING = {"japanese": japanese, "chinese": chinese, "korean": korean}


@cache
def latin_lexicon(language: str) -> Lexicon:
    """That of another language in Latin letters."""
    rows = {feature: terms.split() for feature, terms in _LATIN[language].WORDS.items()}
    return Lexicon(rows, shared_harm.HARM)


@cache
def running_lexicon(language: str) -> RunningLexicon:
    """That of Chinese, Japanese or Korean."""
    module = _RUNNING[language]
    return RunningLexicon(module.WORDS, module.HARM)


_KANA = lazy_pattern(r"[\u3040-\u30ff]")
_HANGUL = lazy_pattern(r"[\uac00-\ud7a3]")
_HAN = lazy_pattern(r"[\u4e00-\u9fff]")
_LETTERS = lazy_pattern(r"[a-z]+")
_MARKERS = {language: frozenset(module.MARKERS.split()) for language, module in _LATIN.items()}
_ENGLISH = frozenset(
    ("the", "and", "you", "we", "your", "have", "of", "to", "this", "is", "that", "has", "with", "not")
)


def language_of(text: str) -> str:
    """Guess the language of a lower-case text without accents: "english" unless its words are another's."""
    if not text.isascii():
        if _KANA.search(text):
            return "japanese"
        if _HANGUL.search(text):
            return "korean"
        if _HAN.search(text):
            return "chinese"
    elif " the " in text and " you" in text:
        return "english"
    words = set(_LETTERS.findall(text))
    counts = {language: len(words & markers) for language, markers in _MARKERS.items()}
    best = max(counts, key=lambda language: counts[language])
    return best if counts[best] > len(words & _ENGLISH) else "english"


def fold(text: str) -> str:
    """Return `text` in lower case, without accents, in simplified Chinese characters, with contractions written out."""
    text = text.lower()
    if not text.isascii():
        if not (_KANA.search(text) or _HANGUL.search(text)):
            text = text.translate(chinese.TRADITIONAL)
            text = "".join(
                c for c in unicodedata.normalize("NFKD", text.replace("ß", "ss")) if not unicodedata.combining(c)
            )
        return text
    if "'" in text or "cannot" in text or "e-mail" in text:
        for short, long in _CONTRACTIONS:
            text = text.replace(short, long)
    return text
