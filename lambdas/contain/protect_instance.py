"""Protect instance: nothing and nobody shall take it away while it is looked at."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any

from botocore.exceptions import ClientError

from lambdas.aws import client
from lambdas.contain.instance_state import PLACE, place_of, standing_before
from lambdas.domain.containment.before_state import Before
from lambdas.domain.containment.protection import STANDBY, calls, protection_of
from lambdas.domain.errors import NotProtected
from lambdas.domain.instance.instance import Instance
from lambdas.domain.phrase import Said, quoted, said, several
from lambdas.step_result import ended, refusal

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
    jobs: list[Callable[[], Said | None]] = [partial(_modify, instance, parameters) for parameters in calls(asked)]
    jobs.append(partial(_leave_group, instance, before))
    with ThreadPoolExecutor(max_workers=len(jobs)) as pool:
        for service in ("ec2", "autoscaling"):  # boto3 makes clients safely in one thread only
            client(service, instance.region, instance.account_id)
        tried = list(pool.map(_final, jobs))
    refused = [one for one, failed in tried if failed]
    done = [one for one, failed in tried if not failed]
    return ended("failed" if refused else "done", asked.said, *done, *refused)


def _before(event: dict[str, Any], instance: Instance) -> Before:
    written = event["written"].get("before")
    return Before.from_json(written) if written else standing_before(instance)


def _final(job: Callable[[], Said | None]) -> tuple[Said | None, bool]:
    """What is said of what was asked for, or of a refusal that is final."""
    try:
        return job(), False
    except ClientError as error:
        if error.response["Error"]["Code"] in _FINAL:
            return said("protect:refused", why=quoted(str(error))), True
        raise refusal(NotProtected, quoted(str(error))) from error


def _modify(instance: Instance, parameters: dict[str, Any]) -> None:
    client("ec2", instance.region, instance.account_id).modify_instance_attribute(
        InstanceId=instance.instance_id, **parameters
    )


def _leave_group(instance: Instance, before: Before) -> Said | None:
    """Into standby, else out of the group: what it finds unhealthy it terminates, and isolation is unhealthy.

    Its place is the one before; where that could not be read, it is looked for now.

    Where the group is at its smallest it starts another instance: whoever uses it keeps being served.
    https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_EnterStandby.html
    """
    place = place_of(instance) if PLACE in before.unread else before.auto_scaling
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
        now = place_of(instance)  # an earlier try, or a person, may have done it
        if now is None:
            return said("protect:out_of_group", group=place.group)
        if now.lifecycle in STANDBY:
            return said("protect:in_standby", group=place.group)
        scaling.detach_instances(**whom)
        detached = said("protect:detached", group=place.group, lifecycle=now.lifecycle)
        return detached if place.has_room else several(detached, said("protect:replaced"))
    standby = said("protect:standby", group=place.group)
    return standby if place.has_room else several(standby, said("protect:replaced"))
