"""The outcome for one instance, from the state machine's output, for the messages."""

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from lambdas.domain.instance.instance import FoundResource, found_resource_from
from lambdas.domain.phrase import Phrase, phrase, verbatim
from lambdas.domain.policy import Decision

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
    "Revoke credentials",
    "Leave load balancers",
    "Stop instance",
    "Tag instance",
    "Archive before-state",
    "Collect evidence",
)

# A later step reads back what an earlier one changed. If both are done, messages report only the later one.
VERIFIED_BY = {
    "Protect instance": "Verify protection",
    "Start snapshots": "Verify snapshots",
    "Prepare quarantine": "Quarantine network",
}


@dataclass(frozen=True, slots=True)
class StepResult:
    """How one step ended: done (AWS answered or was read back), failed (what AWS says) or skipped (the reason)."""

    name: str
    outcome: str
    phrase: Phrase

    @classmethod
    def from_json(cls, name: str, data: Mapping[str, Any]) -> "StepResult":
        """A step's result (lambdas/step_result.py), or the error that a Catch caught."""
        if "Error" in data:
            return cls(name, "failed", failure_phrase(data))
        return cls(name, str(data["outcome"]), result_phrase(data))


@dataclass(frozen=True, slots=True)
class Outcome:
    """One instance with the decision about it and the steps that were taken, in their order."""

    found: FoundResource
    decision: Decision
    steps: tuple[StepResult, ...]
    verified_at: str  # ISO 8601, UTC; empty unless the quarantine was read back

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Outcome":
        """From `{"found": …, "decision": …, "steps": {name: result or caught error}}`."""
        steps = data["steps"]
        return cls(
            found=found_resource_from(data["found"]),
            decision=Decision.from_json(data["decision"]),
            steps=tuple(StepResult.from_json(name, result) for name in STEPS if (result := steps.get(name))),
            verified_at=steps.get(VERIFY, {}).get("at", ""),
        )

    @property
    def contained(self) -> bool:
        """Whether EC2, read back after the change, showed the quarantine."""
        return bool(self.verified_at)

    @property
    def reported_steps(self) -> tuple[StepResult, ...]:
        """The steps without those that are done and were read back by another one."""
        done = {step.name for step in self.steps if step.outcome == "done"}
        return tuple(step for step in self.steps if not {step.name, VERIFIED_BY.get(step.name)} <= done)

    @property
    def failed(self) -> tuple[StepResult, ...]:
        """The steps that did not do what they should."""
        return tuple(step for step in self.steps if step.outcome == "failed")


def failure_phrase(error: Mapping[str, Any]) -> Phrase:
    """What a Catch caught: for a function's error its message, which stands in JSON in the cause.

    https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html
    """
    cause = str(error.get("Cause", ""))
    with suppress(ValueError, KeyError, TypeError):  # not a function's error: the cause is plain words
        cause = str(json.loads(cause)["errorMessage"])
    name = error.get("Error") or phrase("failure:unknown")
    return phrase("failure", error=name, why=phrase_of_error(cause)) if cause else phrase("failure:bare", error=name)


def failure_text(error: Mapping[str, Any]) -> str:
    """The same in English, for the desk and the logs. An error of ours brings its English words with it."""
    cause = str(error.get("Cause", ""))
    with suppress(ValueError, KeyError, TypeError):
        cause = str(json.loads(cause)["errorMessage"])
    with suppress(ValueError, KeyError, TypeError):
        cause = str(json.loads(cause)["words"])
    return f"{error.get('Error', 'unknown error')}: {cause}" if cause else str(error.get("Error", "unknown error"))


def failure_phrases(failures: Iterable[Mapping[str, Any]]) -> tuple[Phrase, ...]:
    """What belongs to no single instance: `{"state": …, "error": …}`, with the name of the state that failed."""
    return tuple(
        phrase("failure:state", state=failure["state"], why=failure_phrase(failure["error"])) for failure in failures
    )


def phrase_of_error(text: str) -> Phrase:
    """The phrase in the text of an error: ours hold one in JSON (lambdas/step_result.py), others are quoted."""
    with suppress(ValueError, KeyError, TypeError):
        return Phrase.from_json(json.loads(text)["phrase"])
    return verbatim(text)


def result_phrase(result: Mapping[str, Any]) -> Phrase:
    """What a result says. A case that is older than the keys holds its words only."""
    return Phrase.from_json(result.get("phrase") or str(result["words"]))
