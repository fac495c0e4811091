"""What became of one instance, as the state machine hands it on, in a form that messages can be made of."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lambdas.domain.instance.instance import Found, found_from
from lambdas.domain.phrase import Said, quoted, said
from lambdas.domain.policy import Decision, Verdict

VERIFY = "Verify quarantine"

# In the order in which a person wants to read them.
STEPS = (
    "Write before-state",
    "Protect instance",
    "Start snapshots",
    "Prepare quarantine",
    "Quarantine network",
    VERIFY,
    "Verify protection",
    "Verify snapshots",
    "Cut credentials",
    "Leave load balancers",
    "Stop instance",
    "Tag instance",
    "File before-state",
    "Collect evidence",
)

# What AWS accepted is shown by a later step that read it back: where both are done, the second one tells it.
READ_BACK_BY = {
    "Protect instance": "Verify protection",
    "Start snapshots": "Verify snapshots",
    "Prepare quarantine": "Quarantine network",
}


@dataclass(frozen=True, slots=True)
class Step:
    """How one step ended: done (AWS answered or was read back), failed (what AWS says) or skipped (the reason)."""

    name: str
    outcome: str
    said: Said


@dataclass(frozen=True, slots=True)
class Outcome:
    """One instance with the decision about it and the steps that were taken, in their order."""

    found: Found
    decision: Decision
    steps: tuple[Step, ...]
    verified_at: str  # ISO 8601, UTC; empty unless the quarantine was read back

    @property
    def contained(self) -> bool:
        """Whether EC2, read back after the change, showed the quarantine."""
        return bool(self.verified_at)

    @property
    def to_tell(self) -> tuple[Step, ...]:
        """The steps without those that are done and were read back by another one."""
        done = {step.name for step in self.steps if step.outcome == "done"}
        return tuple(step for step in self.steps if not {step.name, READ_BACK_BY.get(step.name)} <= done)

    @property
    def failed(self) -> tuple[Step, ...]:
        """The steps that did not do what they should."""
        return tuple(step for step in self.steps if step.outcome == "failed")


def outcome_from(data: Mapping[str, Any]) -> Outcome:
    """From `{"found": …, "decision": …, "steps": {name: {"outcome": …, "words": …} | {"Error": …, "Cause": …}}}`."""
    decision, steps = data["decision"], data["steps"]
    return Outcome(
        found=found_from(data["found"]),
        decision=Decision(
            decision["instance_id"],
            Verdict(decision["verdict"]),
            tuple(map(Said.from_json, decision["reasons"])),
            decision["stop"],
        ),
        steps=tuple(step_from(name, result) for name in STEPS if (result := steps.get(name))),
        verified_at=steps.get(VERIFY, {}).get("at", ""),
    )


def failure(error: Mapping[str, Any]) -> Said:
    """What a Catch caught: for a function's error its message, which stands in JSON in the cause.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    cause = str(error.get("Cause", ""))
    with suppress(ValueError, KeyError, TypeError):  # not a function's error: the cause is plain words
        cause = str(json.loads(cause)["errorMessage"])
    name = error.get("Error") or said("failure:unknown")
    return said("failure", error=name, why=said_in(cause)) if cause else said("failure:bare", error=name)


def failure_words(error: Mapping[str, Any]) -> str:
    """As `failure`, for who reads no message: at the desk, in a log. An error of ours brings its English words."""
    cause = str(error.get("Cause", ""))
    with suppress(ValueError, KeyError, TypeError):
        cause = str(json.loads(cause)["errorMessage"])
    with suppress(ValueError, KeyError, TypeError):
        cause = str(json.loads(cause)["words"])
    return f"{error.get('Error', 'unknown error')}: {cause}" if cause else str(error.get("Error", "unknown error"))


def trouble(failures: Iterable[Mapping[str, Any]]) -> tuple[Said, ...]:
    """What belongs to no single instance: `{"state": …, "error": …}`, with the name of the state that failed."""
    return tuple(said("failure:state", state=one["state"], why=failure(one["error"])) for one in failures)


def said_in(text: str) -> Said:
    """The phrase in the text of an error: ours hold one in JSON (lambdas/step_result.py), others are quoted."""
    with suppress(ValueError, KeyError, TypeError):
        return Said.from_json(json.loads(text)["said"])
    return quoted(text)


def step_from(name: str, result: Mapping[str, Any]) -> Step:
    """A step from its result, see lambdas/step_result.py, or from what a Catch caught of it."""
    if "Error" in result:
        return Step(name, "failed", failure(result))
    return Step(name, str(result["outcome"]), said_of(result))


def said_of(result: Mapping[str, Any]) -> Said:
    """What a result says. A case that is older than the keys holds its words only."""
    return Said.from_json(result.get("said") or str(result["words"]))
