"""Protect instance: neither a person nor a service shall terminate it during the investigation."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from lambdas.contain.instance_state import MEMBERSHIP, read_before_state
from lambdas.domain.containment.before_state import BeforeState
from lambdas.domain.containment.protection import STANDBY, protection_calls, protection_of
from lambdas.domain.errors import NotProtected
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, combined, phrase, verbatim
from lambdas.instance_clients import client_for, reader_of
from lambdas.step_result import step_error, step_result

# A retry would get the same answer, so the quarantine does not wait for one.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
_FINAL_ERRORS = {
    "AccessDenied",
    "IncorrectInstanceState",
    "InvalidInstanceID.NotFound",
    "InvalidParameterValue",
    "OperationNotPermitted",
    "UnauthorizedOperation",
    "UnsupportedOperation",
    "ValidationError",
}


def protect_instance(event: dict[str, Any]) -> dict[str, Any]:
    """Ask for all at once: no termination, a shutdown that only stops, volumes that stay, standby in its group.

    "Verify protection" reads back the result. Raises NotProtected where a retry may help, after every call was made.
    """
    instance = Instance.from_json(event["instance"])
    before = _before(event, instance)
    asked = protection_of(instance)
    jobs: list[Callable[[], Phrase | None]] = [
        partial(_modify, instance, parameters) for parameters in protection_calls(asked)
    ]
    jobs.append(partial(_leave_group, instance, before))
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        results = list(pool.map(_final, jobs))
    refused = [message for message, failed in results if failed]
    done = [message for message, failed in results if not failed]
    return step_result("failed" if refused else "done", asked.phrase, *done, *refused)


def _before(event: dict[str, Any], instance: Instance) -> BeforeState:
    saved = event["before_state"].get("before")
    return BeforeState.from_json(saved) if saved else read_before_state(instance)


def _final(job: Callable[[], Phrase | None]) -> tuple[Phrase | None, bool]:
    """The message of a job, and whether AWS refused it for good."""
    try:
        return job(), False
    except ClientError as error:
        if error.response["Error"]["Code"] in _FINAL_ERRORS:
            return phrase("protect:refused", why=verbatim(str(error))), True
        raise step_error(NotProtected, verbatim(str(error))) from error


def _modify(instance: Instance, parameters: dict[str, Any]) -> None:
    client_for(instance, "ec2").modify_instance_attribute(InstanceId=instance.instance_id, **parameters)


def _leave_group(instance: Instance, before: BeforeState) -> Phrase | None:
    """Put it into standby, else detach it: the group terminates an unhealthy instance, and isolation is unhealthy.

    A group at its minimum size starts another instance, so that its users are still served.
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnterStandby.html
    """
    reader = reader_of(instance)
    membership = reader.membership() if MEMBERSHIP in before.unread else before.auto_scaling
    if membership is None:
        return None
    autoscaling = client_for(instance, "autoscaling")
    parameters = {
        "InstanceIds": [instance.instance_id],
        "AutoScalingGroupName": membership.group,
        "ShouldDecrementDesiredCapacity": membership.can_shrink,
    }
    try:
        autoscaling.enter_standby(**parameters)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        now = reader.membership()  # an earlier try or a person may have moved it
        if now is None:
            return phrase("protect:out_of_group", group=membership.group)
        if now.lifecycle in STANDBY:
            return phrase("protect:in_standby", group=membership.group)
        autoscaling.detach_instances(**parameters)
        detached = phrase("protect:detached", group=membership.group, lifecycle=now.lifecycle)
        return detached if membership.can_shrink else combined(detached, phrase("protect:replaced"))
    standby = phrase("protect:standby", group=membership.group)
    return standby if membership.can_shrink else combined(standby, phrase("protect:replaced"))
