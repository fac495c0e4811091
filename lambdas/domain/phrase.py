"""What the responder finds or does, before it is words: a key, and the facts that go into the words of a language.

The words stand in lambdas/domain/messages/<language>/said.py. A fact is a name, a number, a moment in ISO 8601, words
of AWS as they came, something else that is said, or several of these.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Union

PhraseValue = Union[str, int, datetime, "Phrase", Iterable[Union[str, "Phrase"]]]

VERBATIM = "quoted"
_SEVERAL = "several"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Say it with `phrase`: a test reads the calls of it and compares each with the words of every language."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.key, frozenset(self.facts.items())))

    @property
    def parts(self) -> tuple["Phrase", ...]:
        """What it says, one by one, where it is `combined`; else itself."""
        return self.facts["parts"] if self.key == _SEVERAL else (self,)

    def says(self, other: "Phrase") -> bool:
        """Whether it is the other, or has it among its facts."""
        return self == other or any(
            isinstance(one, Phrase) and one.says(other)
            for fact in self.facts.values()
            for one in (fact if isinstance(fact, tuple) else (fact,))
        )

    def to_json(self) -> dict[str, Any]:
        """For the state machine and the case table; `from_json` reads what `asdict` makes of it as well."""
        facts = {name: _fact_to(fact) for name, fact in self.facts.items()}
        return {"key": self.key, "facts": facts} if facts else {"key": self.key}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str) -> "Phrase":
        """What `to_json` was made of. A case that is older than the keys holds words: they are quoted."""
        if isinstance(data, str):
            return verbatim(data)
        return cls(data["key"], {name: _fact_from(fact) for name, fact in data.get("facts", {}).items()})


def phrase(key: str, /, **facts: PhraseValue) -> Phrase:
    """What is to be said under this key. The key stands in the call, so that a test can read it."""
    return Phrase(key, {name: _kept(fact) for name, fact in facts.items()})


def verbatim(words: str) -> Phrase:
    """Words of AWS, of another program or of a person, which no language of ours has."""
    return Phrase(VERBATIM, {"words": words})


def combined(*parts: Phrase | None) -> Phrase:
    """These, one after the other, without those that are not there."""
    there = tuple(one for part in parts if part for one in part.parts)
    return there[0] if len(there) == 1 else Phrase(_SEVERAL, {"parts": there})


def _kept(fact: PhraseValue) -> Any:
    if isinstance(fact, datetime):
        return fact.isoformat()
    return fact if isinstance(fact, str | int | Phrase) else tuple(fact)


def _fact_to(fact: Any) -> Any:
    if isinstance(fact, Phrase):
        return fact.to_json()
    return list(map(_fact_to, fact)) if isinstance(fact, tuple) else fact


def _fact_from(data: Any) -> Any:
    if isinstance(data, Mapping):
        return Phrase.from_json(data)
    return tuple(map(_fact_from, data)) if isinstance(data, list | tuple) else data
