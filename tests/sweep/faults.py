"""The ways in which one AWS call can go wrong."""

from collections.abc import Callable
from dataclasses import dataclass

from botocore.exceptions import ReadTimeoutError

from tests.recording import Call, Died, TimedOut, TimedOutForTheState

_THROTTLED = {"ec2": ("RequestLimitExceeded", 503), "s3": ("SlowDown", 503), "dynamodb": ("ThrottlingException", 400)}
_DENIED = {
    "ec2": ("UnauthorizedOperation", 403),
    "dynamodb": ("AccessDeniedException", 400),
    "sns": ("AuthorizationError", 403),
}
_INTERNAL = {"dynamodb": ("InternalServerError", 500), "ec2": ("InternalError", 500), "s3": ("InternalError", 500)}


@dataclass(frozen=True, order=True)
class Place:
    """One call of a response that nothing disturbs."""

    function: str
    step: str
    service: str
    operation: str
    nth: int

    def is_of(self, call: Call) -> bool:
        return Place.of(call) == self

    @classmethod
    def of(cls, call: Call) -> "Place":
        return cls(call.function, call.step, call.service, call.operation, call.nth)

    def __str__(self) -> str:
        return f"{self.step}: {self.service} {self.operation} {self.nth}"


@dataclass(frozen=True)
class Fault:
    """What happens at the call: instead of it (`before`) or when it has been carried out (`after`).

    A fault that lasts hits each try of the step, another one the first alone. boto3's own tries all fail within one.
    """

    name: str
    before: Callable[[Call], None] | None = None
    after: Callable[[Call], None] | None = None
    lasts: bool = False
    everywhere: bool = False  # hits the operation wherever the function uses it, as a right that is missing does

    def at(self, place: Place) -> dict[str, Callable[[Call], None]]:
        """The hooks that let it happen there: `execute(…, **fault.at(place))`."""

        def only_there(happen: Callable[[Call], None]) -> Callable[[Call], None]:
            def hook(call: Call) -> None:
                there = self._everywhere(place, call) if self.everywhere else place.is_of(call)
                if there and (self.lasts or call.invocation.attempt == 1):
                    happen(call)

            return hook

        hooks = {"before": self.before, "after": self.after}
        return {name: only_there(happen) for name, happen in hooks.items() if happen}

    @staticmethod
    def _everywhere(place: Place, call: Call) -> bool:
        wanted = (place.function, place.service, place.operation)
        return (call.function, call.service, call.operation) == wanted


def _refused(codes: dict[str, tuple[str, int]], otherwise: tuple[str, int]) -> Callable[[Call], None]:
    def refuse(call: Call) -> None:
        code, status = codes.get(call.service, otherwise)
        raise call.refuse(code, status=status)

    return refuse


def _no_answer(call: Call) -> None:
    raise ReadTimeoutError(endpoint_url=f"https://{call.service}.{call.region}.amazonaws.com/")


def _asked_again(call: Call) -> None:
    """boto3 asks again where an answer does not come; EC2 takes one snapshot of a volume in 15 seconds.

    https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSnapshot.html
    """
    if call.operation in {"CreateSnapshot", "CreateSnapshots"}:
        raise call.refuse("SnapshotCreationPerVolumeRateExceeded")
    call.carry_out()


def _ends(error: type[BaseException]) -> Callable[[Call], None]:
    def end(_: Call) -> None:
        raise error

    return end


_throttled = _refused(_THROTTLED, ("Throttling", 400))
_denied = _refused(_DENIED, ("AccessDenied", 403))

FAULTS = (
    Fault("throttled", before=_throttled),
    Fault("throttled for good", before=_throttled, lasts=True),
    Fault("denied", before=_denied, lasts=True),
    Fault("denied wherever it is used", before=_denied, lasts=True, everywhere=True),
    Fault("internal error", before=_refused(_INTERNAL, ("InternalFailure", 500))),
    Fault("not carried out, no answer", before=_no_answer),
    Fault("carried out, no answer", after=_no_answer),
    Fault("carried out, never an answer", after=_no_answer, lasts=True),
    Fault("carried out twice, as boto3 asks again", after=_asked_again),
    Fault("carried out, then the function's time is over", after=_ends(TimedOut)),
    Fault("carried out, then the state's time is over, each time", after=_ends(TimedOutForTheState), lasts=True),
    Fault("carried out, then the process dies", after=_ends(Died)),
    Fault("carried out, then the process dies, each time", after=_ends(Died), lasts=True),
)
