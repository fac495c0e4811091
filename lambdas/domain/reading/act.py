"""What a sentence says: its acts, and what they are about."""

import re
from dataclasses import dataclass

from lambdas.domain.reading.lexicon import Features
from lambdas.domain.reading.patterns import lazy_pattern
from lambdas.domain.reading.vocabulary.feature import Feature

F = Feature

_LABEL = lazy_pattern(r"[^\W\d_][\w ()/.-]{1,40}\s?:(?:\s|\Z|\S)")
_FOOTER = lazy_pattern(r"registered trademark|Amazon Web Services, Inc\.|Amazon\.com,? Inc", re.IGNORECASE)
_STEP = lazy_pattern(r"\(?\d{1,2}[.)]\s")
VERBS = frozenset(
    (F.CUT, F.APPLY, F.UNDO, F.REMOVE, F.CLOSE, F.CONSIDER, F.RETRACT, F.SEND, F.RECEIVE, F.OBSERVE, F.MEND, F.CEASE,
     F.REQUEST, F.SAY, F.SEE, F.REOPEN)
)  # fmt: skip
OBJECTS = frozenset(
    (F.CASE, F.RESOURCE, F.ACCOUNT, F.KEY, F.CONTENT, F.TRAFFIC, F.ACCESS, F.LIMIT, F.REPORT, F.ANSWER, F.ACTIVITY,
     F.HARM)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Act:
    """One verb: its features, and what the words around it make of it."""

    verb: Features
    who: F | None  # WE, YOU, or None where the sentence does not tell
    fact: bool  # done, or being done now
    planned: bool
    negated: bool
    conditional: bool
    attributed: bool  # "you told us that …"
    thanked: bool  # "thank you for …"
    seen: bool  # "we see that …"
    clause: Features

    def is_of(self, *verbs: F) -> bool:
        """Whether it is one of these verbs."""
        return any(verb in self.verb for verb in verbs)

    def about(self, *objects: F) -> bool:
        """Whether its clause has one of these objects."""
        return any(thing in self.clause for thing in objects)

    @property
    def is_of_aws(self) -> bool:
        """Whether AWS states as a fact that AWS, or nobody in particular, does it."""
        return self.fact and self.who is not F.YOU and not (
            self.negated or self.conditional or self.attributed or self.thanked or self.seen
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence, or one line of labels, with its acts."""

    text: str
    features: Features
    acts: tuple[Act, ...]
    clauses: tuple[Features, ...]
    harm: tuple[str, ...]  # abuse types that its words name
    language: str

    @property
    def is_footer(self) -> bool:
        """Whether it names the company, as the last lines of AWS's mails do."""
        return "mazon" in self.text and bool(_FOOTER.search(self.text))

    @property
    def is_label(self) -> bool:
        """Whether it is a line with a label and its value."""
        return bool(_LABEL.match(self.text))

    @property
    def is_step(self) -> bool:
        """Whether it is an item of a numbered list: what to do, not what was done."""
        return bool(_STEP.match(self.text))

    @property
    def clauses_of_aws(self) -> tuple[Features, ...]:
        """The clauses, unless the sentence depends on a condition or says what somebody else said."""
        return () if self.is_conditional else self.clauses

    @property
    def is_conditional(self) -> bool:
        """Whether it holds a condition, or says what somebody else said."""
        return F.IF in self.features or F.ONCE in self.features or any(act.attributed for act in self.acts)
