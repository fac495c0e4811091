"""The whole sweep: which calls there are, what each fault at each of them leads to."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from tests.execution import Execution
from tests.sweep.faults import FAULTS, Place
from tests.sweep.laws import broken, not_converged, report, says_contained, steps_in
from tests.sweep.stage import DEFINITION, FIRST, FIRST_AGAIN, FOLLOW_UP, stage

Case = tuple[int, Place, str]  # its number, the call and the name of the fault
_BY_NAME = {fault.name: fault for fault in FAULTS}


@dataclass(frozen=True)
class Result:
    """What became of one response, and which laws it broke."""

    place: Place
    fault: str
    sign: str
    broken: tuple[str, ...]


# How the case comes up again: AWS writes once more, the same mail comes in under another key, or an admin starts the
# execution once more.
WAYS_ON = ((FOLLOW_UP, "two"), (FIRST_AGAIN, "again"), (FIRST, "by-hand"))
# What the table shows of a response, in the order of its legend.
SIGNS = {
    "C": "contained, every step done",
    "c": "contained, and the report names a step that failed",
    "?": "contained, but not read back: the report says that it is not known",
    "n": "not contained, and the report says so",
    "a": "no report could be sent: the execution failed, which raises the alarm",
    "k": "a law is broken, as KNOWN says",
    "!": "A LAW IS BROKEN",
}
# What is known to break a law, and why it stands.
KNOWN: tuple[tuple[str, str, set[str]], ...] = ()


def places() -> list[Place]:
    """Every call that a response makes which nothing disturbs, in a fixed order.

    Of the calls of one operation in one step the first two stand for the others: a line of code makes them all.
    """
    execution, wrong = _undisturbed()
    if wrong:
        raise AssertionError(f"undisturbed, the response already breaks: {wrong}")
    order = {step: number for number, step in enumerate(_steps(DEFINITION))}
    return sorted(
        {Place.of(call) for call in execution.calls if call.nth <= 2}, key=lambda place: (order[place.step], place)
    )


def _steps(level: dict[str, Any]) -> Iterator[str]:
    """The states as the definition has them: what runs side by side is entered in any order."""
    for name, state in level["States"].items():
        yield name
        for inner in (*state.get("Branches", ()), *([state["ItemProcessor"]] if "ItemProcessor" in state else ())):
            yield from _steps(inner)


def _undisturbed() -> tuple[Execution, list[str]]:
    with stage() as there:
        execution = there.play(FIRST)
        wrong = [*broken(there, execution), *not_converged(there, execution, execution)]
    return execution, wrong


def cases(found: Sequence[Place]) -> list[Case]:
    """Each fault at each call. A right that is missing is missing at the first use as at the second."""
    every = [
        (place, fault)
        for place in found
        for fault in FAULTS
        if not fault.everywhere or place == _first_use(place, found)
    ]
    return [(number, place, fault.name) for number, (place, fault) in enumerate(every)]


def _first_use(place: Place, found: Sequence[Place]) -> Place:
    same = (place.function, place.service, place.operation)
    return next(finding for finding in found if (finding.function, finding.service, finding.operation) == same)


def sample(every: Sequence[Case], size: int) -> list[Case]:
    """About so many of them, always the same: of each fault as many, at calls that lie evenly apart."""
    turns = max(size // len(FAULTS), 1)
    chosen = []
    for number, fault in enumerate(FAULTS):
        of_fault = [case for case in every if case[2] == fault.name]
        chosen += [of_fault[(turn * len(of_fault) // turns + 37 * number) % len(of_fault)] for turn in range(turns)]
    return sorted(set(chosen))


def run(case: Case) -> Result:
    """One fault in one response; then the same case comes up again, by AWS's next mail or by hand."""
    number, place, fault = case
    with stage() as there:
        first = there.play(FIRST, **_BY_NAME[fault].at(place))
        wrong = [*broken(there, first)]
        if not _BY_NAME[fault].lasts and not there.quarantined():
            wrong.append("a fault that passes kept it from being contained")
        sign = _sign(there.quarantined(), report(first), first.status)
        there.let_ten_minutes_pass()
        again = there.play(*WAYS_ON[number % len(WAYS_ON)])
        wrong += [f"then {words}" for words in (*broken(there, again), *not_converged(there, first, again))]
    known = any(
        (place.step, place.operation) == (step, operation) and fault in names for step, operation, names in KNOWN
    )
    return Result(place, fault, ("k" if known else "!") if wrong else sign, () if known else tuple(wrong))


def _sign(quarantined: bool, text: str, status: str) -> str:
    if status != "SUCCEEDED":
        return "a"
    if not quarantined:
        return "n"
    if not says_contained(text):
        return "?"
    return "c" if "FAILED" in steps_in(text).values() else "C"


def table(results: Sequence[Result]) -> str:
    """A row a call, a column a fault."""
    signs = {(result.place, result.fault): result.sign for result in results}
    rows = dict.fromkeys(result.place for result in results)
    width = max(len(str(place)) for place in rows)
    lines = [f"{'':{width}}  {' '.join(chr(ord('a') + n) for n in range(len(FAULTS)))}"]
    lines += [
        f"{place!s:{width}}  {' '.join(signs.get((place, fault.name), ' ') for fault in FAULTS)}" for place in rows
    ]
    lines += ["", *(f"  {chr(ord('a') + n)}  {fault.name}" for n, fault in enumerate(FAULTS)), ""]
    lines += [f"  {sum(result.sign == sign for result in results):5}  {sign}  {words}" for sign, words in SIGNS.items()]
    lines += [f"  {len(results):5}     in all"]
    return "\n".join(lines)
