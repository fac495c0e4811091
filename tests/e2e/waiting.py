"""Waiting for what happens by itself. Looks are counted, not seconds, so that a slow machine has the time it needs."""

import time
from collections.abc import Callable
from typing import TypeVar

Seen = TypeVar("Seen")

LOOKS = 300
PAUSE = 0.2  # seconds between two looks


def eventually(look: Callable[[], Seen], is_so: Callable[[Seen], bool]) -> Seen:
    """Look until it is so; what was seen then. Fails after too many looks."""
    for _ in range(LOOKS):
        if is_so(seen := look()):
            return seen
        time.sleep(PAUSE)
    raise AssertionError(f"after {LOOKS} looks there is still {seen!r}")
