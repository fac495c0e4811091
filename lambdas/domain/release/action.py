"""One thing that a release checks, with its verdict."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lambdas.domain.phrase import VERBATIM, Phrase, combined, phrase


class ReleasePart(StrEnum):
    """The parts of a release by the steps that put them back, in the order in which they are taken.

    Credentials come before the network: IAM takes seconds to spread a change, and a program that finds its network
    open and its rights still denied fails, while one with rights and no network reaches nobody. So wherever a release
    ends early, the instance is contained or whole. Auto Scaling and load balancers judge the instance by its health,
    so they follow the network. What keeps the evidence is given up when all that has gone well, and the tags, which
    say that a case holds the instance, go last.
    """

    CREDENTIALS = "Put back credentials"
    NETWORK = "Put back network"
    AUTO_SCALING = "Put back Auto Scaling"
    LOAD_BALANCERS = "Put back load balancers"
    PROTECTION = "Put back protection"
    TAGS = "Remove tags"


VERIFY = "Verify release"
# What is done about one instance.
STEPS: tuple[str, ...] = (*ReleasePart, VERIFY)


# The subject of an action if a whole part cannot be read, or if nothing at all can be put back.
WHOLE_INSTANCE = phrase("thing:everything")


class ReleaseVerdict(StrEnum):
    """What becomes of one part."""

    PUT_BACK = "put back"  # it is as containment left it, or an admin forces it
    NOTHING = "nothing to do"  # it is as before
    LEFT = "left"  # somebody changed it since
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class AwsCall:
    """One call of boto3 that puts something back; `operation` is the name of the client's method."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ReleaseAction:
    """One thing that a release looks at. `before`, `contained` and `now` are its values, None where it has none.

    `call` is what puts it back; None where nothing is to be done, and for credentials, which take several calls.
    """

    part: ReleasePart
    what: Phrase
    before: Phrase | None
    contained: Phrase | None
    now: Phrase | None
    verdict: ReleaseVerdict
    reason: Phrase | None = None
    call: AwsCall | None = None

    def to_json(self) -> dict[str, Any]:
        """The action as JSON for the state machine, the case and the desk, without its call."""
        return {
            "part": str(self.part),
            "what": _to_json(self.what),
            "before": _to_json(self.before),
            "contained": _to_json(self.contained),
            "now": _to_json(self.now),
            "verdict": str(self.verdict),
            "reason": _to_json(self.reason),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "ReleaseAction":
        """The action that `to_json` was made of, without its call. The words of an older one are quoted."""
        return cls(
            part=ReleasePart(data["part"]),
            what=Phrase.from_json(data["what"]),
            before=_from_json(data["before"]),
            contained=_from_json(data["contained"]),
            now=_from_json(data["now"]),
            verdict=ReleaseVerdict(data["verdict"]),
            reason=_from_json(data["reason"]),
        )


def outstanding(actions: Iterable[ReleaseAction]) -> list[ReleaseAction]:
    """What is still to be put back."""
    return [action for action in actions if action.verdict is ReleaseVerdict.PUT_BACK]


def blocking_actions(actions: Iterable[ReleaseAction]) -> list[ReleaseAction]:
    """What keeps an instance from being called released: the outstanding, and an interface that stays in quarantine."""
    return [
        action
        for action in actions
        if action.verdict is ReleaseVerdict.PUT_BACK
        or (action.part is ReleasePart.NETWORK and action.verdict is ReleaseVerdict.CANNOT and action.now)
    ]


def judge(
    part: ReleasePart,
    what: Phrase,
    values: tuple[Phrase, Phrase | None, Phrase],
    *,
    as_before: bool,
    as_contained: bool,
    force: bool,
    call: AwsCall | None = None,
    cannot: Phrase | None = None,
    note: Phrase | None = None,
) -> ReleaseAction:
    """The verdict on one thing. `values` are before, contained and now; `cannot` is why it could not be put back."""
    if as_before:
        return ReleaseAction(part, what, *values, ReleaseVerdict.NOTHING)
    if not (as_contained or force):
        return ReleaseAction(part, what, *values, ReleaseVerdict.LEFT, phrase("release:changed"))
    if cannot:
        return ReleaseAction(part, what, *values, ReleaseVerdict.CANNOT, cannot)
    forced = None if as_contained else phrase("release:forced")
    reason = combined(forced, note) if forced or note else None
    return ReleaseAction(part, what, *values, ReleaseVerdict.PUT_BACK, reason, call)


def cannot(part: ReleasePart, reason: Phrase | None, what: Phrase = WHOLE_INSTANCE) -> ReleaseAction:
    """What cannot be put back, even by force."""
    return ReleaseAction(part, what, None, None, None, ReleaseVerdict.CANNOT, reason)


def added_since(part: ReleasePart, what: Phrase, now: Phrase, reason: Phrase) -> ReleaseAction:
    """What was added since containment: it stays, even by force."""
    return ReleaseAction(part, what, None, None, now, ReleaseVerdict.LEFT, reason)


def _to_json(value: Phrase | None) -> Any:
    """Mere words as themselves: what is known of several instances has to fit through Step Functions."""
    if value is None:
        return ""
    return value.values["words"] if value.key == VERBATIM else value.to_json()


def _from_json(data: Any) -> Phrase | None:
    return Phrase.from_json(data) if data else None
