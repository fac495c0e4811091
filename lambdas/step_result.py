"""How a step ends: its outcome, with what it says as keys and facts for the messages, and in English for all others.

Who looks at an execution in the console of Step Functions, or at the log of a function, reads `words`; the messages are
made of `phrase`, in the language of each admin.
"""

import json
from typing import Any, TypeVar

from lambdas.domain.containment.outcome import phrase_of_error
from lambdas.domain.errors import ResponderError
from lambdas.domain.phrase import VERBATIM, Phrase, combined, verbatim

# A refusal of EC2 carries an encoded message of a kilobyte or more. What all steps of thirty instances say goes through
# Step Functions, which fails beyond 256 KiB and cannot catch that; here it is said twice.
MAX_VERBATIM = 500

Refusal = TypeVar("Refusal", bound=ResponderError)


def done(*parts: Phrase | None, **own: Any) -> dict[str, Any]:
    """The result of a step that did it; `own` is what later states read of it."""
    return step_result("done", *parts, **own)


def failed(*parts: Phrase | None, **own: Any) -> dict[str, Any]:
    """The result of a step that could not do all of it, where trying again does not help."""
    return step_result("failed", *parts, **own)


def skipped(*parts: Phrase | None, **own: Any) -> dict[str, Any]:
    """The result of a step that had nothing to do, or must not do it."""
    return step_result("skipped", *parts, **own)


def step_result(outcome: str, *parts: Phrase | None, **own: Any) -> dict[str, Any]:
    """The result of a step with this outcome."""
    return {"outcome": outcome, **_told(*parts), **own}


def step_error(error: type[Refusal], *parts: Phrase | None) -> Refusal:
    """The error to raise. Lambda hands on nothing of it but its name and its text."""
    return error(json.dumps(_told(*parts), ensure_ascii=False))


def error_phrase(error: Exception) -> Phrase:
    """What an error says: ours as it was said, AWS's as it came."""
    return phrase_of_error(str(error))


def _told(*parts: Phrase | None) -> dict[str, Any]:
    # It takes a tenth of a second, and most starts of a function need none of it.
    from lambdas.domain.language.catalogue import in_english  # noqa: PLC0415

    one = _in_short(combined(*parts))
    return {"words": in_english(one), "phrase": one.to_json()}


def _in_short(fact: Any) -> Any:
    """The same with AWS's words cut where they are long."""
    if isinstance(fact, tuple):
        return tuple(map(_in_short, fact))
    if not isinstance(fact, Phrase):
        return fact
    if fact.key == VERBATIM:
        words = fact.values["words"]
        return verbatim(words if len(words) <= MAX_VERBATIM else f"{words[: MAX_VERBATIM - 3]}...")
    return Phrase(fact.key, {name: _in_short(one) for name, one in fact.values.items()})
