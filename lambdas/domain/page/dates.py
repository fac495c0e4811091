"""Moments and spans of time in the same form in every language."""

from collections.abc import Mapping
from datetime import datetime, timedelta

_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60), ("seconds", 1))


def format_time(at: datetime) -> str:
    """Such as "2026-11-16 07:42 UTC"."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def format_seconds(at: datetime) -> str:
    """Such as "2026-11-16 07:42:08"; the head of its column says that it is UTC."""
    return f"{at:%Y-%m-%d %H:%M:%S}"


def format_duration(length: timedelta, words: Mapping[str, str]) -> str:
    """Such as "2 d 3 h" or "40 s": the two greatest units, rounded down."""
    left = max(int(length.total_seconds()), 0)
    parts = []
    for unit, seconds in _UNITS:
        count, left = divmod(left, seconds)
        parts.append((unit, count))
    start = next((n for n, (_, count) in enumerate(parts) if count), len(parts) - 1)
    shown = [(unit, count) for unit, count in parts[start : start + 2] if count or unit == parts[start][0]]
    if shown[0][0] == "minutes" and shown[0][1] >= 10:
        shown = shown[:1]
    return " ".join(words[unit].format(count) for unit, count in shown)
