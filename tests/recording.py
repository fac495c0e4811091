"""Every AWS call that the handlers make, with the step that made it; and a way to get in between.

    with recording(Invocation("contain", "Quarantine network")) as calls:
        handler(event, context)
    calls[0].operation, calls[0].parameters, calls[0].error

tests/execution.py does this for a whole state machine. Importing this changes botocore and the thread pool once;
as long as nothing is recorded, that has no effect.
"""

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar, copy_context
from dataclasses import dataclass, field
from functools import wraps
from typing import Any

from botocore.client import BaseClient
from botocore.exceptions import ClientError

Look = Callable[["Call"], None]


class Ended(BaseException):
    """The function ends here, whatever it catches: none of its threads makes a call any more."""


class Died(Ended):
    """Its process is gone."""


class TimedOut(Ended):
    """Lambda has stopped it, as its time is over."""


class TimedOutForTheState(Ended):
    """The state waits for it no longer."""


@dataclass(eq=False)
class Invocation:
    """One call of a function by a state."""

    function: str  # "contain"
    step: str  # the state's name
    item: int | None = None  # which item of the Map, from 0
    attempt: int = 1
    event: dict[str, Any] = field(default_factory=dict, repr=False)
    start: float = 0.0
    end: float = 0.0
    result: Any = field(default=None, repr=False)
    error: tuple[str, str] | None = None  # as Step Functions gets it: Error, Cause
    over: Ended | None = None


@dataclass(eq=False)
class Call:
    """One call of AWS, with all that boto3 tries again within it. The times are those of `time.monotonic`."""

    invocation: Invocation
    service: str  # as boto3 names it: "ec2"
    region: str
    operation: str  # as the API names it: "DescribeInstances"
    parameters: dict[str, Any]
    nth: int  # of this operation in this invocation, from 1
    start: float
    end: float = 0.0
    inside: float = 0.0  # seconds in which Moto was at it
    answer: dict[str, Any] | None = field(default=None, repr=False)
    error: BaseException | None = None
    client: Any = field(default=None, repr=False)

    @property
    def function(self) -> str:
        return self.invocation.function

    @property
    def step(self) -> str:
        return self.invocation.step

    def refuse(self, code: str, words: str = "said AWS", status: int = 400) -> ClientError:
        """The error that boto3 raises when AWS answers with this code: `raise call.refuse("AccessDenied")`."""
        answer = {"Error": {"Code": code, "Message": words}, "ResponseMetadata": {"HTTPStatusCode": status}}
        error: type[ClientError] = self.client.exceptions.from_code(code)
        return error(answer, self.operation)

    def carry_out(self) -> None:
        """Do what is asked, once more where it was done: as boto3 does by itself when an answer does not come."""
        with _one_at_a_time:
            started = time.monotonic()
            try:
                self.answer = _call_as_it_comes(self.client, self.operation, self.parameters)
            finally:
                self.inside += time.monotonic() - started


@dataclass
class _Recorder:
    calls: list[Call]
    before: Look | None
    after: Look | None
    counting: threading.Lock = field(default_factory=threading.Lock)


_recorder: ContextVar[_Recorder | None] = ContextVar("recorder", default=None)
_invocation: ContextVar[Invocation | None] = ContextVar("invocation", default=None)
# Moto's models are not made for several threads.
_one_at_a_time = threading.RLock()


@contextmanager
def recording(
    invocation: Invocation | None = None, *, before: Look | None = None, after: Look | None = None
) -> Iterator[list[Call]]:
    """Record the calls that are made for invocations, in the order in which they start.

    `before` is called with each call before it is carried out and may raise what the caller shall get instead;
    `after` when it has been carried out. Both are called in the caller's thread, several at once, and may sleep.
    """
    calls: list[Call] = []
    recorder = _recorder.set(_Recorder(calls, before, after))
    try:
        if invocation is None:
            yield calls
        else:
            with made_by(invocation):
                yield calls
    finally:
        _recorder.reset(recorder)


@contextmanager
def made_by(invocation: Invocation) -> Iterator[None]:
    """Whatever is called in here, also by the threads of a pool, is called for this invocation."""
    token = _invocation.set(invocation)
    invocation.start = time.monotonic()
    try:
        yield
    finally:
        invocation.end = time.monotonic()
        _invocation.reset(token)


def _begun(recorder: _Recorder, invocation: Invocation, client: Any, operation: str, parameters: Any) -> Call:
    with recorder.counting:
        service = client.meta.service_model.service_name
        nth = 1 + sum(
            one.invocation is invocation and (one.service, one.operation) == (service, operation)
            for one in recorder.calls
        )
        call = Call(
            invocation,
            service,
            client.meta.region_name,
            operation,
            dict(parameters),
            nth,
            time.monotonic(),
            client=client,
        )
        recorder.calls.append(call)
    return call


_call_as_it_comes = BaseClient._make_api_call
_submit_as_it_comes = ThreadPoolExecutor.submit


@wraps(_call_as_it_comes)
def _make_api_call(client, operation, parameters):
    recorder, invocation = _recorder.get(), _invocation.get()
    if recorder is None or invocation is None:
        return _call_as_it_comes(client, operation, parameters)
    if invocation.over:
        raise invocation.over
    call = _begun(recorder, invocation, client, operation, parameters)
    try:
        if recorder.before:
            recorder.before(call)
        call.carry_out()
        if recorder.after:
            recorder.after(call)
    except BaseException as error:
        call.error = error
        if isinstance(error, Ended):
            invocation.over = error
        raise
    finally:
        call.end = time.monotonic()
    return call.answer


@wraps(_submit_as_it_comes)
def _submit(pool, function, /, *args, **kwargs):
    """A thread of a pool belongs to whoever gave it the work; context variables do not say so by themselves."""
    if _recorder.get() is None:
        return _submit_as_it_comes(pool, function, *args, **kwargs)
    return _submit_as_it_comes(pool, copy_context().run, function, *args, **kwargs)


BaseClient._make_api_call = _make_api_call
ThreadPoolExecutor.submit = _submit
