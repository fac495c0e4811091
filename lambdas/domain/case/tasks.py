"""What is to be done about a case next, each with the exact commands: the most pressing first."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lambdas.domain.case.case import Case, CaseState, InstanceStatus, open_tasks

# Still held as containing left them.
_HELD = {InstanceStatus.CONTAINED, InstanceStatus.BROKEN}


class TaskKind(StrEnum):
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

    kind: TaskKind
    resource: str
    commands: tuple[str, ...]


def tasks(case: Case, regions: Mapping[str, str]) -> list[Task]:
    """The tasks of a case, as `open_tasks` names them, then what may be done when the cause is gone.

    `regions` are those of its instances, where they are known.
    """
    desk, left = "python -m desk", open_tasks(case)
    found = []
    for word in left:
        what, _, about = word.partition(" ")
        match TaskKind(what):
            case TaskKind.CONTAIN:
                region = regions.get(about)
                stop = f"aws ec2 stop-instances --region {region} --instance-ids {about}" if region else ""
                found.append(Task(TaskKind.CONTAIN, about, (stop,) if stop else ()))
            case TaskKind.DECIDE:
                commands = tuple(f"{desk} {verb} {case.id} {about}" for verb in ("approve", "decline"))
                found.append(Task(TaskKind.DECIDE, about, commands))
            case TaskKind.ACKNOWLEDGE:
                found.append(Task(TaskKind.ACKNOWLEDGE, "", (f"{desk} ack {case.id}",)))
            case TaskKind.ANSWER if case.proven:
                found.append(Task(TaskKind.ANSWER, "", (f"{desk} reply {case.id}", f"{desk} replied {case.id}")))
            case TaskKind.ANSWER:
                found.append(Task(TaskKind.CHECK, "", (f"{desk} close {case.id}",)))
    if case.state is not CaseState.CLOSED:
        held = [one for one, standing in case.instances.items() if standing in _HELD]
        found += [Task(TaskKind.RELEASE, one, (f"{desk} release {case.id} {one}",)) for one in held]
        if case.state in {CaseState.RESOLVED, CaseState.ANSWERED}:
            found.append(Task(TaskKind.CLOSE, "", (f"{desk} close {case.id}",)))
    return sorted(found, key=lambda task: list(TaskKind).index(task.kind))
