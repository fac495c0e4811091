"""What is to be done about a case next, each with the exact commands: the most pressing first."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lambdas.domain.case.case import CaseFile, Standing, State, missing

# Still held as containing left them.
_HELD = {Standing.CONTAINED, Standing.BROKEN}


class ToDo(StrEnum):
    """What a person may have to do; each language has words for it."""

    CONTAIN = "contain"
    DECIDE = "decide"
    CHECK = "check"  # whether the mail is from AWS
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    RELEASE = "release"
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do about the case, or about one instance of it."""

    what: ToDo
    about: str
    commands: tuple[str, ...]


def tasks(case: CaseFile, regions: Mapping[str, str]) -> list[Task]:
    """The tasks of a case, as `missing` names them, then what may be done when the cause is gone.

    `regions` are those of its instances, where they are known.
    """
    desk, left = "python -m desk", missing(case)
    found = []
    for word in left:
        what, _, about = word.partition(" ")
        match ToDo(what):
            case ToDo.CONTAIN:
                region = regions.get(about)
                stop = f"aws ec2 stop-instances --region {region} --instance-ids {about}" if region else ""
                found.append(Task(ToDo.CONTAIN, about, (stop,) if stop else ()))
            case ToDo.DECIDE:
                commands = tuple(f"{desk} {verb} {case.id} {about}" for verb in ("approve", "decline"))
                found.append(Task(ToDo.DECIDE, about, commands))
            case ToDo.ACKNOWLEDGE:
                found.append(Task(ToDo.ACKNOWLEDGE, "", (f"{desk} ack {case.id}",)))
            case ToDo.ANSWER if case.proven:
                found.append(Task(ToDo.ANSWER, "", (f"{desk} reply {case.id}", f"{desk} replied {case.id}")))
            case ToDo.ANSWER:
                found.append(Task(ToDo.CHECK, "", (f"{desk} close {case.id}",)))
    if case.state is not State.CLOSED:
        held = [one for one, standing in case.instances.items() if standing in _HELD]
        found += [Task(ToDo.RELEASE, one, (f"{desk} release {case.id} {one}",)) for one in held]
        if case.state in {State.RESOLVED, State.ANSWERED}:
            found.append(Task(ToDo.CLOSE, "", (f"{desk} close {case.id}",)))
    return sorted(found, key=lambda task: list(ToDo).index(task.what))
