"""One object of the settings, read key by key. Mistakes are collected, so that all are reported together."""

import difflib
import json
from collections.abc import Callable, Collection, Mapping
from typing import Final, TypeVar

T = TypeVar("T")
REQUIRED: Final = object()  # as a default: the user must set this key


class InvalidValue(ValueError):
    """A value breaks its rule. The message is the rule, and begins with "must"."""


class SettingsBlock:
    """The keys below `path`. All blocks share the list `mistakes`."""

    def __init__(self, path: str, values: object, mistakes: list[str]) -> None:
        self.path = path
        self.mistakes = mistakes
        self.values: Mapping[str, object] | None = values if isinstance(values, Mapping) else None
        self.known: dict[str, object] = {}  # key: example
        if self.values is None:
            mistakes.append(f"{path}: must be an object; got {shown(values)}")

    def take(self, key: str, read: Callable[[object], T], *, example: object, default: object = REQUIRED) -> T:
        """The value as `read` returns it. After a mistake, the example is returned so that reading can go on."""
        self.known[key] = example
        if self.values is None:  # reported once for the whole block
            return read(example)
        value = self.values.get(key, default)
        if value is REQUIRED:
            self.mistakes.append(f"{self.path}.{key}: is missing; for example {shown(example)}")
            return read(example)
        try:
            return read(value)
        except InvalidValue as mistake:
            self.mistakes.append(f"{self.path}.{key}: {mistake}; got {shown(value)}; for example {shown(example)}")
            return read(example)

    def part(self, key: str, *, example: Mapping[str, object]) -> "SettingsBlock | None":
        """The object below `key`. None if it is missing or null."""
        self.known[key] = example
        values = (self.values or {}).get(key)
        return None if values is None else SettingsBlock(f"{self.path}.{key}", values, self.mistakes)

    def refuse_unknown_keys(self) -> None:
        """Report every key that was not read, usually a typing mistake."""
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
    """`block` overridden by the command line's `<path>.key=value` and `<path>.key.part=value`.

    Values of the keys in `texts` are text. All others are JSON if they can be read as JSON.
    """
    given = {name.removeprefix(f"{path}."): text for name, text in overrides.items() if name.startswith(f"{path}.")}
    if not given or not isinstance(block, Mapping):
        return block
    merged: dict[str, object] = dict(block)
    for name in sorted(given):  # a whole object comes before its parts
        value = given[name] if name in texts else _json_or_text(given[name])
        key, _, part = name.partition(".")
        inside = merged.get(key)
        if not part:
            merged[key] = value
        elif inside is None or isinstance(inside, Mapping):
            merged[key] = {**(inside or {}), part: value}
        else:
            mistakes.append(f"{path}.{name}: no such setting, {path}.{key} is set as a whole; got {shown(value)}")
    return merged


def shown(value: object, max_length: int = 160) -> str:
    """A value as JSON on one line, cut if it is long."""
    try:
        text = json.dumps(value, ensure_ascii=False)
        if not text.isprintable():
            text = json.dumps(value)
    except (TypeError, ValueError, RecursionError):  # not JSON, a huge number or endless nesting
        text = f"a value that cannot be shown, of type {type(value).__name__}"
    return text if len(text) <= max_length else f"{text[:max_length]}…"


def _json_or_text(text: str) -> object:
    try:
        return json.loads(text)
    except (TypeError, ValueError, RecursionError):
        return text
