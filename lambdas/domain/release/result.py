"""What became of one instance that was to be released, in a form that messages and the desk can be made of."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lambdas.domain.containment.outcome import StepResult
from lambdas.domain.phrase import Phrase
from lambdas.domain.release.action import STEPS, VERIFY, WHOLE_INSTANCE, ReleaseAction, ReleasePart, ReleaseVerdict


@dataclass(frozen=True, slots=True)
class ReleaseResult:
    """One instance with its plan and the steps that were taken; `verified` is what was read back, empty if nothing."""

    instance_id: str
    region: str
    planned: tuple[ReleaseAction, ...]
    steps: tuple[StepResult, ...]
    verified: tuple[ReleaseAction, ...]
    verified_at: str  # ISO 8601, UTC; empty unless everything was read back

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ReleaseResult":
        """Read the output of the state machine "release" for one instance."""
        verified = data["steps"].get(VERIFY) or {}
        return cls(
            instance_id=data["instance_id"],
            region=data["region"],
            planned=tuple(map(ReleaseAction.from_json, data["actions"])),
            steps=tuple(StepResult.from_json(name, result) for name in STEPS if (result := data["steps"].get(name))),
            verified=tuple(map(ReleaseAction.from_json, verified.get("actions", ()))),
            verified_at=verified.get("at", ""),
        )

    @property
    def released(self) -> bool:
        """Whether AWS, read back, showed everything as before that was to be put back."""
        return bool(self.verified_at)

    @property
    def obstacle(self) -> Phrase | None:
        """Why nothing at all could be put back, None if something could."""
        only = [
            action.reason
            for action in self.planned
            if action.what == WHOLE_INSTANCE and action.part is ReleasePart.NETWORK
        ]
        return only[0] if only and len(self.planned) == 1 else None

    @property
    def put_back(self) -> tuple[ReleaseAction, ...]:
        """What the plan was to put back, and was read back as before."""
        as_before = {action.what for action in self.verified if action.verdict is ReleaseVerdict.NOTHING}
        return tuple(
            action for action in self.planned if action.verdict is ReleaseVerdict.PUT_BACK and action.what in as_before
        )

    @property
    def not_put_back(self) -> tuple[ReleaseAction, ...]:
        """What somebody changed since, or what cannot be put back, by the newest look at it."""
        looked = self.verified or self.planned
        return tuple(action for action in looked if action.verdict in {ReleaseVerdict.LEFT, ReleaseVerdict.CANNOT})


@dataclass(frozen=True, slots=True)
class CompletedRelease:
    """A release that was carried out. `by` is the ARN of the admin as the desk gave it.

    `unknown` are instances of which no result came, `failures` failures that belong to no single instance.
    """

    case: str
    by: str
    execution: str  # ARN
    results: tuple[ReleaseResult, ...]
    unknown: tuple[str, ...]
    failures: tuple[Phrase, ...]

    @property
    def released(self) -> tuple[str, ...]:
        """The instances that were read back as released."""
        return tuple(result.instance_id for result in self.results if result.released)

    @property
    def held(self) -> tuple[str, ...]:
        """The instances that may still be contained, wholly or in part."""
        return (*self.unknown, *(result.instance_id for result in self.results if not result.released))
