"""Language-neutral phrases: a key of the catalogue, and the values that each language puts into its words.

The words are in lambdas/domain/language/<language>/. A value is a name, a number, a time in ISO 8601, verbatim words,
another phrase, or a tuple of these.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Union

PhraseValue = Union[str, int, datetime, "Phrase", Iterable[Union[str, "Phrase"]]]

VERBATIM = "verbatim"
COMBINED = "combined"


@dataclass(frozen=True, slots=True)
class Phrase:
    """Make it with `phrase`: a test reads those calls and compares each with the words of every language."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.key, frozenset(self.values.items())))

    @property
    def parts(self) -> tuple["Phrase", ...]:
        """The phrases of a `combined` one; otherwise the phrase itself."""
        return self.values["parts"] if self.key == COMBINED else (self,)

    def contains(self, other: "Phrase") -> bool:
        """Whether it is the other phrase, or has it among its values."""
        return self == other or any(
            isinstance(item, Phrase) and item.contains(other)
            for value in self.values.values()
            for item in (value if isinstance(value, tuple) else (value,))
        )

    def to_json(self) -> dict[str, Any]:
        """JSON for the state machine and the case table."""
        values = {name: _value_to_json(value) for name, value in self.values.items()}
        return {"key": self.key, "values": values} if values else {"key": self.key}

    @classmethod
    def from_json(cls, data: Mapping[str, Any] | str) -> "Phrase":
        """Read `to_json`, or what `asdict` makes of a phrase. A bare string is verbatim words."""
        if isinstance(data, str):
            return verbatim(data)
        return cls(data["key"], {name: _value_from_json(value) for name, value in data.get("values", {}).items()})


def phrase(key: str, /, **values: PhraseValue) -> Phrase:
    """Make a phrase. The key is a literal in the call, so that a test can read it."""
    return Phrase(key, {name: _frozen(value) for name, value in values.items()})


def verbatim(words: str) -> Phrase:
    """Words of AWS, of another program or of a person. They are not translated."""
    return Phrase(VERBATIM, {"words": words})


def combined(*phrases: Phrase | None) -> Phrase:
    """These phrases one after the other, without None."""
    parts = tuple(part for item in phrases if item for part in item.parts)
    return parts[0] if len(parts) == 1 else Phrase(COMBINED, {"parts": parts})


def _frozen(value: PhraseValue) -> Any:
    if isinstance(value, datetime):
        return value.isoformat()
    return value if isinstance(value, str | int | Phrase) else tuple(value)


def _value_to_json(value: Any) -> Any:
    if isinstance(value, Phrase):
        return value.to_json()
    return list(map(_value_to_json, value)) if isinstance(value, tuple) else value


def _value_from_json(data: Any) -> Any:
    if isinstance(data, Mapping):
        return Phrase.from_json(data)
    return tuple(map(_value_from_json, data)) if isinstance(data, list | tuple) else data
