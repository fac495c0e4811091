"""One object of the settings, read key by key. What is wrong is noted, and reading goes on to the end."""

import difflib
import json
from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeVar

T = TypeVar("T")
REQUIRED: Final = object()  # as a default: the user must set this key


class InvalidValue(ValueError):
    """A value breaks its rule. The message is the rule, and begins with "must"."""


class SettingsBlock:
    """The keys below `path`. `mistakes` is shared by all blocks of one reading: one line a mistake."""

    def __init__(self, path: str, values: object, mistakes: list[str]) -> None:
        self.path = path
        self.mistakes = mistakes
        self.values: Mapping[str, object] | None = values if isinstance(values, Mapping) else None
        self.known: dict[str, object] = {}  # key: example
        if self.values is None:
            mistakes.append(f"{path}: must be an object; got {shown(values)}")

    def take(self, key: str, read: Callable[[object], T], *, example: object, default: object = REQUIRED) -> T:
        """What `read` makes of the value. After a mistake the example stands in, so that reading can go on."""
        self.known[key] = example
        if self.values is None:  # noted once, for the whole block
            return read(example)
        value = self.values.get(key, default)
        if value is REQUIRED:
            self.mistakes.append(f"{self.path}.{key}: is missing; for example {shown(example)}")
            return read(example)
        try:
            return read(value)
        except InvalidValue as wrong:
            self.mistakes.append(f"{self.path}.{key}: {wrong}; got {shown(value)}; for example {shown(example)}")
            return read(example)

    def part(self, key: str, *, example: Mapping[str, object]) -> "SettingsBlock | None":
        """The object below `key`; None when it was left out or is null."""
        self.known[key] = example
        values = (self.values or {}).get(key)
        return None if values is None else SettingsBlock(f"{self.path}.{key}", values, self.mistakes)

    def refuse_unknown_keys(self) -> None:
        """Note every key that nobody has taken: most often a slip of the finger."""
        values = self.values or {}
        self.mistakes += [self._unknown(key, values[key]) for key in values if key not in self.known]

    def _unknown(self, key: str, value: object) -> str:
        near = difflib.get_close_matches(key[:64], self.known, n=1, cutoff=0.5)
        name = key if key.isidentifier() and len(key) <= 64 else shown(key)
        if not near:
            return f"{self.path}.{name}: no such setting; got {shown(value)}; known are {', '.join(self.known)}"
        example = f"for example {shown(self.known[near[0]])}"
        return f"{self.path}.{name}: no such setting, did you mean {near[0]}?; got {shown(value)}; {example}"


def overridden(
    path: str, block: object, overrides: Mapping[str, str], *, texts: Collection[str], mistakes: list[str]
) -> object:
    """`block` with the command line's `<path>.key=value` and `<path>.key.part=value` laid over it.

    Values of the keys in `texts` are taken as they stand. Those of all others are JSON where they read as JSON.
    """
    mine = {name.removeprefix(f"{path}."): text for name, text in overrides.items() if name.startswith(f"{path}.")}
    if not mine or not isinstance(block, Mapping):
        return block
    merged: dict[str, object] = dict(block)
    for name in sorted(mine):  # a whole object comes before its parts
        value = mine[name] if name in texts else _json_or_text(mine[name])
        key, _, part = name.partition(".")
        inside = merged.get(key)
        if not part:
            merged[key] = value
        elif inside is None or isinstance(inside, Mapping):
            merged[key] = {**(inside or {}), part: value}
        else:
            mistakes.append(f"{path}.{name}: no such setting, {path}.{key} is set as a whole; got {shown(value)}")
    return merged


def shown(value: object, longest: int = 160) -> str:
    """A value as JSON on one line, so that it can be recognised in cdk.json; a long one is cut."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        if not text.isprintable():
            text = json.dumps(value)
    except (TypeError, ValueError, RecursionError):  # no JSON, a number of thousands of digits, endless nesting
        text = f"a value that cannot be shown, of type {type(value).__name__}"
    return text if len(text) <= longest else f"{text[:longest]}…"


def _json_or_text(text: str) -> object:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text
