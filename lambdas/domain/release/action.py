"""One thing that a release looks at, and the verdict on it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


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
EVERYTHING = "everything"


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
    """One thing that a release looks at. `before`, `left` and `now` are its values in words.

    `call` is what puts it back; None where nothing is to be done, and for credentials, which take several calls.
    """

    part: Part
    what: str
    before: str
    left: str
    now: str
    verdict: Verdict
    reason: str = ""
    call: Call | None = None

    def to_json(self) -> dict[str, str]:
        """The action as JSON for the state machine, the case and the desk, without its call."""
        return {name: str(getattr(self, name)) for name in self.__slots__ if name != "call"}

    @classmethod
    def from_json(cls, data: Mapping[str, str]) -> "Action":
        """The action that `to_json` was made of, without its call."""
        return cls(
            part=Part(data["part"]),
            what=data["what"],
            before=data["before"],
            left=data["left"],
            now=data["now"],
            verdict=Verdict(data["verdict"]),
            reason=data["reason"],
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
    what: str,
    values: tuple[str, str, str],
    *,
    as_before: bool,
    as_left: bool,
    force: bool,
    call: Call | None = None,
    cannot: str = "",
    note: str = "",
) -> Action:
    """The verdict on one thing. `values` are before, left and now; `cannot` is why it could not be put back."""
    if as_before:
        return Action(part, what, *values, Verdict.NOTHING)
    if not (as_left or force):
        return Action(part, what, *values, Verdict.LEFT, "changed since; forced, it is put back as well")
    if cannot:
        return Action(part, what, *values, Verdict.CANNOT, cannot)
    forced = "" if as_left else "changed since, and forced"
    return Action(part, what, *values, Verdict.PUT_BACK, "; ".join(filter(None, (forced, note))), call)


def cannot(part: Part, reason: str, what: str = EVERYTHING) -> Action:
    """What cannot be put back, whatever is forced."""
    return Action(part, what, "", "", "", Verdict.CANNOT, reason)


def since(part: Part, what: str, now: str, reason: str) -> Action:
    """What came since, and has no state before: it stays, whatever is forced."""
    return Action(part, what, "", "", now, Verdict.LEFT, reason)
