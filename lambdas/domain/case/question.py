"""A question to the admins, whether an instance is to be contained: how long it waits, and what follows where nobody
answers it.
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from lambdas.domain.case.case import Case, CaseState, InstanceStatus
from lambdas.domain.case.clock import MAX_WAIT
from lambdas.domain.settings.settings import UnansweredPolicy

# So long an admin has at least, however near the deadline is: a mail must be read.
MIN_WAIT: Final = timedelta(minutes=10)


class TimeoutAction(StrEnum):
    """What follows when a question has waited for its time; the state machine chooses by these words."""

    END = "end"  # the instance needs no decision any more, or another question asks for it
    ESCALATE = "escalate"  # all admins are told
    CONTAIN = "contain"


def decision_deadline(deadline: datetime, now: datetime, decide_hours: float) -> datetime:
    """How long a question that is asked `now` waits, given AWS's deadline: some hours less than that.

    Not longer than Step Functions keeps an execution.
    """
    return min(max(deadline - timedelta(hours=decide_hours), now + MIN_WAIT), now + MAX_WAIT)


def action_after_timeout(
    case: Case, instance_id: str, setting: UnansweredPolicy, *, proven: bool, protected: bool, newest: bool
) -> TimeoutAction:
    """What follows where nobody has decided about an instance in time.

    `proven` is the notice to be from AWS, `protected` the instance by its tag when it was found; `newest` says that no
    later notice has asked about it again. Only AWS's own word lets silence contain anything.
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
    """The name of the one execution by which what an admin approved is contained: of the act, by its execution's ARN.

    A name has 80 characters at the most, the id of an instance 19 of them.
    https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html
    """
    return f"{instance_id}-{execution.rpartition(':')[2][:60]}"
