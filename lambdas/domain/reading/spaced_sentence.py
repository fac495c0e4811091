"""Sentences in English and in the other languages that separate their words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lambdas.domain.reading.act import OBJECTS, VERBS, Act, Sentence
from lambdas.domain.reading.lexicon import NO_FEATURES, Features, Lexicon
from lambdas.domain.reading.vocabulary.feature import Feature

F = Feature
Word = tuple[str, Features]

_FORMS = frozenset((F.BASE, F.ING, F.DONE))
_TURNS = frozenset(
    (F.BUT, F.IF, F.ONCE, F.THANK, F.WHEN, F.WHILE, F.YOUR, F.PLEASE, F.WE, F.YOU, F.SAY)
)  # fmt: skip
_AUXILIARIES = frozenset((F.HAVE, F.BE, F.MAY, F.WILL, F.TO))
_AFTER_SUBJECT = frozenset((F.HAVE, F.BE, F.MAY, F.WILL, F.NOT, F.SAY, F.NOW, F.MUST, *VERBS))
_BEFORE_BASE = frozenset((F.TO, F.PLEASE, F.WILL, F.MAY, F.NOT, F.NOW, F.MUST, F.WE))
_PUNCTUATION = frozenset(",:;()?")
_CONJUNCTIONS = frozenset(("and", "or", "then", "und", "y", "e", "et"))
_ASIDES = frozenset(("what", "that", "which", "as", "how", "everything", "information", "details", "steps", "since"))
_OBJECT_YOU = frozenset(("to", "for", "with", "from", "your", "the"))
_ADVERBS = frozenset(("did", "do", "also", "recently", "already", "just", "had"))
_AGENTS_OF_AWS = frozenset(("us", "aws", "amazon", "our", "the"))
_WE_FORMS = ("mos", "ons", "iamo")  # of a verb in Spanish and Portuguese, French, Italian
_REACH = 6  # English words before a verb that belong to it
_NEAR = 4
_NEAR_START = 9
_WIDEST_JOINT = 8


def spaced_sentence(text: str, folded: str, lexicon: Lexicon, language: str) -> Sentence:
    """Read one sentence; `folded` is the same text as `fold` gives it."""
    words = lexicon.words(folded)
    walk = _Walk(words, english=language == "english")
    acts = tuple(walk.acts())
    features = _union(words)
    if folded.rstrip(" \"')").endswith("?") and features & {F.YOU, F.YOUR}:
        features |= {F.MUST}
    harm = tuple(slug for term, known in words if F.HARM in known and (slug := lexicon.harm_of(term)))
    return Sentence(text, features, acts, tuple(walk.clauses), harm, language)


def _union(words: Sequence[Word]) -> Features:
    return NO_FEATURES.union(*[features for _, features in words if features])


@dataclass(slots=True)
class _Clause:
    """What has been read of one clause."""

    features: Features
    scope: Features  # with the sentence's objects where it has none
    start: int
    subject_at: int = -1
    verb_at: int = -1  # the last verb
    act: Act | None = None  # of it
    when: bool = False
    concedes: bool = False  # "while", "although"
    yours: bool = False
    seen: bool = False


class _Walk:
    """Goes through the words of one sentence from left to right."""

    def __init__(self, words: Sequence[Word], *, english: bool) -> None:
        self._words = words
        self._english = english
        self._objects = _union(words) & OBJECTS
        self.clauses: list[Features] = []
        self._who: F | None = None
        self._if = self._attributed = self._thanked = False

    def acts(self) -> Iterator[Act]:
        """Yield the acts of the sentence."""
        start = 0
        for index, (word, features) in enumerate(self._words):
            if word in _PUNCTUATION or F.BUT in features:
                yield from self._of_clause(start, index)
                start = index + (word in _PUNCTUATION)
        yield from self._of_clause(start, len(self._words))

    def _of_clause(self, start: int, end: int) -> Iterator[Act]:
        if start == end:
            return
        features = _union(self._words[start:end])
        self.clauses.append(features)
        clause = _Clause(features, features if features & OBJECTS else features | self._objects, start)
        for index in range(start, end):
            known = self._words[index][1]
            if not known:
                continue
            if not known.isdisjoint(_TURNS):
                self._turn(clause, index, end)
            act = None if known.isdisjoint(VERBS) else self._act(clause, index)
            if not act:
                continue
            clause.verb_at, clause.act = index, act
            if not (clause.concedes and act.who is None and index - start < _NEAR_START):
                yield act  # "while this instance has been terminated" is no news
            clause.seen |= F.SEE in act.verb and not act.negated and act.who is not F.YOU and F.PLEASE not in features

    def _turn(self, clause: _Clause, index: int, end: int) -> None:
        """Take up what a word means for the words behind it."""
        word, features = self._words[index]
        if F.BUT in features:
            self._attributed = self._thanked = False
        self._if |= F.IF in features or F.ONCE in features
        self._thanked |= F.THANK in features
        clause.when |= F.WHEN in features
        clause.concedes |= F.WHILE in features
        clause.yours |= F.YOUR in features
        if F.PLEASE in features:
            self._who = None
        if self._is_subject(index, end):
            self._begin_subject(clause, index)
        if F.SAY in features and not self._if:
            theirs = clause.yours and self._who is not F.WE and F.ANSWER in clause.features
            you_say = clause.subject_at >= 0 and self._who is F.YOU
            self._attributed |= you_say or theirs or word == "according to"

    def _begin_subject(self, clause: _Clause, index: int) -> None:
        clause.subject_at = index
        who = F.WE if F.WE in self._words[index][1] else F.YOU
        before = self._words[index - 1][0] if index else ""
        if who is F.YOU:
            # "what you sent" has a subject of its own; the sentence keeps its own.
            self._who = self._who if self._who is F.WE and before in _ASIDES else F.YOU
            return
        self._who = F.WE
        clause.seen = self._thanked = False
        if index == clause.start or before == "and":
            self._attributed = False

    def _is_subject(self, index: int, end: int) -> bool:
        word, features = self._words[index]
        if F.WE not in features and F.YOU not in features:
            return False
        if not self._english or word in {"we", "i"}:
            return True
        before = self._words[index - 1] if index else ("", NO_FEATURES)
        if before[0] in _OBJECT_YOU or F.THANK in before[1]:
            return False
        following = self._words[index + 1] if index + 1 < end else ("", NO_FEATURES)
        return bool(following[1] & _AFTER_SUBJECT) or following[0] in _ADVERBS

    def _act(self, clause: _Clause, index: int) -> Act | None:
        features = self._words[index][1]
        form = features & _FORMS
        if self._english and not form:
            return None
        reach, subject = self._reach(clause, index)
        if self._english and form == {F.BASE} and not self._is_verb_here(clause, index):
            return None
        context = _union(reach)
        fact, planned = self._tense(form, context, reach, subject=subject, first=index == clause.start, index=index)
        if clause.act and not context & _AUXILIARIES and self._is_joined(clause.verb_at, index):
            fact |= clause.act.fact and (F.DONE in form or not self._english)
            planned |= clause.act.planned
        near = _union(reach[-_NEAR:]) if self._english else context
        mended = self._thanked and (bool(form & {F.DONE, F.ING}) or not self._english)
        return Act(
            verb=features,
            who=self._agent(index, form, context, subject=subject, near=near),
            fact=fact or mended,
            planned=planned,
            negated=F.NOT in near,
            conditional=self._if or clause.when,
            attributed=self._attributed,
            thanked=self._thanked,
            seen=clause.seen,
            clause=clause.scope,
        )

    def _reach(self, clause: _Clause, index: int) -> tuple[Sequence[Word], bool]:
        """The words before a verb that belong to it, and whether its subject is among them."""
        first = clause.start
        if self._english:
            first = max(first, index - _REACH, clause.verb_at + 1)
            first = max(clause.subject_at, first)
        return self._words[first:index], clause.subject_at >= first

    def _agent(self, index: int, form: Features, context: Features, *, subject: bool, near: Features) -> F | None:
        active = F.HAVE in context and subject and F.BE not in near
        if F.BE not in context or active or (self._english and F.DONE not in form):
            return self._who
        after = [word for word, _ in self._words[index + 1 : index + 5]] if self._english else []
        agent = after[after.index("by") + 1 : after.index("by") + 2] if "by" in after else []
        if not agent:
            return None
        return F.WE if agent[0] in _AGENTS_OF_AWS or agent[0].isdigit() else F.YOU  # "by 5 May" names nobody else

    def _tense(self, form: Features, context: Features, reach: Sequence[Word], *, subject: bool, first: bool,
               index: int) -> tuple[bool, bool]:  # fmt: skip
        """Whether the verb states a fact, and whether a plan."""
        open_, planned = bool(context & {F.MAY, F.WILL}), F.WILL in context
        if not self._english:
            word, features = self._words[index]
            return not open_ and bool(
                context & {F.HAVE, F.BE, F.WE} or F.WE in features or word.endswith(_WE_FORMS)
            ), planned  # fmt: skip
        words = [word for word, _ in reach]
        infinitive = words[-1:] == ["to"] or ("be" in words and words[words.index("be") - 1 :][:1] == ["to"])
        if F.DONE in form and not (F.BASE in form and (infinitive or open_)):
            return not open_ and not infinitive and (bool(context & {F.HAVE, F.BE}) or subject or first), planned
        if F.ING in form:
            return not open_ and F.BE in context and F.TO not in context, planned or "going" in words
        forced = infinitive and not {"had", "forced", "compelled", "obliged"}.isdisjoint(words)
        return forced or (subject and not open_ and not infinitive and F.MUST not in context), planned

    def _is_joined(self, last: int, index: int) -> bool:
        between = [word for word, _ in self._words[last + 1 : index]]
        return len(between) <= _WIDEST_JOINT and not _CONJUNCTIONS.isdisjoint(between)

    def _is_verb_here(self, clause: _Clause, index: int) -> bool:
        """Whether an English base form is a verb: "block" is a noun too."""
        if index == clause.start:
            return True
        word, features = self._words[index - 1]
        return word in _CONJUNCTIONS or word in {"you", "also", "hereby", "did", "do", "ahead"} or bool(
            features & _BEFORE_BASE
        )  # fmt: skip
