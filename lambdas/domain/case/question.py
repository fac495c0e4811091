"""A question to the admins whether to contain an instance: how long it waits, and what happens without an answer."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from lambdas.domain.case.case import Case, CaseState, InstanceStatus
from lambdas.domain.case.clock import MAX_WAIT
from lambdas.domain.settings.settings import UnansweredPolicy

# An admin has at least this long, however near the deadline is.
MIN_WAIT: Final = timedelta(minutes=10)


class TimeoutAction(StrEnum):
    """What happens when a question times out; the state machine matches these values."""

    END = "end"  # no decision is needed any more, or a newer question asks
    ESCALATE = "escalate"  # all admins are told
    CONTAIN = "contain"


def decision_deadline(deadline: datetime, now: datetime, decide_hours: float) -> datetime:
    """Until when a question asked `now` waits: `decide_hours` before AWS's deadline, within MIN_WAIT and MAX_WAIT."""
    return min(max(deadline - timedelta(hours=decide_hours), now + MIN_WAIT), now + MAX_WAIT)


def action_after_timeout(
    case: Case, instance_id: str, setting: UnansweredPolicy, *, proven: bool, protected: bool, newest: bool
) -> TimeoutAction:
    """What happens if nobody has decided about an instance in time.

    `protected`: the instance had the protect tag when it was found. `newest`: no later notice has asked about it again.
    Only a proven notice leads to containment without a decision.
    """
    waits = case.instances.get(instance_id) in {InstanceStatus.ASKED, InstanceStatus.UNDECIDED}
    if not newest or not waits or case.state is not CaseState.OPEN:
        return TimeoutAction.END
    return (
        TimeoutAction.CONTAIN
        if setting is UnansweredPolicy.CONTAIN and proven and not protected
        else TimeoutAction.ESCALATE
    )


def execution_name_for(instance_id: str, execution: str) -> str:
    """The name of the only execution that contains what an admin approved in `execution` (an ARN).

    A name has up to 80 characters, of which an instance id takes 19.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    return f"{instance_id}-{execution.rpartition(':')[2][:60]}"
