"""One thing that a release looks at, and the verdict on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from lambdas.domain.phrase import QUOTED, Said, said, several


class Part(StrEnum):
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
    TAGS = "Take tags off"


VERIFY = "Verify release"
# What is done about one instance.
STEPS: tuple[str, ...] = (*Part, VERIFY)


# What an action is about where a whole part cannot be read, or, as the only one, nothing can be put back at all.
EVERYTHING = said("thing:everything")


class Verdict(StrEnum):
    """What becomes of one part."""

    PUT_BACK = "put back"  # it stands as containing left it, or an admin forces it
    NOTHING = "nothing to do"  # it stands as before
    LEFT = "left"  # somebody changed it since
    CANNOT = "cannot"


@dataclass(frozen=True, slots=True)
class Call:
    """One call of boto3 that puts something back; `operation` is the name of the client's method."""

    service: str
    operation: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Action:
    """One thing that a release looks at. `before`, `left` and `now` are its values, None where it has none.

    `call` is what puts it back; None where nothing is to be done, and for credentials, which take several calls.
    """

    part: Part
    what: Said
    before: Said | None
    left: Said | None
    now: Said | None
    verdict: Verdict
    reason: Said | None = None
    call: Call | None = None

    def to_json(self) -> dict[str, Any]:
        """The action as JSON for the state machine, the case and the desk, without its call."""
        return {
            "part": str(self.part),
            "what": _to_json(self.what),
            "before": _to_json(self.before),
            "left": _to_json(self.left),
            "now": _to_json(self.now),
            "verdict": str(self.verdict),
            "reason": _to_json(self.reason),
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "Action":
        """The action that `to_json` was made of, without its call. The words of an older one are quoted."""
        return cls(
            part=Part(data["part"]),
            what=Said.from_json(data["what"]),
            before=_from_json(data["before"]),
            left=_from_json(data["left"]),
            now=_from_json(data["now"]),
            verdict=Verdict(data["verdict"]),
            reason=_from_json(data["reason"]),
        )


def outstanding(actions: Iterable[Action]) -> list[Action]:
    """What is still to be put back."""
    return [action for action in actions if action.verdict is Verdict.PUT_BACK]


def withheld(actions: Iterable[Action]) -> list[Action]:
    """What keeps an instance from being called released: the outstanding, and an interface that stays in quarantine."""
    return [
        action
        for action in actions
        if action.verdict is Verdict.PUT_BACK
        or (action.part is Part.NETWORK and action.verdict is Verdict.CANNOT and action.now)
    ]


def judged(
    part: Part,
    what: Said,
    values: tuple[Said, Said | None, Said],
    *,
    as_before: bool,
    as_left: bool,
    force: bool,
    call: Call | None = None,
    cannot: Said | None = None,
    note: Said | None = None,
) -> Action:
    """The verdict on one thing. `values` are before, left and now; `cannot` is why it could not be put back."""
    if as_before:
        return Action(part, what, *values, Verdict.NOTHING)
    if not (as_left or force):
        return Action(part, what, *values, Verdict.LEFT, said("release:changed"))
    if cannot:
        return Action(part, what, *values, Verdict.CANNOT, cannot)
    forced = None if as_left else said("release:forced")
    reason = several(forced, note) if forced or note else None
    return Action(part, what, *values, Verdict.PUT_BACK, reason, call)


def cannot(part: Part, reason: Said | None, what: Said = EVERYTHING) -> Action:
    """What cannot be put back, whatever is forced."""
    return Action(part, what, None, None, None, Verdict.CANNOT, reason)


def since(part: Part, what: Said, now: Said, reason: Said) -> Action:
    """What came since, and has no state before: it stays, whatever is forced."""
    return Action(part, what, None, None, now, Verdict.LEFT, reason)


def _to_json(one: Said | None) -> Any:
    """Mere words as themselves: what is known of several instances has to fit through Step Functions."""
    if one is None:
        return ""
    return one.facts["words"] if one.key == QUOTED else one.to_json()


def _from_json(data: Any) -> Said | None:
    return Said.from_json(data) if data else None
