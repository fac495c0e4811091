"""Protect instance: nothing and nobody shall take it away while it is looked at."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.contain.instance_state import MEMBERSHIP, read_before_state, read_membership
from lambdas.domain.containment.before_state import BeforeState
from lambdas.domain.containment.protection import STANDBY, protection_calls, protection_of
from lambdas.domain.errors import NotProtected
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Phrase, combined, phrase, verbatim
from lambdas.step_result import step_error, step_result

# Asked again, AWS says the same: the quarantine does not wait for that.
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html
_FINAL = {
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
    """Ask for all at once: no termination, a shutdown that stops, volumes that stay, standby in its group.

    "Verify protection" reads back what came of it. Raises NotProtected, after all was asked for, where asking again
    may help.
    """
    instance = Instance.from_json(event["instance"])
    before = _before(event, instance)
    asked = protection_of(instance)
    jobs: list[Callable[[], Phrase | None]] = [
        partial(_modify, instance, parameters) for parameters in protection_calls(asked)
    ]
    jobs.append(partial(_leave_group, instance, before))
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        for service in ("ec2", "autoscaling"):  # boto3 makes clients safely in one thread only
            client(service, instance.region, instance.account_id)
        tried = list(pool.map(_final, jobs))
    refused = [one for one, failed in tried if failed]
    done = [one for one, failed in tried if not failed]
    return step_result("failed" if refused else "done", asked.phrase, *done, *refused)


def _before(event: dict[str, Any], instance: Instance) -> BeforeState:
    written = event["before_state"].get("before")
    return BeforeState.from_json(written) if written else read_before_state(instance)


def _final(job: Callable[[], Phrase | None]) -> tuple[Phrase | None, bool]:
    """What is said of what was asked for, or of a refusal that is final."""
    try:
        return job(), False
    except ClientError as error:
        if error.response["Error"]["Code"] in _FINAL:
            return phrase("protect:refused", why=verbatim(str(error))), True
        raise step_error(NotProtected, verbatim(str(error))) from error


def _modify(instance: Instance, parameters: dict[str, Any]) -> None:
    client("ec2", instance.region, instance.account_id).modify_instance_attribute(
        InstanceId=instance.instance_id, **parameters
    )


def _leave_group(instance: Instance, before: BeforeState) -> Phrase | None:
    """Into standby, else out of the group: what it finds unhealthy it terminates, and isolation is unhealthy.

    Its place is the one before; where that could not be read, it is looked for now.

    Where the group is at its smallest it starts another instance: whoever uses it keeps being served.
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnterStandby.html
    """
    place = read_membership(instance) if MEMBERSHIP in before.unread else before.auto_scaling
    if place is None:
        return None
    scaling = client("autoscaling", instance.region, instance.account_id)
    whom = {
        "InstanceIds": [instance.instance_id],
        "AutoScalingGroupName": place.group,
        "ShouldDecrementDesiredCapacity": place.has_room,
    }
    try:
        scaling.enter_standby(**whom)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        now = read_membership(instance)  # an earlier try, or a person, may have done it
        if now is None:
            return phrase("protect:out_of_group", group=place.group)
        if now.lifecycle in STANDBY:
            return phrase("protect:in_standby", group=place.group)
        scaling.detach_instances(**whom)
        detached = phrase("protect:detached", group=place.group, lifecycle=now.lifecycle)
        return detached if place.has_room else combined(detached, phrase("protect:replaced"))
    standby = phrase("protect:standby", group=place.group)
    return standby if place.has_room else combined(standby, phrase("protect:replaced"))
