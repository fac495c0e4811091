"""What must hold of a response, whatever goes wrong within it."""

import re
from collections.abc import Callable, Iterator

from lambdas.domain.instance.tags import QUARANTINE, ROLE_TAG
from tests.execution import Execution
from tests.sweep.stage import Stage

# An end of an execution whose message cannot be sent; an alarm tells the admins.
_UNTOLD = "FAILED"
_STEP = re.compile(r"^  (done|FAILED|skipped) +([A-Z][A-Za-z -]+?): ", re.MULTILINE)
_NEVER = re.compile(
    "Terminate|Delete|Stop|Start|Reboot|Release|Register|ExitStandby|AttachInstances|Detach(Volume|Network|RolePolicy)"
    "|Disassociate|Untag|Authorize"
)


def report(execution: Execution) -> str:
    """The last mail to the admins that tells how it ended; empty where there is none."""
    mails = [
        message.text
        for message in execution.messages
        if message.channel == "email" and message.step != "Send first alert"
    ]
    return mails[-1] if mails else ""


def says_contained(text: str) -> bool:
    return ": CONTAINED, read back" in text


def steps_in(text: str) -> dict[str, str]:
    """Each step that a report names, with what it says became of it."""
    return {name: outcome for outcome, name in _STEP.findall(text)}


def broken(stage: Stage, execution: Execution) -> Iterator[str]:
    """What does not hold after one execution, in words."""
    text, quarantined = report(execution), stage.quarantined()
    if execution.status != "SUCCEEDED" and not (execution.status == _UNTOLD and execution.error == "AdminsNotTold"):
        yield f"the execution ended as {execution.status} {execution.error}: {execution.cause}"
    if execution.status == "SUCCEEDED" and not text:
        yield "nobody was told"
    if says_contained(text) and not quarantined:
        yield "the report says contained, EC2 does not show it"
    if quarantined and text and not says_contained(text) and not _unread(execution):
        yield "EC2 shows the quarantine, the report does not say it though it was read back"
    yield from _untrue_steps(stage, execution, text)
    yield from _undone(stage, execution)
    yield from _double(stage)


def _unread(execution: Execution) -> bool:
    """Whether the quarantine could not be read back, or its being read back could not be handed on."""
    tries = execution.attempts("Verify quarantine")
    return not tries or tries[-1].error is not None


def _untrue_steps(stage: Stage, execution: Execution, text: str) -> Iterator[str]:
    said = steps_in(text)
    for name, outcome in said.items():
        if outcome == "done" and name in SHOWS and not SHOWS[name](stage):
            yield f"{name} is said to be done, AWS does not show it"
    last = {
        invocation.step: invocation
        for invocation in execution.invocations
        if invocation.function == "contain" and invocation.item is not None
    }
    for name, step in last.items():
        failed = step.error is not None or (step.result or {}).get("outcome") == "failed"
        if text and failed and said.get(name) != "FAILED":
            yield f"{name} failed, the report says {said.get(name, 'nothing of it')}"
        if text and not failed and said.get(name) == "FAILED":
            yield f"{name} was done, the report says that it failed"


def _undone(stage: Stage, execution: Execution) -> Iterator[str]:
    ours = {
        group["GroupId"]
        for group in stage.fleet.ec2.describe_security_groups(
            Filters=[{"Name": f"tag:{ROLE_TAG}", "Values": [QUARANTINE]}]
        )["SecurityGroups"]
    }
    for call in execution.calls:
        if _NEVER.match(call.operation):
            yield f"{call.step} called {call.operation}"
        if call.operation == "ModifyNetworkInterfaceAttribute" and set(call.parameters.get("Groups", ())) - ours:
            yield f"{call.step} gave {call.parameters['NetworkInterfaceId']} the groups {call.parameters['Groups']}"
    now = stage.fleet.now()
    if now.state != "running":
        yield f"the instance is {now.state}"
    for interface, groups in stage.fleet.carried().items():
        if set(groups) - ours and list(groups) != stage.groups_before[interface]:
            yield f"{interface} carries {groups}"


def _double(stage: Stage) -> Iterator[str]:
    snapshots, filed = stage.snapshots(), stage.filed_before_states()
    if len(snapshots) != len(set(snapshots)):
        yield f"{len(snapshots)} snapshots of {len(set(snapshots))} volume(s)"
    if len(filed) > 1:
        yield f"the before-state was filed {len(filed)} times"
    for state in [*stage.kept_before_states(), *filed]:
        if state["before"]["instance"] != stage.before:
            yield f"the before-state shows {state['before']['instance']}, it was {stage.before}"
        protected = state["before"]["termination_protection"]
        if protected or (protected is None and not state["before"]["unread"]):
            yield f"the before-state shows termination protection {protected}"


def not_converged(stage: Stage, first: Execution, again: Execution) -> Iterator[str]:
    """What is still not as it should be when the faults have ended and the case has come up once more."""
    text = report(again)
    # What has led to the containment is told as dealt with when it comes in once more.
    known = "this same notice was acted on before" in text and not _unread(first)
    if not stage.quarantined() or not (says_contained(text) or known):
        yield "not contained the second time"
    if stage.snapshots() != stage.volumes and not known:
        yield f"the second time there are snapshots of {stage.snapshots()} for {stage.volumes}"
    unwritten = not stage.kept_before_states()
    if unwritten and steps_in(report(first)).get("Write before-state") == "done":
        yield "the before-state was never written, though it was reported as done"
    for name, outcome in steps_in(text).items():
        if outcome == "FAILED" and not (unwritten and name == "Write before-state"):
            yield f"{name} failed the second time, though nothing was wrong any more"


# What AWS shows when a step is done.
SHOWS: dict[str, Callable[[Stage], bool]] = {
    "Write before-state": lambda stage: len(stage.kept_before_states()) == 1,
    "Start snapshots": lambda stage: set(stage.snapshots()) == set(stage.volumes),
    "Quarantine network": Stage.quarantined,
    "Verify quarantine": Stage.quarantined,
    "Verify protection": Stage.protected,
    "Verify snapshots": lambda stage: set(stage.snapshots()) == set(stage.volumes),
    "Revoke credentials": Stage.cut_off,
    "Leave load balancers": Stage.out_of_load_balancers,
    "Tag instance": Stage.tagged,
    "Archive before-state": lambda stage: len(stage.filed_before_states()) == 1,
}
