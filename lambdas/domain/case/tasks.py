"""The next tasks of a case with their exact commands, the most urgent first."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lambdas.domain.case.case import Case, CaseState, InstanceStatus, open_tasks

# Not released yet.
_HELD = {InstanceStatus.CONTAINED, InstanceStatus.BROKEN}


class TaskKind(StrEnum):
    """What a person may have to do; each language has words for it."""

    CONTAIN = "contain"
    DECIDE = "decide"
    CHECK = "check"  # whether the mail is from AWS
    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    RELEASE = "release"
    DECIDE_UNPROVEN = "decide_unproven"  # about what an unproven mail asks in a proven case
    CLOSE = "close"


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do about the case, or about one instance of it."""

    kind: TaskKind
    resource: str
    commands: tuple[str, ...]


def tasks(case: Case, regions: Mapping[str, str]) -> list[Task]:
    """The open tasks of a case, then what is possible once the cause is fixed. `regions` are its instances' Regions."""
    desk, found = "python -m desk", []
    for task in open_tasks(case):
        kind, _, resource = task.partition(" ")
        match TaskKind(kind):
            case TaskKind.CONTAIN:
                region = regions.get(resource)
                stop = f"aws ec2 stop-instances --region {region} --instance-ids {resource}" if region else ""
                found.append(Task(TaskKind.CONTAIN, resource, (stop,) if stop else ()))
            case TaskKind.DECIDE:
                found.append(Task(TaskKind.DECIDE, resource, _decide(case, resource)))
            case TaskKind.ACKNOWLEDGE:
                found.append(Task(TaskKind.ACKNOWLEDGE, "", (f"{desk} ack {case.id}",)))
            case TaskKind.ANSWER if case.proven:
                found.append(Task(TaskKind.ANSWER, "", (f"{desk} reply {case.id}", f"{desk} replied {case.id}")))
            case TaskKind.ANSWER:
                found.append(Task(TaskKind.CHECK, "", (f"{desk} close {case.id}",)))
    if case.proven and not case.has_ended:
        asked = [instance for instance in case.unproven_questions if instance not in {task.resource for task in found}]
        found += [Task(TaskKind.DECIDE_UNPROVEN, instance, _decide(case, instance)) for instance in asked]
    if case.state is not CaseState.CLOSED:
        held = [instance for instance, status in case.instances.items() if status in _HELD]
        found += [Task(TaskKind.RELEASE, instance, (f"{desk} release {case.id} {instance}",)) for instance in held]
        if case.state in {CaseState.RESOLVED, CaseState.ANSWERED}:
            found.append(Task(TaskKind.CLOSE, "", (f"{desk} close {case.id}",)))
    return sorted(found, key=lambda task: list(TaskKind).index(task.kind))


def _decide(case: Case, instance_id: str) -> tuple[str, ...]:
    return tuple(f"python -m desk {verb} {case.id} {instance_id}" for verb in ("approve", "decline"))
