"""How a step ends: its outcome, with what it says as keys and facts for the messages, and in English for all others.

Who looks at an execution in the console of Step Functions, or at the log of a function, reads `words`; the messages are
made of `said`, in the language of each admin.
"""

import json
from typing import Any, TypeVar

from lambdas.domain.containment.outcome import said_in
from lambdas.domain.errors import ResponderError
from lambdas.domain.phrase import Said, quoted, several

# A refusal of EC2 carries an encoded message of a kilobyte or more. What all steps of thirty instances say goes through
# Step Functions, which fails beyond 256 KiB and cannot catch that; here it is said twice.
MOST_QUOTED = 500

Refusal = TypeVar("Refusal", bound=ResponderError)


def done(*parts: Said | None, **own: Any) -> dict[str, Any]:
    """The result of a step that did it; `own` is what later states read of it."""
    return ended("done", *parts, **own)


def failed(*parts: Said | None, **own: Any) -> dict[str, Any]:
    """The result of a step that could not do all of it, where trying again does not help."""
    return ended("failed", *parts, **own)


def skipped(*parts: Said | None, **own: Any) -> dict[str, Any]:
    """The result of a step that had nothing to do, or must not do it."""
    return ended("skipped", *parts, **own)


def ended(outcome: str, *parts: Said | None, **own: Any) -> dict[str, Any]:
    """The result of a step with this outcome."""
    return {"outcome": outcome, **_told(*parts), **own}


def refusal(error: type[Refusal], *parts: Said | None) -> Refusal:
    """The error to raise. Lambda hands on nothing of it but its name and its text."""
    return error(json.dumps(_told(*parts), ensure_ascii=False))


def reason_of(error: Exception) -> Said:
    """What an error says: ours as it was said, AWS's as it came."""
    return said_in(str(error))


def _told(*parts: Said | None) -> dict[str, Any]:
    # It takes a tenth of a second, and most starts of a function need none of it.
    from lambdas.domain.messages import in_english  # noqa: PLC0415

    one = _in_short(several(*parts))
    return {"words": in_english(one), "said": one.to_json()}


def _in_short(fact: Any) -> Any:
    """The same with AWS's words cut where they are long."""
    if isinstance(fact, tuple):
        return tuple(map(_in_short, fact))
    if not isinstance(fact, Said):
        return fact
    if fact.key == "quoted":
        words = fact.facts["words"]
        return quoted(words if len(words) <= MOST_QUOTED else f"{words[: MOST_QUOTED - 3]}...")
    return Said(fact.key, {name: _in_short(one) for name, one in fact.facts.items()})
