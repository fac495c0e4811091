"""Sentences in Chinese, Japanese and Korean, which do not separate their words."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from lambdas.domain.reading.act import OBJECTS, VERBS, Act, Sentence
from lambdas.domain.reading.lexicon import Features, running_lexicon
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.vocabulary.feature import Feature

F = Feature

_BREAK = lazy_pattern(r"[\u3001,;:()]|ため|ところ")
_BLANKS = lazy_pattern(r"\s+")
_REACH_AFTER = 14  # characters behind a verb, for its ending
_REACH_BEFORE = 8  # characters before a verb, for a Chinese negation


def running_sentence(text: str, folded: str, language: str) -> Sentence:
    """Read one sentence; `folded` is the same text as `fold` gives it."""
    lexicon = running_lexicon(language)
    found = [lexicon.words(part) for part in _BREAK.split(_BLANKS.sub("", folded)) if part]
    clauses = tuple(map(_union, found))
    everything: Features = frozenset().union(*clauses)
    harm = tuple(slug for terms in found for _, term, f in terms if F.HARM in f and (slug := lexicon.harm_of(term)))
    acts: list[Act] = []
    attributed = conditional = False
    for terms, clause in zip(found, clauses, strict=True):
        attributed = (attributed and F.BUT not in clause) or F.SAY in clause
        conditional |= F.IF in clause or F.ONCE in clause
        scope = clause if clause & OBJECTS else clause | (everything & OBJECTS)
        context = _Context(clause, scope, attributed, conditional, follows=language != "chinese")
        acts.extend(_acts(terms, context))
    return Sentence(text, everything, tuple(acts), clauses, harm, language)


Term = tuple[int, str, Features]


def _union(terms: Iterable[Term]) -> Features:
    return frozenset().union(*(features for _, _, features in terms))


@dataclass(frozen=True, slots=True)
class _Context:
    """What holds for all verbs of a clause."""

    clause: Features
    scope: Features  # with the sentence's objects where it has none
    attributed: bool
    conditional: bool
    follows: bool  # what turns the sense of a verb follows it


def _acts(terms: Sequence[Term], context: _Context) -> Iterator[Act]:
    clause, thanked = context.clause, F.THANK in context.clause
    for number, (at, term, features) in enumerate(terms):
        if not features & VERBS:
            continue
        after = _union(other for other in terms[number + 1 :] if other[0] - at - len(term) <= _REACH_AFTER)
        before = _union(other for other in terms[:number] if at - other[0] <= _REACH_BEFORE)
        around = after if context.follows else clause
        done = bool(around & {F.DONE, F.NOW}) or thanked
        theirs = bool(around & {F.YOU, F.PLEASE}) or thanked
        yield Act(
            verb=features,
            who=F.YOU if theirs else F.WE if F.WE in clause else None,
            fact=done and not around & {F.MAY, F.WILL},
            planned=F.WILL in around,
            negated=F.NOT in (after if context.follows else before),
            conditional=context.conditional or F.WHEN in around,
            attributed=context.attributed,
            thanked=thanked,
            seen=False,
            clause=context.scope,
        )
